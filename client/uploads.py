"""Sending an archive in parts, so that a lost connection or a restarted platform costs a part, not the whole."""

from __future__ import annotations

import hashlib
import tempfile
import time
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from client.errors import HalfdayError, Unreachable
from client.transport import Transport

PATIENCE = 300.0  # seconds without an answer, after which an upload gives up; the next attempt goes on there
LONGEST_PAUSE = 10.0  # seconds between two tries
OLD = (1980, 1, 1, 0, 0, 0)  # a zip's earliest time: the same files make the same bytes
Told = Callable[[int, int], None]


class Uploads:
    """Archives on their way to a dataset."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def send(self, dataset: int, source: Path, told: Told | None = None) -> int:
        """Send a zip file, or a folder as one; returns the upload's number. `told(sent, size)` hears of progress.

        The same files sent again go on where the attempt before stopped.
        """
        with as_archive(source) as archive:
            size = archive.stat().st_size
            body = {"name": source.name, "size": size, "fingerprint": fingerprint(source)}
            upload = patiently(lambda: self.transport.post(f"datasets/{dataset}/uploads", body))
            self._send_parts(upload, archive, told or (lambda sent, size: None))
        return int(upload["id"])

    def finish(self, upload: int, body: dict[str, Any]) -> Any:
        """Have it imported; returns the job. Safe to repeat."""
        return patiently(lambda: self.transport.post(f"uploads/{upload}/finish", body))

    def _send_parts(self, upload: dict[str, Any], archive: Path, told: Told) -> None:
        offset = upload["offset"]
        with archive.open("rb") as file:
            while offset < upload["size"]:
                told(offset, upload["size"])
                file.seek(offset)
                data = file.read(upload["part_size"])
                offset = patiently(partial(self._send_part, upload["id"], offset, data))
        told(offset, upload["size"])

    def _send_part(self, upload: int, offset: int, data: bytes) -> int:
        """Send one part; returns where to go on, also where the part had arrived already."""
        digest = b64encode(hashlib.sha256(data).digest()).decode()
        try:
            answer = self.transport.put_bytes(
                f"uploads/{upload}/parts", data, {"offset": offset}, {"Content-Digest": f"sha-256=:{digest}:"}
            )
        except HalfdayError as error:
            if error.status == 409 and "offset" in error.problem:
                return int(error.problem["offset"])
            raise
        return int(answer["offset"])


def patiently(act: Callable[[], Any]) -> Any:
    """Do it again, with growing pauses, while nobody answers or the server is in trouble."""
    give_up_at, pause = time.monotonic() + PATIENCE, 0.5
    while True:
        try:
            return act()
        except HalfdayError as error:
            if not (isinstance(error, Unreachable) or error.status >= 500) or time.monotonic() > give_up_at:
                raise
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def files_of(source: Path) -> list[Path]:
    """The file, or what lies in the folder, hidden files left out, in order."""
    if source.is_file():
        return [source]
    found = (path for path in sorted(source.rglob("*")) if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(source).parts)]


def fingerprint(source: Path) -> str:
    """Which files these are: names, sizes, times."""
    seen = hashlib.sha256()
    for path in files_of(source):
        facts = path.stat()
        name = path.relative_to(source) if source.is_dir() else path.name
        seen.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return f"files-{seen.hexdigest()}"


@contextmanager
def as_archive(source: Path) -> Iterator[Path]:
    """The zip file itself, or a temporary one of the folder, stored without compression: images hardly shrink."""
    if source.is_file():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="halfday-") as folder:
        archive = Path(folder) / "upload.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as made:
            for path in files_of(source):
                entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), OLD)
                with path.open("rb") as read, made.open(entry, "w", force_zip64=path.stat().st_size >= 1 << 31) as out:
                    while chunk := read.read(1 << 20):
                        out.write(chunk)
        yield archive
