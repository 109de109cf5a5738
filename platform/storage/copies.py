"""Local copies of what lies in S3, for whoever needs a file: training, prediction, unpacking.

They live in CACHE_ROOT and together take at most CACHE_BYTES; those not used for longest go first. What a running job
uses is leased to it and stays: its names stand in a file that the job's process holds a lock on, so that a killed
process gives its lease up.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TextIO
from uuid import uuid4

from django.conf import settings

from storage.s3 import Bucket, StorageUnavailable

TOUCH_AFTER = 3600  # seconds; a copy's time of use is not written more often
JUST_USED = 60  # seconds for which a copy stays without a lease
SLACK = 1 << 28  # bytes that may come in between two sweeps, if that is less than a twentieth of the limit
KEPT_FREE = 0.9  # a sweep leaves this share of the limit

_lock = Lock()
_lease: TextIO | None = None
_came_in = 0


def copy_of(bucket: Bucket, key: str) -> Path:
    """A file with the object's bytes. Raises FileNotFoundError where the object is gone."""
    path = path_of(bucket, key)
    note(path)
    try:
        if time.time() - path.stat().st_mtime > TOUCH_AFTER:
            os.utime(path)
    except FileNotFoundError:
        bring(bucket, key, path)
    return path


def present_copy(bucket: Bucket, key: str) -> Path | None:
    """The copy, if there is one."""
    path = path_of(bucket, key)
    return path if path.is_file() else None


def path_of(bucket: Bucket, key: str) -> Path:
    name = hashlib.sha256(f"{bucket.endpoint}\n{bucket.name}\n{bucket.full(key)}".encode()).hexdigest()
    path: Path = settings.CACHE_ROOT / name[:2] / f"{name}{PurePosixPath(key).suffix}"
    return path


def bring(bucket: Bucket, key: str, path: Path) -> None:
    """Fetch the object; whoever finds the file finds all of it."""
    global _came_in
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    os.close(descriptor)
    try:
        bucket.fetch(key, Path(draft))
        size = Path(draft).stat().st_size
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    with _lock:
        _came_in += size
        due = _came_in > min(SLACK, settings.CACHE_BYTES / 20)
        if due:
            _came_in = 0
    if due:
        sweep()


def sweep() -> None:
    """Remove the copies that were not used for longest, until there is room again."""
    used = leased()
    files = [(stat, Path(entry.path)) for entry in entries() if (stat := stat_of(entry))]
    total, limit = sum(stat.st_size for stat, _ in files), settings.CACHE_BYTES
    if total <= limit:
        return
    recent = time.time() - JUST_USED
    for stat, path in sorted(files, key=lambda one: one[0].st_mtime):
        if total <= KEPT_FREE * limit:
            return
        if path.name not in used and stat.st_mtime < recent:
            path.unlink(missing_ok=True)
            total -= stat.st_size
    if sum(stat.st_size for stat, path in files if path.name in used) > limit:
        raise StorageUnavailable(
            f"The running jobs need more local copies of images than the {limit} bytes of HALFDAY_CACHE_BYTES."
        )


def stat_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    """None where it has gone since it was listed: another thread's draft, which has become a copy meanwhile."""
    try:
        return entry.stat()
    except FileNotFoundError:
        return None


def entries() -> Iterator[os.DirEntry[str]]:
    """Every copy, and drafts that a killed process left behind."""
    with suppress(FileNotFoundError), os.scandir(settings.CACHE_ROOT) as folders:
        for folder in folders:
            if folder.is_dir() and folder.name != "leases":
                with os.scandir(folder.path) as files:
                    yield from files


@contextmanager
def leasing() -> Iterator[None]:
    """Keep every copy that this process asks for inside the block, until its end."""
    global _lease
    folder: Path = settings.CACHE_ROOT / "leases"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix="new-", delete=False) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        path = Path(file.name).rename(folder / f"held-{uuid4().hex}")  # seen by others only now that it is held
        _lease = file  # type: ignore[assignment]
        try:
            yield
        finally:
            _lease = None
            path.unlink(missing_ok=True)


def note(path: Path) -> None:
    """Write the copy's name into this process's lease, before it is looked for."""
    with _lock:
        if _lease is not None:
            _lease.write(f"{path.name}\n")
            _lease.flush()


def leased() -> set[str]:
    """The names that running jobs use. Leases of processes that are gone are removed."""
    names: set[str] = set()
    for path in (settings.CACHE_ROOT / "leases").glob("held-*"):
        with suppress(FileNotFoundError), path.open() as file:
            names.update(file.read().splitlines())
            if not is_held(file):
                path.unlink(missing_ok=True)
    return names


def is_held(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
