"""What may be imported from: server folders under the configured roots, symbolic links followed, and S3 prefixes.

Configured roots are granted to projects: `granted` says of a root, as it is configured, whether it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


class FolderRefused(Exception):
    """The path is outside the configured roots, or not there. The two look the same from outside."""


Granted = Callable[[str], bool]
ASK = "An administrator grants import roots to a project."


def any_root(root: str) -> bool:
    """Every configured root is granted: for what was let in before, and is only read again."""
    return True


def import_roots(granted: Granted) -> list[Path]:
    return [Path(root).resolve() for root in settings.IMPORT_ROOTS if granted(str(root))]


def allowed_path(path: str | Path, granted: Granted) -> Path:
    """The real path of something that exists under a granted root; raises FolderRefused otherwise.

    A relative path is looked for under each root in turn.
    """
    roots = import_roots(granted)
    for root in roots:
        real = (root / path).resolve()  # an absolute path stays itself
        if real.is_relative_to(root) and real.exists():
            return real
    named = ", ".join(map(str, roots))
    if not named:
        raise FolderRefused(f"{path}: no folder of the server may be imported into this project. {ASK}")
    raise FolderRefused(f"{path} is not there, or is outside the folders that may be imported ({named}).")


def is_inside(path: Path, folder: Path) -> bool:
    """Whether the path, symbolic links followed, stays in the folder. The folder is a real path."""
    return path.resolve().is_relative_to(folder)


@dataclass(frozen=True)
class Place:
    """A prefix or an object of a bucket."""

    bucket: str
    key: str


def place_of(address: str) -> Place:
    """s3://bucket/some/prefix taken apart."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return Place(bucket, key)


def allowed_object(address: str, granted: Granted) -> Place:
    """An object or a prefix that lies under a granted S3 prefix; raises FolderRefused otherwise.

    Keys are compared as they are spelt, and servers differ in how they read dots: such a key is no name of anything.
    """
    place = place_of(address)
    if {".", ".."} & set(place.key.split("/")):
        raise FolderRefused(f"{address} has “.” or “..” between slashes. Name the prefix itself.")
    prefixes = [prefix for prefix in settings.IMPORT_PREFIXES if granted(prefix)]
    for root in map(place_of, prefixes):
        below = root.key.rstrip("/") + "/" if root.key else ""
        if place.bucket == root.bucket and f"{place.key}/".startswith(below):
            return place
    named = ", ".join(prefixes) or "none"
    raise FolderRefused(f"{address} is outside the S3 prefixes that may be imported ({named}). {ASK}")
