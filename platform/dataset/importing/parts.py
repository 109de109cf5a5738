"""Several files read as one: an upload's parts, without putting them together on disk first."""

import io
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO


class Parts(io.RawIOBase):
    """The parts one after the other, for reading. `path_of(place)` gives a part's file when it is first needed."""

    def __init__(self, sizes: Sequence[int], path_of: Callable[[int], Path]) -> None:
        self.starts = [0, *accumulate(sizes)]  # the last is the end of all
        self.path_of = path_of
        self.at = 0
        self.place = -1
        self.file: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.starts[-1]}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self.at = base + offset
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read from one part, at most to its end."""
        if self.at >= self.starts[-1]:
            return 0
        place = bisect_right(self.starts, self.at) - 1
        file = self.opened(place)
        file.seek(self.at - self.starts[place])
        data = file.read(min(len(buffer), self.starts[place + 1] - self.at))
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)

    def opened(self, place: int) -> BinaryIO:
        if self.file is None or place != self.place:
            if self.file:
                self.file.close()
            self.file, self.place = self.path_of(place).open("rb"), place
        return self.file

    def close(self) -> None:
        if self.file:
            self.file.close()
        super().close()
