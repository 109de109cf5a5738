"""Bytes by content: images, arrays, checkpoints. A blob is written once and never changed.

A location is the key of a blob ("blobs/ab/abcdef….jpg"), which lies below STORAGE_ROOT or in the bucket of S3_BUCKET;
or the `file:` or `s3:` address of a file that an import left in place.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.cache import cache

from storage import copies, folders, s3
from storage.room import FLOOR, check_room

CHUNK = 1 << 20
UPLOADS = "work/uploads"  # keys of what was uploaded and is not taken in yet
UPLOADS_KEPT = 7 * 24 * 3600  # seconds
FETCHED_AT_ONCE = 16
SPARED = FLOOR // 2  # bytes of a full disk's last ones that thumbnails may take, so that reading goes on
DRAFTS = count()  # with the process's number a name of its own for each; several machines write to a bucket


@dataclass(frozen=True)
class Blob:
    """Where bytes were put, and what they are."""

    key: str
    sha256: str
    size: int


def put_bytes(data: bytes, *, suffix: str = "") -> Blob:
    """Store the bytes; they are on disk when this returns. Storing them again changes nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    return Blob(put_known(data, sha256, suffix=suffix), sha256, len(data))


def put_known(data: bytes, sha256: str, *, suffix: str = "") -> str:
    """Store bytes whose SHA-256 is known; returns their key."""
    key = key_of(sha256, suffix)
    put_at(key, data)
    return key


def put_at(key: str, data: bytes, *, durable: bool = True) -> None:
    """Store the bytes under a key that means them and nothing else. `durable`: see write_once."""
    if bucket := s3.store():
        if not exists(key):
            bucket.put(key, data, type_of(key))
    elif not made_young(path := settings.STORAGE_ROOT / key):
        check_room(len(data) if durable else -SPARED)
        write_once(path, data, durable=durable)


