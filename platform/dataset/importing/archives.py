"""Unpacking an uploaded zip so that it can neither escape its folder nor explode."""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from dataset.importing.files import is_wanted, tell_of_unread
from dataset.importing.types import ImportProblem, Problems
from jobs.errors import JobFailed

MOST_FILES = 2_000_000
MOST_RATIO = 1000  # of sizes unpacked and packed, of a file larger than the next line says
RATIO_MATTERS_FROM = 50_000_000  # bytes
CHUNK = 1 << 20


def unpack(archive: Path | BinaryIO, folder: Path, problems: Problems, report: Callable[[float, str], None]) -> None:
    """Unpack images and label files into the folder; what is refused is reported, anything else ignored.

    Raises JobFailed where the archive as a whole cannot be used.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not is_hidden(entry)]
            wanted = [entry for entry in entries if is_wanted(base_of(entry))]
            for entry in entries:
                if not is_wanted(base_of(entry)):
                    tell_of_unread(entry.filename, problems)
            check_size(wanted, folder)
            budget = Budget(settings.MAX_UPLOAD_BYTES)
            for place, entry in enumerate(wanted):
                if place % 200 == 0:
                    report(0.1 * place / len(wanted), f"Unpacking {place} of {len(wanted)} files")
                unpack_one(opened, entry, folder, problems, budget)
    except zipfile.BadZipFile as error:
        raise JobFailed(f"The upload is not a zip archive that can be read: {error}.") from error


def base_of(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").rsplit("/", 1)[-1]


def is_hidden(entry: zipfile.ZipInfo) -> bool:
    """What a Mac puts beside each file, and other files that begin with a dot."""
    parts = entry.filename.replace("\\", "/").split("/")
    return any(part.startswith("__MACOSX") for part in parts[:-1]) or parts[-1].startswith("._")


def check_size(entries: list[zipfile.ZipInfo], folder: Path) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES:
        raise JobFailed(f"The archive holds {len(entries)} files; the limit is {MOST_FILES}.")
    if total > settings.MAX_UPLOAD_BYTES:
        raise JobFailed(f"The archive unpacks to {total} bytes; the limit is {settings.MAX_UPLOAD_BYTES}.")
    if total > shutil.disk_usage(folder).free:
        raise JobFailed(f"The archive unpacks to {total} bytes, and the server's disk has less room than that.")


class Budget:
    """How many bytes may still be unpacked; an archive may lie about its sizes."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise JobFailed("The archive unpacks to more bytes than it says, and more than the limit.")


def unpack_one(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, problems: Problems, budget: Budget
) -> None:
    """Write one file, or report why not."""
    if reason := refusal(entry):
        problems.add(ImportProblem(entry.filename, reason, kind="archive"))
        return
    target = folder.joinpath(*PurePosixPath(entry.filename.replace("\\", "/")).parts)
    if target.exists():
        problems.add(
            ImportProblem(entry.filename, "the archive holds this name twice; the first was kept", kind="archive")
        )
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(entry) as source, target.open("xb") as out:
            while chunk := source.read(CHUNK):
                budget.spend(len(chunk))
                out.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        target.unlink(missing_ok=True)
        problems.add(ImportProblem(entry.filename, f"it cannot be unpacked: {error}", kind="archive"))


def refusal(entry: zipfile.ZipInfo) -> str:
    """Why an entry may not be written, or nothing."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in entry.filename:
        return "its path leads out of the archive's folder"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        return "it unpacks to a thousand times its size"
    return ""
