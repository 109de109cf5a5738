"""Where a format has its image files, and what they are called there, so that other tools find them.

An image's key says where it came from ("train/images/a.jpg"). In an archive it lies where its format has it
("images/train/a.jpg"); `halfday.json` beside keeps the key.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from dataset.importing.files import SPLITS
from dataset.importing.yolo_lists import LISTS

UNLABELLED = "unlabelled"
SHORT = {"train": "train", "valid": "val", "test": "test"}  # what files and folders call the splits
PICTURES = frozenset({"images", "image", "imgs", "img", "jpegimages", "image_2", "data"})  # folders that say nothing
LISTED = frozenset({PurePosixPath(name).stem for name in LISTS} | {"train", "val", "test", "readme", "license"})

Place = tuple[str, str]  # folder, and name in it


@dataclass(frozen=True)
class Layout:
    """A format's folders. `{split}` in `folder` is the image's split, or `unsplit` where it is in none."""

    folder: str
    unsplit: str = ""
    flat: bool = False  # side by side: labels are told apart by the image's name without its ending
    apart: bool = True  # whether images without labels lie elsewhere: tools that read folders take them for negatives
    as_keys: bool = False  # every image under its key

    def folder_of(self, split: str, *, labelled: bool) -> str:
        """`split`: train, val, test, or nothing."""
        if self.apart and not labelled:
            return UNLABELLED
        return self.folder.format(split=split or self.unsplit)


LAYOUTS = {
    "coco": Layout("images/{split}", "default"),
    "yolo": Layout("images/{split}", "train", flat=True),
    "voc": Layout("JPEGImages", "default", flat=True),
    "bdd100k": Layout("", as_keys=True),
    "cvat": Layout("images/{split}", "default"),
    "kitti": Layout("{split}/image_2", "training", flat=True),
    "label_studio": Layout("images", apart=False),
    "labelme": Layout("{split}", "default", flat=True),
    "dota": Layout("{split}/images", "default", flat=True),
}


def split_name(value: object) -> str:
    """train, val or test, where an image's metadata `split` means one of these; else nothing."""
    return SHORT.get(SPLITS.get(value.lower(), ""), "") if isinstance(value, str) else ""


@dataclass(frozen=True)
class PlacedImage:
    """What decides where an image lies."""

    id: int
    key: str
    split: str  # train, val, test, or nothing
    labelled: bool


class ImagePlaces:
    """Where every image of an archive lies. Only names that others have taken are remembered: most follow the rule."""

    def __init__(self, layout: Layout, images: Iterable[PlacedImage]) -> None:
        self.layout = layout
        self.others: dict[int, str] = {}
        taken: set[Place] = set()
        for image in () if layout.as_keys else images:
            folder = layout.folder_of(image.split, labelled=image.labelled)
            name = plain_name(image.key, flat=layout.flat)
            free = first_free(folder, name, taken, flat=layout.flat)
            if free != name:
                self.others[image.id] = free
            taken.add((folder, taken_as(free, flat=layout.flat)))

    def of(self, image: PlacedImage) -> Place:
        if self.layout.as_keys:
            return "", image.key
        folder = self.layout.folder_of(image.split, labelled=image.labelled)
        return folder, self.others.get(image.id) or plain_name(image.key, flat=self.layout.flat)


def plain_name(key: str, *, flat: bool) -> str:
    """The key without folders that the layout says already; with the others before the name where it is flat."""
    *folders, name = key.split("/")
    kept = [folder for folder in folders if not is_said(folder)]
    return re.sub(r"\s", "_", "-".join([*kept, name])) if flat else "/".join([*kept, name])


def is_said(folder: str) -> bool:
    """Whether a folder's name says no more than that images lie there, or their split."""
    return folder.lower() in PICTURES or folder.lower().rstrip("0123456789") in SPLITS


def first_free(folder: str, name: str, taken: set[Place], *, flat: bool) -> str:
    """The name, with a number where another image, or a list of classes or images, is called so."""
    path, number, free = PurePosixPath(name), 1, name
    while (folder, taken_as(free, flat=flat)) in taken or (flat and PurePosixPath(free).stem.lower() in LISTED):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}").as_posix()
    return free


def taken_as(name: str, *, flat: bool) -> str:
    """What must be an image's own: its name, without the ending where labels are found by it. Some disks fold case."""
    return (PurePosixPath(name).stem if flat else name).lower()
