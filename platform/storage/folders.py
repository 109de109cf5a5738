"""What may be imported from: server folders under the configured roots, symbolic links followed, and S3 prefixes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


class FolderRefused(Exception):
    """The path is outside the configured roots, or not there. The two look the same from outside."""


def import_roots() -> Sequence[Path]:
    return [Path(root).resolve() for root in settings.IMPORT_ROOTS]


def allowed_path(path: str | Path) -> Path:
    """The real path of something that exists under an import root; raises FolderRefused otherwise.

    A relative path is looked for under each root in turn.
    """
    for root in import_roots():
        real = (root / path).resolve()  # an absolute path stays itself
        if real.is_relative_to(root) and real.exists():
            return real
    roots = ", ".join(str(root) for root in import_roots())
    raise FolderRefused(f"{path} is not there, or is outside the folders that may be imported ({roots}).")


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


def allowed_object(address: str) -> Place:
    """An object or a prefix that lies under one of the configured S3 prefixes; raises FolderRefused otherwise."""
    place = place_of(address)
    for root in map(place_of, settings.IMPORT_PREFIXES):
        below = root.key.rstrip("/") + "/" if root.key else ""
        if place.bucket == root.bucket and f"{place.key}/".startswith(below):
            return place
    prefixes = ", ".join(settings.IMPORT_PREFIXES) or "none"
    raise FolderRefused(f"{address} is outside the S3 prefixes that may be imported ({prefixes}).")
