"""Unpacking an uploaded zip so that it can neither escape its folder nor explode."""

import errno
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings

from dataset.importing.files import is_wanted
from dataset.importing.left_out import tell_of_left_out
from dataset.importing.types import ImportProblem, Problems
from dataset.importing.zip_directory import ToleratedZip
from jobs.errors import JobFailed
from jobs.sentences import Sentence

MOST_FILES = 2_000_000
MOST_RATIO = 1000  # of sizes unpacked and packed, of a file larger than the next line says
RATIO_MATTERS_FROM = 50_000_000  # bytes
CHUNK = 1 << 20
SAME_NAME = "the archive holds a file and a folder of this name; the first was kept"


def unpack(
    archive: Path | BinaryIO, folder: Path, problems: Problems, report: Callable[[float, Sentence], None]
) -> None:
    """Unpack images and label files into the folder. Each entry is alone in failing; what is left out is reported.

    Raises JobFailed where the archive as a whole cannot be used.
    """
    with closing(archive.open("rb") if isinstance(archive, Path) else archive) as file, opened_zip(file) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir() and not is_hidden(entry)]
        wanted = [entry for entry in entries if is_wanted(base_of(entry))]
        tell_of_left_out((entry.filename for entry in entries if not is_wanted(base_of(entry))), problems)
        check_size([entry for entry in wanted if not refusal(entry)])
        budget = Budget(settings.MAX_UPLOAD_BYTES)
        for place, entry in enumerate(wanted):
            if place % 200 == 0:
                doing = Sentence.of(
                    "unpacking", "Unpacking {done} of {total} {total:file|files}", done=place, total=len(wanted)
                )
                report(0.1 * place / len(wanted), doing)
            if reason := refusal(entry) or unpack_one(opened, entry, folder, budget):
                problems.add(ImportProblem(entry.filename, reason, kind="archive"))


def opened_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Raises JobFailed where there is no table of contents."""
    tolerated = ToleratedZip(file)
    try:
        opened = zipfile.ZipFile(cast(BinaryIO, tolerated))
    except Exception as error:  # zipfile raises what it likes
        raise JobFailed(
            "The upload is not a zip archive that can be read: its table of contents is damaged. "
            "Pack it again and send the new one."
        ) from error
    tolerated.opening = False
    return opened


def base_of(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").rsplit("/", 1)[-1]


def is_hidden(entry: zipfile.ZipInfo) -> bool:
    """What a Mac puts beside each file."""
    parts = entry.filename.replace("\\", "/").split("/")
    return any(part.startswith("__MACOSX") for part in parts[:-1]) or parts[-1].startswith("._")


def check_size(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES:
        raise JobFailed(f"The archive holds {len(entries)} files; the limit is {MOST_FILES}.")
    if total > settings.MAX_UPLOAD_BYTES:
        raise JobFailed(f"The archive unpacks to {total} bytes; the limit is {settings.MAX_UPLOAD_BYTES}.")
    from storage.room import check_room  # Django's applications, which ./halfday inspect does without

    check_room(total)


class Budget:
    """How many bytes may still be unpacked; an archive may lie about its sizes."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise JobFailed("The archive unpacks to more bytes than it says, and more than the limit.")


def unpack_one(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, budget: Budget) -> str:
    """Write one file; or nothing, and say why not."""
    target = folder.joinpath(*PurePosixPath(entry.filename.replace("\\", "/")).parts)
    try:
        if target.exists():
            folder_too = target.is_dir()
            return SAME_NAME if folder_too else "the archive holds this name twice; the first was kept"
        target.parent.mkdir(parents=True, exist_ok=True)
        write(opened, entry, target, budget)
    except JobFailed:
        raise
    except Exception as error:  # zipfile and what it unpacks with raise what they like
        from jobs.passing import will_pass

        if will_pass(error):  # it is not the entry's doing
            raise
        return why_not(error)
    return ""


def write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, budget: Budget) -> None:
    """All of the file, or none of it."""
    try:
        with opened.open(entry) as source, target.open("xb") as out:
            while chunk := source.read(CHUNK):
                budget.spend(len(chunk))
                out.write(chunk)
    except BaseException:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def why_not(error: Exception) -> str:
    """A sentence that names nothing of the server."""
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "it is encrypted"
    if isinstance(error, NotImplementedError):
        return "it is packed in a way that is not read; pack it with Deflate"
    if isinstance(error, OSError):
        words = {errno.ENAMETOOLONG: "its name is too long", errno.ENOTDIR: SAME_NAME, errno.EEXIST: SAME_NAME}
        return words.get(error.errno or 0) or "it is damaged in the archive"
    return "it is damaged in the archive"


def refusal(entry: zipfile.ZipInfo) -> str:
    """Why an entry may not be written, or nothing."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if not path.parts:
        return "it has no name"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in entry.filename:
        return "its path leads out of the archive's folder"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        return "it unpacks to a thousand times its size"
    return ""
