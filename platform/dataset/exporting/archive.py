"""The zip that an export becomes: written from front to back, a file at a time, without holding one in memory."""

import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

COPY_CHUNK = 1 << 20
OLDEST = 1980  # a zip cannot say earlier years


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int: ...


class Archive:
    """A zip being written. Labels are packed quickly, images, which are packed already, not at all.

    `made_at` stands at every file, so that the same export written again is the same bytes.
    """

    def __init__(self, path: Path, made_at: datetime) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        moment = made_at.timetuple()[:6]
        self.made_at = moment if moment[0] >= OLDEST else (OLDEST, 1, 1, 0, 0, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.zip.close()

    @contextmanager
    def stream(self, name: str) -> Iterator[Sink]:
        """A large file to write into piece by piece; a thread packs a piece while the next one is being made."""
        with self.file(name) as out, Behind(out) as behind:
            yield behind

    @contextmanager
    def file(self, name: str, *, packed: bool = False) -> Iterator[Sink]:
        """A file of the archive to write into; one at a time. `packed`: its content would not get smaller."""
        entry = zipfile.ZipInfo(name, self.made_at)
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self.zip.open(entry, "w", force_zip64=True) as out:
            yield out

    def put(self, name: str, data: bytes) -> None:
        """A whole small file."""
        with self.file(name) as out:
            out.write(data)

    def copy(self, name: str, source: BinaryIO) -> None:
        """An image's file, byte by byte the same."""
        with self.file(name, packed=True) as out:
            while piece := source.read(COPY_CHUNK):
                out.write(piece)


class Behind:
    """Hands what is written to a thread; packing releases the interpreter. At most one piece waits."""

    def __init__(self, out: Sink) -> None:
        self.out = out
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self.last: Future[int] | None = None

    def write(self, data: bytes) -> int:
        if self.last:
            self.last.result()
        self.last = self.pool.submit(self.out.write, data)
        return len(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.pool.shutdown()
        if self.last and error is None:
            self.last.result()
