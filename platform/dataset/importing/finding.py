"""Which image of the folder a label file or a record means."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from pathlib import PurePosixPath
from urllib.parse import unquote

from dataset.importing.files import SPLITS, Tree, split_of, suffix_of
from dataset.importing.names import clean
from storage.pictures import NAMES

PICTURE_FOLDERS = ("", "images", "JPEGImages")
MASKS = frozenset({"segmentationclass", "segmentationobject", "segmentationclassaug", "instance", "instances"})
MASKS |= {"semantic", "semantic_rgb", "mask", "masks", "gtfine"}
NO_FILE = "there is no such image file"


@dataclass(frozen=True)
class MissingFile:
    """Why no file could be found."""

    reason: str


class ImageFinder:
    """Finds images of the tree only, whatever the record says; where the tree has none, those of the dataset.

    Names are compared as `names.clean` spells them: a folder zipped on a Mac has other bytes for é than its labels.
    """

    def __init__(self, tree: Tree) -> None:
        self.known = set(tree.images_meant)
        self.keys = list(tree.images_meant)  # in the tree's order
        self.spelt: dict[str, list[str]] = {}  # only those that are spelt in another way than `clean` does
        for key in self.keys:
            self.note(key)

    def note(self, key: str) -> None:
        spelt = clean(key)
        if spelt != key:
            self.spelt.setdefault(spelt, []).append(key)

    # The next two are asked for where a record does not give the whole path; of a million images each is 200 MB.
    @cached_property
    def by_file(self) -> dict[str, list[str]]:
        return grouped(self.keys, name_of)

    @cached_property
    def by_stem(self) -> dict[str, list[str]]:
        return grouped(self.keys, lambda key: stem_of(name_of(key)))

    def add(self, key: str) -> None:
        """An image that a label file brings."""
        if key not in self.known:
            self.known.add(key)
            self.keys.append(key)
            self.note(key)
            name = name_of(key)
            for known, part in (("by_file", name), ("by_stem", stem_of(name))):
                if known in self.__dict__:
                    getattr(self, known).setdefault(part, []).append(key)

    def find(self, file_name: str, label_file: str) -> str | MissingFile:
        """The path in the tree: as it is written, else without what addresses escape (%20), else by a bare stem."""
        found = self.find_as_given(file_name, label_file)
        if isinstance(found, MissingFile) and found.reason == NO_FILE and "%" in file_name:
            found = self.find_as_given(unquote(file_name), label_file)
        if isinstance(found, MissingFile) and found.reason == NO_FILE and suffix_of(file_name) not in NAMES:
            found = self.find_stem(file_name, label_file)
        return found

    def find_as_given(self, file_name: str, label_file: str) -> str | MissingFile:
        """From the label file's folder, from the root, else the only file of that name."""
        given = file_name.replace("\\", "/").removeprefix("./")
        for folder in looked_in(posixpath.dirname(label_file)) if not given.startswith("/") else ("",):
            if path := self.exactly(folder + given):
                return path
        spelt = clean(given)
        namesakes = self.by_file.get(posixpath.basename(spelt), [])
        alike = [name for name in namesakes if clean(name).endswith(f"/{spelt}")] or namesakes
        return one_of(alike, label_file)

    def exactly(self, path: str) -> str | None:
        """The image of that path, whatever way it is spelt in."""
        if path in self.known:
            return path
        spelt = clean(path)
        if spelt == path and not self.spelt:
            return None
        if spelt in self.known:
            return spelt
        return alike[0] if len(alike := self.spelt.get(spelt, [])) == 1 else None

    def find_stem(self, stem: str, label_file: str) -> str | MissingFile:
        """The image of a name without its ending."""
        return one_of(self.by_stem.get(posixpath.basename(clean(stem.replace("\\", "/"))), []), label_file)


def grouped(keys: list[str], part: Callable[[str], str]) -> dict[str, list[str]]:
    """Keys by a part of their names."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(part(key), []).append(key)
    return found


def name_of(key: str) -> str:
    spelt = clean(key)
    return spelt[spelt.rfind("/") + 1 :]


def stem_of(name: str) -> str:
    """A file's name without its ending, as `posixpath.splitext` has it, in a third of the time."""
    dot = name.rfind(".")
    return name[:dot] if dot > 0 and name[:dot].strip(".") else name


@lru_cache
def looked_in(folder: str) -> tuple[str, ...]:
    """Where the images of a label file in that folder may lie, as beginnings of their paths."""
    return tuple(dict.fromkeys(f"{name}/" if name else "" for name in (folder, *PICTURE_FOLDERS)))


def one_of(alike: list[str], label_file: str) -> str | MissingFile:
    """The only one, or the only one in folders of the label file's names, from the last one up, or of its split."""
    if len(alike) > 1:
        alike = [name for name in alike if not is_in_masks(name)] or alike
    for nearness in (shared_folders, shared_way) if len(alike) > 1 else ():
        near = [nearness(name, label_file) for name in alike]
        alike = [name for name, count in zip(alike, near, strict=True) if count == max(near)]
    if len(alike) > 1:
        alike = [name for name in alike if split_of(name) == split_of_stem(label_file)] or alike
    if not alike:
        return MissingFile(NO_FILE)
    return alike[0] if len(alike) == 1 else MissingFile(f"{len(alike)} image files have this name")


def is_in_masks(name: str) -> bool:
    """Whether a picture lies where tools put masks, which are called as the images that they are of."""
    folders = [part.lower() for part in name.split("/")[:-1]]
    return any(part in MASKS or part.startswith("panoptic_") for part in folders)


def shared_folders(name: str, label_file: str) -> int:
    """How many folders on the way up are called the same: 1 of images/train/a.jpg and labels/train/a.xml."""
    pairs = zip(PurePosixPath(name).parent.parts[::-1], PurePosixPath(label_file).parent.parts[::-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def shared_way(name: str, label_file: str) -> int:
    """How many folders on the way down are the same: 1 of x/img/a.jpg and x/ann/a.json."""
    pairs = zip(PurePosixPath(name).parent.parts, PurePosixPath(label_file).parent.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@lru_cache
def split_of_stem(label_file: str) -> str | None:
    """train of instances_train2017.json."""
    stem = PurePosixPath(label_file).stem.lower()
    words = stem.replace("-", "_").split("_")
    named = [SPLITS[word.rstrip("0123456789")] for word in words if word.rstrip("0123456789") in SPLITS]
    return named[0] if named else split_of(label_file)
