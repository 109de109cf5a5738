"""What the first bytes of a label file tell: the names of its JSON keys by depth, or its first lines."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

LOOKED_AT = 1 << 16  # bytes
TOKEN = re.compile(rb'"((?:[^"\\]|\\.){0,2000})"(\s*:)?|[{}\[\]]')
MARKS = b"\xef\xbb\xbf \r\n\t"


@dataclass(frozen=True)
class FileHead:
    """The beginning of a file."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def file(self) -> str:
        return PurePosixPath(self.name).name.lower()

    @property
    def start(self) -> str:
        """{ or [ of JSON, else whatever comes first."""
        return self.text[:1].decode("latin-1")

    @cached_property
    def text(self) -> bytes:
        data = self.data[:LOOKED_AT]
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = data[: len(data) // 2 * 2].decode("utf-16", "replace").encode()
        return data.lstrip(MARKS)

    @cached_property
    def lines(self) -> list[str]:
        """Up to five lines that are not empty; the last one of a long file may be cut."""
        lines = self.text[:8192].decode("utf-8", "replace").splitlines()
        return [line.strip() for line in lines if line.strip()][:5]

    def keys(self, depth: int) -> frozenset[str]:
        """Keys of the objects at a depth: 1 for the file's own object, 2 for the objects of the file's list."""
        return self.levels.get(depth, frozenset())

    @cached_property
    def levels(self) -> dict[int, frozenset[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        depth = 0
        for token in TOKEN.finditer(self.text):
            sign = token.group()
            if sign in b"{[":
                depth += 1
            elif sign in b"}]":
                depth -= 1
            elif token.group(2):
                found[depth].add(token.group(1).decode("utf-8", "replace"))
        return {at: frozenset(keys) for at, keys in found.items()}
