"""Where the files of an import lie: in a folder, or below a prefix of a bucket."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.conf import settings

from dataset.importing.files import LONGEST_KEY, Tree, is_wanted
from dataset.importing.intake import LARGEST_FILE, THREADS, read_file
from dataset.importing.types import ImportProblem, Problems
from jobs.errors import JobFailed
from storage import blobs, s3
from storage.folders import Place
from storage.pictures import NAMES
from storage.refusals import why

LONGEST_LOCATION = 600  # characters
FETCHED_AT_ONCE = 16
PAGE = 1000  # objects between two reports


class Origin(Protocol):
    """How image files are read, by their path in the tree, and what their location is where they stay."""

    threads: int

    def read(self, path: Path) -> bytes: ...

    def location(self, path: Path) -> str: ...


class FolderOrigin:
    """Files of this machine."""

    threads = THREADS

    def read(self, path: Path) -> bytes:
        return read_file(path)

    def location(self, path: Path) -> str:
        return blobs.in_place(Path(os.path.realpath(path)))


FOLDER = FolderOrigin()


class BucketOrigin:
    """Objects below a prefix. Label files have been fetched into the tree's folder; images are read when needed."""

    threads = FETCHED_AT_ONCE

    def __init__(self, place: Place, root: Path) -> None:
        self.bucket, self.place, self.root = s3.source(place.bucket), place, root.resolve()
        self.prefix = f"{place.key.rstrip('/')}/" if place.key else ""

    def read(self, path: Path) -> bytes:
        try:
            return self.bucket.get(self.key(path))
        except FileNotFoundError as error:
            raise OSError(0, "it is gone from the bucket") from error

    def location(self, path: Path) -> str:
        return f"s3://{self.place.bucket}/{self.key(path)}"

    def key(self, path: Path) -> str:
        return self.prefix + path.relative_to(self.root).as_posix()

    def tree(self, problems: Problems, report: Callable[[int], None]) -> Tree:
        """List images and fetch label files, a page at a time. `report(count)` is called now and then and may raise."""
        tree, seen, budget = Tree(self.root), 0, settings.MAX_UPLOAD_BYTES
        for page in in_pages(self.bucket.listed(self.prefix)):
            labels = [entry for entry in page if self.sort_in(entry, tree, problems)]
            budget -= sum(entry.size for entry in labels)
            if budget < 0:
                raise JobFailed(
                    f"The label files have more than the {settings.MAX_UPLOAD_BYTES} bytes that are allowed."
                )
            self.fetch(labels, tree, problems)
            seen += len(page)
            report(seen)
        tree.images.sort()
        tree.others.sort()
        return tree

    def sort_in(self, entry: s3.Listed, tree: Tree, problems: Problems) -> bool:
        """Note an image, or report why not; True for a label file that is to be fetched."""
        relative = entry.key.removeprefix(self.prefix)
        path = PurePosixPath(relative)
        suffix, hidden = path.suffix.lower(), any(part.startswith((".", "__MACOSX")) for part in relative.split("/"))
        if not is_wanted(path.name) or (hidden and ".." not in path.parts):
            tree.left_out += [] if relative.endswith("/") else [relative]
            return False
        if reason := self.refusal(entry, relative):
            problems.add(ImportProblem(relative, reason))
            return False
        if suffix in NAMES:
            tree.images.append(relative)
        return suffix not in NAMES

    def refusal(self, entry: s3.Listed, relative: str) -> str:
        """Why an object cannot be taken, or nothing."""
        if PurePosixPath(relative).as_posix() != relative or ".." in relative.split("/") or "\0" in relative:
            return "its key is no path"
        if len(relative) > LONGEST_KEY or len(self.location(self.root / relative)) > LONGEST_LOCATION:
            return f"its path is longer than {LONGEST_KEY} characters"
        return "it is larger than an image may be" if is_image(relative) and entry.size > LARGEST_FILE else ""

    def fetch(self, labels: list[s3.Listed], tree: Tree, problems: Problems) -> None:
        """Put label files into the folder, side by side."""
        relatives = [entry.key.removeprefix(self.prefix) for entry in labels]
        with ThreadPoolExecutor(FETCHED_AT_ONCE, thread_name_prefix="labels") as pool:
            for relative, reason in zip(relatives, pool.map(self.fetch_one, relatives), strict=True):
                if reason:
                    problems.add(ImportProblem(relative, reason))
                else:
                    tree.others.append(relative)

    def fetch_one(self, relative: str) -> str:
        path = self.root / relative
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.bucket.fetch(self.prefix + relative, path)
        except OSError as error:
            return f"it cannot be read: {why(error)}"
        return ""


def is_image(relative: str) -> bool:
    return PurePosixPath(relative).suffix.lower() in NAMES


def in_pages(entries: Iterable[s3.Listed]) -> Iterator[list[s3.Listed]]:
    rest = iter(entries)
    while page := list(islice(rest, PAGE)):
        yield page