def put_file(path: Path, *, suffix: str = "") -> Blob:
    """Store a copy of the file, however large."""
    check_room(path.stat().st_size)
    descriptor, name = tempfile.mkstemp(dir=work_folder())
    draft, digest, size = Path(name), hashlib.sha256(), 0
    try:
        with path.open("rb") as source, os.fdopen(descriptor, "wb") as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += out.write(chunk)
            settle(out)
        key = key_of(digest.hexdigest(), suffix)
        move_in(draft, key)
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
    draft = f"{path.parent}/.draft-{os.getpid()}-{next(DRAFTS)}"
    try:
        write_draft(draft, path.parent, data, durable=durable)
        os.replace(draft, path)  # noqa: PTH105 hundreds a second: a path object takes as long as the call
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def write_draft(draft: str, folder: Path, data: bytes, *, durable: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        descriptor = os.open(draft, flags, 0o600)
    except FileNotFoundError:  # the first of its folder
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, flags, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        os.fchmod(descriptor, 0o600)
        if durable:
            os.fsync(descriptor)


def made_young(path: Path) -> bool:
    """Whether it is there, and from now on for another few days, though nothing names it yet; see `collecting`."""
    try:
        os.utime(path)
    except OSError:
        return False
    return is_there(path)


def is_there(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def settle(file: BinaryIO) -> None:
    """Have the bytes on disk, and readable to the processes of this installation alone."""
    file.flush()
    os.fchmod(file.fileno(), 0o600)
    os.fsync(file.fileno())


def move_in(draft: Path, key: str) -> None:
    """Store a settled file of the work folder under the key; the file is gone afterwards."""
    if bucket := s3.store():
        bucket.put_file(key, draft, type_of(key))
        draft.unlink()
        return
    path: Path = settings.STORAGE_ROOT / key
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(path)


def type_of(key: str) -> str:
    return guess_type(key)[0] or "application/octet-stream"


def in_place(path: Path) -> str:
    """The location of a file that stays where it is."""
    return "file:" + quote(str(path))


def remote(location: str) -> tuple[s3.Bucket, str] | None:
    """The bucket and the key in it, where the location is in S3. Raises FileNotFoundError where it may not be read."""
    if location.startswith("s3:"):
        try:
            place = folders.allowed_object(location, folders.any_root)
        except folders.FolderRefused as error:
            raise FileNotFoundError(str(error)) from error
        return s3.source(place.bucket), place.key
    bucket = None if location.startswith("file:") else s3.store()
    return (bucket, checked(location)) if bucket else None


def checked(key: str) -> str:
    path = PurePosixPath(key)
    if path.is_absolute() or ".." in path.parts:
        raise FileNotFoundError(f"{key} is not in the storage.")
    return key


def local_path(location: str) -> Path:
    """A file with the bytes at a location; a local copy of what lies in S3.

    Raises FileNotFoundError where it is gone, or may not be read (any more).
    """
    if location.startswith("file:"):
        try:
            return folders.allowed_path(unquote(location.removeprefix("file:")), folders.any_root)
        except folders.FolderRefused as error:
            raise FileNotFoundError(str(error)) from error
    if place := remote(location):
        return copies.copy_of(*place)
    path: Path = settings.STORAGE_ROOT / checked(location)
    if not path.is_file():
        raise FileNotFoundError(f"{location} is not in the storage.")
    return path


def local_paths(locations: Sequence[str]) -> list[Path | None]:
    """The files at many locations, fetched side by side; None where one is gone."""
    with ThreadPoolExecutor(FETCHED_AT_ONCE, thread_name_prefix="fetch") as pool:
        return list(pool.map(path_if_there, locations))


def path_if_there(location: str) -> Path | None:
    try:
        return local_path(location)
    except FileNotFoundError:
        return None


def open_blob(location: str) -> BinaryIO:
    return local_path(location).open("rb")


def read(location: str) -> bytes:
    """The bytes; from S3 without keeping a copy."""
    place = remote(location)
    if place is None:
        return local_path(location).read_bytes()
    copy = copies.present_copy(*place)
    return copy.read_bytes() if copy else place[0].get(place[1])


def exists(location: str) -> bool:
    try:
        if place := remote(location):
            place[0].size(place[1])
        else:
            local_path(location)
    except FileNotFoundError:
        return False
    return True


def delete(location: str) -> None:
    """Remove a blob that nothing refers to any more. A file left in place is never touched."""
    if location.startswith(("file:", "s3:")):
        return
    if bucket := s3.store():
        bucket.delete(checked(location))
        copies.path_of(bucket, location).unlink(missing_ok=True)
    else:
        with suppress(FileNotFoundError):
            local_path(location).unlink()


def address(location: str, content_type: str, *, attachment: str = "") -> str | None:
    """Where a browser can fetch the bytes from S3 by itself; None where they come through the platform.

    It is the same address for half the time that it is valid, so that browsers find the bytes in their cache.
    """
    place = remote(location) if settings.S3_REDIRECT else None
    if place is None:
        return None
    bucket, key = place
    known = hashlib.sha256(f"{bucket.name}\n{bucket.full(key)}\n{content_type}\n{attachment}".encode()).hexdigest()
    found: str | None = cache.get(f"address:{known}")
    if found is None:
        bucket.size(key)  # a sentence from here rather than XML from there
        seconds = settings.S3_URL_SECONDS
        shown = s3.seen_by_browsers(bucket)
        found = shown.url(key, content_type=content_type, seconds=seconds, attachment=attachment)
        cache.set(f"address:{known}", found, seconds // 2)
    return found


def work_folder(name: str = "") -> Path:
    """A folder for unfinished work on the storage's own file system, so that moving out of it is atomic."""
    folder: Path = settings.STORAGE_ROOT / "work" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear_work(name: str) -> None:
    """Remove a work folder and what is in it."""
    if name:
        shutil.rmtree(settings.STORAGE_ROOT / "work" / name, ignore_errors=True)


def keep_upload(draft: Path, name: str) -> str:
    """Put a settled file of the work folder where any worker finds it; returns its location."""
    location = f"{UPLOADS}/{name}"
    move_in(draft, location)
    return location


def forget_uploads(name: str) -> None:
    """Remove an upload, or all parts of one."""
    if bucket := s3.store():
        for entry in list(bucket.listed(f"{UPLOADS}/{name}")):
            delete(entry.key)
        return
    path: Path = settings.STORAGE_ROOT / UPLOADS / name
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def forget_old_uploads() -> None:
    """Remove uploads whose job never came to an end; the clock calls this."""
    oldest = time.time() - UPLOADS_KEPT
    if bucket := s3.store():
        for entry in list(bucket.listed(f"{UPLOADS}/")):
            if entry.changed_at.timestamp() < oldest:
                delete(entry.key)
    for path in sorted(work_folder("uploads").rglob("*"), reverse=True):  # parts before their folders
        if path.stat().st_mtime < oldest:
            remove(path)


def remove(path: Path) -> None:
    """Remove a file or an empty folder."""
    with suppress(OSError):
        path.rmdir() if path.is_dir() else path.unlink()
