"""Long columns in files without a name instead of memory: twenty million boxes are two gigabytes.

They are arrays like others, of a file that is mapped. Pages that have been read or written stay in memory until
`let_go` says that they are not needed for now; the file goes when nobody holds the array any more, or with the process.
"""

import mmap
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from storage import blobs

WORTH_A_FILE = 16 << 20  # bytes; what is shorter stays in memory
AT_ONCE = 1_000_000  # elements


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
    folder = blobs.work_folder() if Path(settings.STORAGE_ROOT).is_dir() else None
    return tempfile.TemporaryFile(dir=folder)


def mapped(file: IO[bytes], dtype: Any) -> NDArray[Any]:
    """All of a file, which must not be empty, as an array that can be written to."""
    return np.frombuffer(mmap.mmap(file.fileno(), 0), dtype)


def let_go(*arrays: NDArray[Any] | None) -> None:
    """What the arrays hold need not be in memory until it is asked for again; nothing of it is lost."""
    for array in arrays:
        buffer: Any = array
        while isinstance(buffer, np.ndarray):
            buffer = buffer.base
        if isinstance(buffer, mmap.mmap):
            buffer.madvise(mmap.MADV_DONTNEED)


def looked_up(table: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """`(N,)` the table's elements at `(N,)` places, in a file if they are many."""
    found = new_array((len(places),), table.dtype)
    for start in range(0, len(places), AT_ONCE):
        found[start : start + AT_ONCE] = table[places[start : start + AT_ONCE]]
        let_go(found, places)
    return found
