"""Pictures that stand in a label file itself: LabelMe's, base64 under `imageData`, and those of TFRecords.

The image's path is then the label file's. Its bytes are read when it is the image's turn, like any other's.
"""

import base64
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from dataset.importing.files import LONGEST_KEY, Inside, Tree
from dataset.importing.finding import MissingFile
from dataset.importing.types import SourceImage

DEFAULT_NAME = ".png"  # of a picture whose label file does not say what it was called


def is_inside(image: SourceImage) -> bool:
    """Whether the image's file is no picture but a label file with one in it."""
    return bool(image.inside)


def read_within(path: Path, within: tuple[int, int]) -> bytes:
    """Some bytes of a label file, which lies on this machine wherever the images are."""
    start, size = within
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)


def picture_inside(label_file: bytes) -> bytes:
    """The picture's bytes. Raises OSError, with a sentence, where there are none."""
    try:
        content = orjson.loads(label_file)
        return base64.b64decode(content["imageData"])
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(0, "its label file holds no picture after all") from error


def key_of_inside(tree: Tree, label_file: str, content: dict[str, Any]) -> str | MissingFile:
    """The key of the picture in a label file whose own picture is not there: beside the file, under its name."""
    if not isinstance(content.get("imageData"), str) or not content["imageData"]:
        return MissingFile("there is no such image file")
    given = content.get("imagePath")
    name = PurePosixPath(given.replace("\\", "/")).name if isinstance(given, str) else ""
    beside = PurePosixPath(label_file)
    key = str(beside.with_name(name or f"{beside.stem}{DEFAULT_NAME}"))
    return keep_inside(tree, [key], Inside(label_file))


def keep_inside(tree: Tree, keys: list[str], found: Inside) -> str | MissingFile:
    """Remember a picture under the first of these keys that no other one has."""
    for key in keys:
        if key not in tree.inside and len(key) <= LONGEST_KEY and key.isprintable():
            tree.inside[key] = found
            return key
    return MissingFile("the picture in the label file has no name of its own")
