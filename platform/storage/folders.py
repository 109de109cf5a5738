"""Server folders that may be imported from: those under the configured roots, symbolic links followed."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings


class FolderRefused(Exception):
    """The path is outside the configured roots, or not there. The two look the same from outside."""


def import_roots() -> Sequence[Path]:
    return [Path(root).resolve() for root in settings.IMPORT_ROOTS]


def allowed(path: str | Path) -> Path:
    """The real path of something that exists under an import root; raises FolderRefused otherwise.

    A relative path is looked for under each root in turn.
    """
    for root in import_roots():
        real = (root / path).resolve()  # an absolute path stays itself
        if real.is_relative_to(root) and real.exists():
            return real
    roots = ", ".join(str(root) for root in import_roots())
    raise FolderRefused(f"{path} is not there, or is outside the folders that may be imported ({roots}).")


def inside(path: Path, folder: Path) -> bool:
    """Whether the path, symbolic links followed, stays in the folder. The folder is a real path."""
    return path.resolve().is_relative_to(folder)
