"""Bytes by content: images, arrays, checkpoints. A blob is written once and never changed.

A location is either the key of a blob ("blobs/ab/abcdef….jpg", relative to STORAGE_ROOT) or a `file:` address of a file
that an import left in place.
"""

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote, unquote

from django.conf import settings

from storage import folders

CHUNK = 1 << 20
UPLOADS_KEPT = 7 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Blob:
    """Where bytes were put, and what they are."""

    key: str
    sha256: str
    size: int


def put_bytes(data: bytes, *, suffix: str = "") -> Blob:
    """Store the bytes; they are on disk when this returns. Storing them again changes nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    key = key_of(sha256, suffix)
    write_once(settings.STORAGE_ROOT / key, data)
    return Blob(key, sha256, len(data))


def put_file(path: Path, *, suffix: str = "") -> Blob:
    """Store a copy of the file, however large."""
    descriptor, name = tempfile.mkstemp(dir=work_folder())
    draft, digest, size = Path(name), hashlib.sha256(), 0
    try:
        with path.open("rb") as source, os.fdopen(descriptor, "wb") as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += out.write(chunk)
            settle(out)
        key = key_of(digest.hexdigest(), suffix)
        move_in(draft, settings.STORAGE_ROOT / key)
    finally:
        draft.unlink(missing_ok=True)
    return Blob(key, digest.hexdigest(), size)


def key_of(sha256: str, suffix: str = "") -> str:
    return f"blobs/{sha256[:2]}/{sha256}{suffix}"


def write_once(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put the file there as a whole or not at all; whoever finds it finds all of it.

    Not `durable`, what can be made again: after a power failure it may be there and empty, which is_there() sees.
    """
    if is_there(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o644)
            if durable:
                settle(file)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def is_there(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def settle(file: BinaryIO) -> None:
    """Have the bytes on disk, and readable to the other processes of this installation."""
    file.flush()
    os.fchmod(file.fileno(), 0o644)
    os.fsync(file.fileno())


def move_in(draft: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(path)


def in_place(path: Path) -> str:
    """The location of a file that stays where it is."""
    return "file:" + quote(str(path))


def local_path(location: str) -> Path:
    """The file at a location. Raises FileNotFoundError where it is gone, or may not be read (any more)."""
    if location.startswith("file:"):
        try:
            return folders.allowed(unquote(location.removeprefix("file:")))
        except folders.FolderRefused as error:
            raise FileNotFoundError(str(error)) from error
    key = PurePosixPath(location)
    path: Path = settings.STORAGE_ROOT / key
    if key.is_absolute() or ".." in key.parts or not path.is_file():
        raise FileNotFoundError(f"{location} is not in the storage.")
    return path


def open_blob(location: str) -> BinaryIO:
    return local_path(location).open("rb")


def read(location: str) -> bytes:
    return local_path(location).read_bytes()


def exists(location: str) -> bool:
    try:
        local_path(location)
    except FileNotFoundError:
        return False
    return True


def delete(location: str) -> None:
    """Remove a blob that nothing refers to any more. A file left in place is never touched."""
    if not location.startswith("file:"):
        with suppress(FileNotFoundError):
            local_path(location).unlink()


def work_folder(name: str = "") -> Path:
    """A folder for unfinished work on the storage's own file system, so that moving out of it is atomic."""
    folder: Path = settings.STORAGE_ROOT / "work" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear_work(name: str) -> None:
    """Remove a work folder and what is in it."""
    if name:
        shutil.rmtree(settings.STORAGE_ROOT / "work" / name, ignore_errors=True)


def forget_old_uploads() -> None:
    """Remove uploads whose job never came to an end; the clock calls this."""
    oldest = time.time() - UPLOADS_KEPT
    for path in work_folder("uploads").iterdir():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
