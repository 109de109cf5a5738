"""A backup: one tar of the database and the storage, as they stood at one moment while the platform ran.

    backup.json     version of this form, when, rows by table
    database.dump   pg_dump's custom form
    secret-key      signs sessions
    storage/…       images, arrays, checkpoints, uploads under way; not thumbnails, which are made again
    files.txt       SHA-256, size and name of each of the above

A file that is removed while the copy is made must not be missing in it, so the storage is linked (not copied) into a
folder of its own before and right after the database's moment; whatever that moment names is among the two.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from embedded.databases import Counts, counts, dump, load, moment
from embedded.failures import Failure
from embedded.home import Home

FORM = 1
LEFT_OUT = {"thumbnails", "crops"}  # made again when they are asked for
UPLOADS = Path("work/uploads")  # of unfinished work only what people sent
CHUNK = 1 << 20
Say = Callable[[str], None]


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    files: int
    bytes: int
    rows: int


def storage_of(home: Home) -> Path:
    """Where the bytes are."""
    return Path(os.environ.get("HALFDAY_STORAGE") or home.folder / "storage")


def back_up(home: Home, url: str, target: Path, say: Say) -> Backup:
    """Write the backup; a file of that name is replaced when the new one is whole."""
    storage = storage_of(home)
    storage.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    with tempfile.TemporaryDirectory(dir=storage, prefix=".backup-") as folder:
        links, database = Path(folder) / "storage", Path(folder) / "database.dump"
        say("linking files")
        link(storage, links)
        with moment(url) as when:
            link(storage, links)
            say("dumping the database")
            dump(when, database)
        head = {"form": FORM, "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "counts": when.counts}
        try:
            with tarfile.open(new, "w") as archive:
                made = _fill(archive, head, database, home.folder / "secret-key", links, say)
            with new.open("rb") as file:
                os.fsync(file.fileno())
            new.replace(target)
        finally:
            new.unlink(missing_ok=True)
    return made


def link(storage: Path, links: Path) -> None:
    """A second name for each file that belongs into a backup; those that have one are passed by."""
    for path in kept_files(storage):
        other = links / path.relative_to(storage)
        if not other.exists():
            other.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):  # removed just now, after nothing named it
                os.link(path, other)


def kept_files(storage: Path) -> Iterator[Path]:
    """The files of the storage that cannot be made again."""
    for folder, folders, files in os.walk(storage):
        here = Path(folder)
        inside = here.relative_to(storage)
        if here == storage:
            folders[:] = sorted(name for name in folders if name not in LEFT_OUT and not name.startswith(".backup-"))
        elif inside == UPLOADS.parent:
            folders[:] = [name for name in folders if name == UPLOADS.name]
            continue
        yield from (here / name for name in sorted(files) if not name.startswith(".draft-"))


def _fill(archive: tarfile.TarFile, head: dict[str, Any], database: Path, key: Path, links: Path, say: Say) -> Backup:
    """Write everything, the list of it last."""
    lines: list[str] = []
    total = 0
    _add_bytes(archive, "backup.json", json.dumps(head, indent=1).encode(), lines)
    named = [("database.dump", database), *([("secret-key", key)] if key.exists() else [])]
    stored = sorted(path for path in links.rglob("*") if path.is_file()) if links.exists() else []
    named += [(f"storage/{path.relative_to(links).as_posix()}", path) for path in stored]
    for number, (name, path) in enumerate(named, 1):
        total += _add_file(archive, name, path, lines)
        if number % 100 == 0 or number == len(named):
            say(f"{number} of {len(named)} files, {total / 1e9:.2f} GB")
    archive.addfile(_entry("files.txt", len(text := "".join(lines).encode())), io.BytesIO(text))
    return Backup(head["made_at"], len(stored), total, sum(head["counts"].values()))


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes, lines: list[str]) -> None:
    archive.addfile(_entry(name, len(data)), io.BytesIO(data))
    lines.append(f"{hashlib.sha256(data).hexdigest()} {len(data)} {name}\n")


def _add_file(archive: tarfile.TarFile, name: str, path: Path, lines: list[str]) -> int:
    """The hash is of what went into the archive, read once."""
    size = path.stat().st_size
    with path.open("rb") as file:
        read = _Hashed(file)
        archive.addfile(_entry(name, size), read)
    lines.append(f"{read.digest.hexdigest()} {size} {name}\n")
    return size


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def restore(home: Home, url: str, source: Path, say: Say) -> Backup:
    """Fill an empty home from a backup; raises Failure where a hash or a count is another than was written down."""
    check_empty(home, url)
    storage = storage_of(home)
    storage.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=storage, prefix=".restore-") as name:
        folder = Path(name)
        total = unpack(source, folder, say)
        head = json.loads((folder / "backup.json").read_text())
        say("restoring the database")
        load(url, folder / "database.dump")
        _compare(head["counts"], counts(url))
        moved = _move_in(folder / "storage", storage)
        if (folder / "secret-key").exists():
            shutil.copyfile(folder / "secret-key", home.folder / "secret-key")
            (home.folder / "secret-key").chmod(0o600)
    return Backup(head["made_at"], moved, total, sum(head["counts"].values()))


def check_empty(home: Home, url: str) -> None:
    """Raise Failure where there is anything that a restore would mix with or write over."""
    advice = "Restore into a fresh folder: HALFDAY_HOME=/another/folder ./halfday restore FILE"
    if any(rows for table, rows in counts(url).items() if table != "django_migrations"):
        raise Failure("The database of this HALFDAY_HOME is not empty.", advice=advice)
    if next(kept_files(storage_of(home)), None) is not None:
        raise Failure("The storage of this HALFDAY_HOME is not empty.", advice=advice)


def unpack(source: Path, folder: Path, say: Say) -> int:
    """Unpack into the folder and compare each file with the list; returns how many bytes."""
    found: dict[str, tuple[str, int]] = {}
    try:
        with tarfile.open(source) as archive:
            for number, entry in enumerate(archive, 1):
                found[entry.name] = _unpack_one(archive, entry, folder)
                if number % 100 == 0:
                    say(f"{number} files")
    except (tarfile.TarError, EOFError) as error:
        raise Failure(f"{source} is no backup, or a torn one: {error}.") from error
    if "files.txt" not in found or "backup.json" not in found:
        raise Failure(f"{source} is no backup, or a torn one: its list of files is missing.")
    _check(folder, found)
    form = json.loads((folder / "backup.json").read_text()).get("form")
    if form != FORM:
        raise Failure(f"{source} is of form {form}; this release reads form {FORM}. Restore with the release it is of.")
    return sum(size for _, size in found.values())


def _unpack_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> tuple[str, int]:
    """Write one file below the folder; gives its SHA-256 and size."""
    target = (folder / entry.name).resolve()
    source = archive.extractfile(entry) if entry.isfile() else None
    if source is None or not target.is_relative_to(folder.resolve()):
        raise Failure(f"The backup holds {entry.name}, which is no plain file below it. Nothing was restored.")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += out.write(chunk)
    return digest.hexdigest(), size


def _check(folder: Path, found: dict[str, tuple[str, int]]) -> None:
    wanted = {}
    for line in (folder / "files.txt").read_text().splitlines():
        digest, size, name = line.split(" ", 2)
        wanted[name] = (digest, int(size))
    bad = [name for name, fact in wanted.items() if found.get(name) != fact]
    if bad:
        raise Failure(
            f"{len(bad)} files of the backup are damaged or missing, the first: {bad[0]}. Nothing was restored."
        )


def _compare(wanted: Counts, found: Counts) -> None:
    other = [table for table in wanted if wanted[table] != found.get(table)]
    if other:
        table = other[0]
        raise Failure(f"The table {table} has {found.get(table)} rows after the restore; there were {wanted[table]}.")


def _move_in(folder: Path, storage: Path) -> int:
    """Put the files where they belong; returns how many."""
    moved = 0
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        if path.is_file():
            target = storage / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.chmod(0o600)
            path.replace(target)
            moved += 1
    return moved
