"""A real disk that gets full under a running platform, where a small one may be mounted."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.room import FLOOR, RESERVE
from tests.faults.stage import PROGRAMS, Platform, Refused
from tests.processes import until

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
SIZE = "700m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("A file system may not be mounted here.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, name: str) -> Path:
    """Leave no byte."""
    with (disk / name).open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            return disk / name


def status_of(platform: Platform, method: str, path: str, body: object = None) -> int:
    """200 for any answer but a refusal; 0 for none."""
    try:
        platform.ask(method, path, body)
    except Refused as refusal:
        return refusal.status
    except OSError:
        return 0
    return 200


def test_a_full_disk_refuses_writes_and_passes(disk: Path) -> None:
    platform = Platform(disk / "home")
    try:
        platform.wait_until_up()
        kept = platform.ask("POST", "projects", {"name": "before"})["id"]
        filler = fill(disk, "filler")
        assert status_of(platform, "POST", "projects", {"name": "full"}) == 507
        until(lambda: (platform.home.folder / "reserve").stat().st_size == 0)
        assert platform.ask("GET", f"projects/{kept}")["name"] == "before"
        assert platform.ask("GET", "health")["disk"]["state"] == "full"

        second = fill(disk, "what the reserve gave up")  # now the database cannot even start
        platform.kill(platform.pids()["postgres"])
        until(lambda: status_of(platform, "GET", "projects") == 503)
        assert platform.launcher.poll() is None
        second.unlink()
        until(lambda: status_of(platform, "GET", "projects") == 200)
        assert status_of(platform, "POST", "projects", {"name": "still full"}) == 507

        filler.unlink()
        until(lambda: status_of(platform, "POST", "projects", {"name": "after"}) == 200)
        until(lambda: (platform.home.folder / "reserve").stat().st_size == RESERVE)
        until(lambda: set(platform.pids()) >= PROGRAMS)
        assert shutil.disk_usage(disk).free > FLOOR
    finally:
        platform.stop()
