"""Long columns in files without a name instead of memory: twenty million boxes are two gigabytes.

They are arrays like others, of a file that is mapped. Pages that have been read or written stay in memory until
`let_go` says that they are not needed for now; the file goes when nobody holds the array any more, or with the process.
"""

import mmap
import pickle
import tempfile
import weakref
from collections.abc import Callable, Iterator
from os import SEEK_END
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

WORTH_A_FILE = 16 << 20  # bytes; what is shorter stays in memory
AT_ONCE = 1_000_000  # elements

One = TypeVar("One")


def new_array(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """An array to be filled, in a file if it is long."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < WORTH_A_FILE:
        return np.empty(shape, dtype)
    with new_file() as file:
        file.truncate(size)
        return mapped(file, dtype).reshape(shape)


def new_file() -> IO[bytes]:
    """A file without a name, beside the storage where there is one: /tmp may be memory."""
    return tempfile.TemporaryFile(dir=_folder_of_storage())


def closed_with(owner: object, file: IO[bytes]) -> IO[bytes]:
    """The file, which closes when its owner is no longer needed."""
    weakref.finalize(owner, file.close)
    return file


def _folder_of_storage() -> Path | None:
    """None without a platform, as for `./halfday inspect`."""
    if not settings.configured or not Path(settings.STORAGE_ROOT).is_dir():
        return None
    folder: Path = settings.STORAGE_ROOT / "work"
    folder.mkdir(exist_ok=True)
    return folder


class Spool(Generic[One]):
    """Things one after the other, of which the first lie in a file where they are many: `most` of `size` in memory."""

    def __init__(self, size: Callable[[One], int], most: int) -> None:
        self._size, self._most = size, most
        self._waiting: list[One] = []
        self._held = 0
        self._file: IO[bytes] | None = None
        self._starts: list[int] = []

    def append(self, one: One) -> None:
        self._waiting.append(one)
        self._held += self._size(one)
        if self._held > self._most:
            self._into_file()

    def _into_file(self) -> None:
        self._file = self._file or closed_with(self, new_file())
        for one in self._waiting:
            self._starts.append(self._file.seek(0, SEEK_END))
            pickle.dump(one, self._file, protocol=5)
        self._waiting, self._held = [], 0

    def __iter__(self) -> Iterator[One]:
        """In order; each time those of the file are read anew."""
        for start in self._starts:
            assert self._file is not None
            self._file.seek(start)
            yield pickle.load(self._file)
        yield from self._waiting


def mapped(file: IO[bytes], dtype: Any) -> NDArray[Any]:
    """All of a file, which must not be empty, as an array that can be written to."""
    return np.frombuffer(mmap.mmap(file.fileno(), 0), dtype)


def let_go(*arrays: NDArray[Any] | None) -> None:
    """What the arrays hold need not be in memory until it is asked for again; nothing of it is lost."""
    for array in arrays:
        buffer: Any = array
        while isinstance(buffer, np.ndarray):
            buffer = buffer.base
        if isinstance(buffer, memoryview) and isinstance(buffer.obj, mmap.mmap):
            buffer.obj.madvise(mmap.MADV_DONTNEED)


def looked_up(table: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """`(N,)` the table's elements at `(N,)` places, in a file if they are many."""
    found = new_array((len(places),), table.dtype)
    for start in range(0, len(places), AT_ONCE):
        found[start : start + AT_ONCE] = table[places[start : start + AT_ONCE]]
        let_go(found, places)
    return found
