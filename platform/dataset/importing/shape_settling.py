"""Shapes once the sizes of their images are known: fractions become pixels, and what is not sound is mended or refused.

Rings that cross themselves are taken apart, what lies outside of the image is cut off; masks must be of their image's
size. The box beside a shape stays as it was read. Each shape touched is reported with its place.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from dataset.importing.drawn import BadShape, Drawn, outlines
from dataset.importing.types import ImportNote, ImportProblem, Source
from science.shapes.finer import Mask, Polygon
from science.shapes.packed import NAMES, pack, unpack

Sizes = NDArray[np.int64]  # (I, 2) width and height of each of the source's images, 0 where it cannot be taken

WORDS = {"polygon": "polygons", "turned": "turned boxes", "mask": "masks"}


def settle_fractions(source: Source, sizes: Sizes) -> None:
    """Polygons that were read as fractions of their images, as pixels."""
    image = source.boxes.view("image")
    for box, rings in source.fraction_outlines.items():
        size = sizes[image[box]].astype(np.float64)
        if size[0] == 0:
            continue
        scaled = [(np.array(ring, np.float64).reshape(-1, 2) * size).tolist() for ring in rings]
        settle_one(source, box, outlines([[ring] for ring in scaled]))
    source.fraction_outlines = {}


def settle_one(source: Source, box: int, shape: Drawn) -> None:
    """Keep a shape of a box that has been read, or say why it is none."""
    if isinstance(shape, BadShape):
        source.shapes.pop(box, None)
        say(source, box, f"the shape has {shape}; the box was taken alone")
    elif shape is not None:
        source.shapes[box] = pack(shape)


def say(source: Source, box: int, reason: str, kind: str = "bad_shape") -> None:
    file = source.files[int(source.boxes.view("file")[box])]
    source.problems.add(ImportProblem(file, reason, "repaired", kind, **source.where(box)))


def mend_shapes(source: Source, sizes: Sizes) -> None:
    """Mend or refuse what is not sound, and say how many shapes were kept."""
    if not source.shapes:
        return
    image = source.boxes.view("image")
    for box, packed in list(source.shapes.items()):
        width, height = sizes[image[box]].tolist()
        if width:
            mend_one(source, box, packed, (width, height))
    tell_of_kept(source, sizes)


def mend_one(source: Source, box: int, packed: bytes, size: tuple[int, int]) -> None:
    shape = unpack(packed)
    if isinstance(shape, Mask) and (shape.width, shape.height) != size:
        seen = f"{shape.width} × {shape.height} pixels, and its image {size[0]} × {size[1]}"
        settle_one(source, box, BadShape(f"a mask of {seen}"))
    elif isinstance(shape, Polygon):
        mend_polygon(source, box, shape, size)


def mend_polygon(source: Source, box: int, shape: Polygon, size: tuple[int, int]) -> None:
    from science.shapes.mending import mended_polygon  # shapely is loaded where there are polygons

    found = mended_polygon(shape, *size)
    if found.polygon is shape:
        return
    if found.polygon is None:
        where = "no area" if not found.cut else f"no area inside the image of {size[0]} × {size[1]} pixels"
        settle_one(source, box, BadShape(where))
        return
    source.shapes[box] = pack(found.polygon)
    if found.crossed:
        parts = len(found.polygon.parts)
        kept = "it was taken apart where it does" if parts == 1 else f"it was taken apart into {parts} parts"
        say(source, box, f"the outline crosses or touches itself; {kept}", "crossed_shape")
    if found.cut:
        say(source, box, f"the outline was cut to the image of {size[0]} × {size[1]} pixels", "cut_shape")


def tell_of_kept(source: Source, sizes: Sizes) -> None:
    """One note: how many shapes of each kind were kept beside their boxes."""
    image = source.boxes.view("image")
    kinds = Counter(NAMES[packed[0] >> 4] for box, packed in source.shapes.items() if sizes[image[box], 0])
    if not kinds:
        return
    told = [f"{kinds[kind]} {word}" for kind, word in WORDS.items() if kinds[kind]]
    text = f"{' and '.join(told)} were kept, each beside the box around it"
    values = {kind: str(kinds[kind]) for kind in WORDS}
    source.problems.notes.append(ImportNote("shapes", kinds.total(), text, values))
