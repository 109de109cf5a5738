"""Stamps: what a set-up step was last done for, so that it is done again only when that changed.

Standard library only: runs before any set-up.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def digest_of(files: Iterable[Path], *facts: str) -> str:
    """Return a SHA-256 over the names and contents of `files`, in any order, and over `facts`, in theirs."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    for fact in facts:
        total.update(f"{fact}\0".encode())
    return total.hexdigest()


class Stamp:
    """One file that holds the digest of what its step was done for. Written only when the step has ended well."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name

    def matches(self, digest: str) -> bool:
        """Whether the step was done for exactly this."""
        try:
            return self.path.read_text() == digest
        except FileNotFoundError:
            return False

    def set(self, digest: str) -> None:
        """Note that the step is done; atomic, so that an interruption leaves the old stamp or the new one."""
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        new.write_text(digest)
        new.replace(self.path)

    def clear(self) -> None:
        """Note that the step is under way: if it is interrupted, it is not taken for done."""
        self.path.unlink(missing_ok=True)
