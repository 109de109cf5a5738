"""Labels with shapes written in a format and read back, without a database."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from dataset.exporting.archive import Archive
from dataset.exporting.layout import LAYOUTS, ImagePlaces, PlacedImage
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.exporting.write import WRITERS
from dataset.importing.boxes import as_pixels
from dataset.importing.detect import read_source
from dataset.importing.files import walk
from dataset.importing.types import Problems, Source
from science.shapes.finer import Finer
from science.shapes.measures import box_of
from science.shapes.packed import pack, unpack
from tests.factories import jpeg

WIDTH, HEIGHT = 64, 48
PICTURE = jpeg(WIDTH, HEIGHT, (90, 60, 30))
CLASSES = ["pan", "pot"]
Box = tuple[float, float, float, float]
Drawing = Finer | Box  # a shape, or a box alone


def written(root: Path, drawings: Sequence[Drawing], wanted: str, lines: str = "boxes") -> Losses:
    """Unpack an export of one image with these labels, of the two classes in turn; returns what it told."""
    place = ImagePlaces(LAYOUTS[wanted], [PlacedImage(1, "a.jpg", "train", True)]).of(
        PlacedImage(1, "a.jpg", "train", True)
    )
    size = (WIDTH, HEIGHT)
    image = ExportImage(1, "a.jpg", "", *size, "", None, None, None, {"split": "train"}, "train", *place)
    chunk = chunk_of(image, drawings)
    content = Content("shapes", 1, CLASSES, 1, lambda: iter([[image]]), lambda: iter([chunk]), lambda: iter([chunk]))
    parts = (("train", content),)
    losses = Losses()
    root.mkdir(parents=True, exist_ok=True)
    with Archive(root / "out.zip", datetime(2026, 1, 1, tzinfo=UTC)) as archive:
        whole = Content(*(getattr(content, name) for name in NAMED), parts=parts, lines=lines)
        WRITERS[wanted].write(archive, whole, losses, lambda _: None)
    with zipfile.ZipFile(root / "out.zip") as archive_file:
        archive_file.extractall(root)
    (root / "out.zip").unlink()
    (root / image.path).parent.mkdir(parents=True, exist_ok=True)
    (root / image.path).write_bytes(PICTURE)
    return losses


NAMED = ("title", "revision", "class_names", "image_count", "images", "chunks", "labels")


def chunk_of(image: ExportImage, drawings: Sequence[Drawing]) -> Chunk:
    count = len(drawings)
    shapes = {at: pack(one) for at, one in enumerate(drawings) if not isinstance(one, tuple)}
    boxes = [one if isinstance(one, tuple) else box_in_image(one) for one in drawings]
    return Chunk(
        np.array([1]), [image], np.zeros(count, np.int64), np.arange(count), np.arange(count) % 2,
        np.array(boxes, np.float32).reshape(-1, 4), np.ones(count, np.bool_), {}, np.zeros(count, np.int16),
        np.zeros(count, np.float32), shapes,
    )  # fmt: skip


def box_in_image(shape: Finer) -> Any:
    return np.clip(box_of(shape), 0, [WIDTH, HEIGHT, WIDTH, HEIGHT])


def read_back(root: Path, wanted: str) -> tuple[list[tuple[str, list[float], Finer | None]], Source]:
    """Class, xyxy pixels and shape of each label, in their order."""
    problems = Problems()
    source = read_source(walk(root, problems), problems, wanted=wanted, annotations=None, known_classes=[])
    pixels = as_pixels(source, np.array([(WIDTH, HEIGHT)] * len(source.images)).reshape(-1, 2))
    numbers = {box: at for at, box in enumerate(sorted_places(source))}
    by_place = {numbers[box]: unpack(packed) for box, packed in source.shapes.items()}
    found = [
        (str(source.class_names[label]), box, by_place.get(at))
        for at, (label, box) in enumerate(zip(pixels.classes.tolist(), pixels.boxes.tolist(), strict=True))
    ]
    return found, source


def sorted_places(source: Source) -> list[int]:
    """The boxes by image, as they come out; none of a test's is left out."""
    return np.argsort(source.boxes.view("image"), kind="stable").tolist()


def told(losses: Losses) -> list[str]:
    return [kind.format(n=times) for kind, (times, _) in losses.kinds.items()]
