"""LabelMe: a JSON file beside each image, with `shapes` of points in pixels.

A box is a rectangle, a turned box an oriented rectangle of four corners, a polygon of one ring a polygon. A polygon
with holes or of several parts, and a mask, is LabelMe's mask: a PNG of the rectangle around it. Attributes are `flags`
where they are true or false, else `attributes`, as X-AnyLabeling has them.
"""

import base64
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import orjson
from PIL import Image

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.losses import CHANGED, count_context, count_objects, is_plain, kept_split
from dataset.exporting.outlines import ChunkShapes, is_one_ring
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.importing.columns import Ignore
from dataset.importing.turning import BEFORE, TURNED
from science.geometry import turned
from science.shapes.conversions import Pixels, pixels_of_shape
from science.shapes.finer import Finer, Polygon, TurnedBox
from science.shapes.measures import corners_of

VERSION = "5.5.0"  # of LabelMe, whose form this is
FLAGS = "flags"
Shape = dict[str, Any]


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write a file per labelled image, also where there is no shape."""
    if content.class_names:
        losses.add("labels", "LabelMe names classes at their shapes only; their order is in halfday.json", "kept")
    done = 0
    for chunk in content.chunks():
        write_chunk(archive, chunk, content, losses)
        done += len(chunk.images)
        report(done)


def write_chunk(archive: Archive, chunk: Chunk, content: Content, losses: Losses) -> None:
    chunk.count_unsaid(losses, "LabelMe")
    finer, corners = written_shapes(chunk, losses), digits.shortest_corners(chunk.boxes).tolist()
    lost = {
        at: [name for name, one in given.items() if not is_kept(name, one)] for at, given in chunk.attributes.items()
    }
    count_objects(losses, "LabelMe", chunk, lost, what=CHANGED)
    labels = chunk.label.tolist()
    for image, boxes in chunk.by_image():
        if image.id in content.unlabelled:
            losses.count("images that are not labelled have no file (images: {n})", image.key)
            continue
        kept = {key: value for key, value in image.metadata.items() if isinstance(value, bool)}
        count_context(losses, "LabelMe", image, kept=kept | kept_split(image))
        shapes = [
            {"label": content.class_names[labels[at]]}
            | (finer.get(at) or rectangle(corners[at]))
            | facts(chunk.attributes.get(at, {}), Ignore(chunk.ignore[at]))
            for at in boxes
        ]
        name = PurePosixPath(image.path).with_suffix(".json").as_posix()
        archive.put(name, orjson.dumps(record(image, shapes, kept), option=orjson.OPT_INDENT_2))


def record(image: ExportImage, shapes: list[Shape], flags: Mapping[str, bool]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "flags": flags,
        "shapes": shapes,
        "imagePath": image.name,
        "imageData": None,
        "imageHeight": image.height,
        "imageWidth": image.width,
    }


def rectangle(corners: list[float]) -> Shape:
    x1, y1, x2, y2 = corners
    return {"shape_type": "rectangle", "points": [[x1, y1], [x2, y2]]}


def is_kept(name: str, value: Any) -> bool:
    """Whether an attribute comes back; what a turned box was, its corners say."""
    return name in (BEFORE, TURNED) or is_plain(value)


def facts(attributes: Mapping[str, Any], ignore: Ignore) -> Shape:
    """The group, flags, and the other attributes."""
    own = {key: value for key, value in attributes.items() if key not in (BEFORE, TURNED)}
    group = own.pop("group", None)
    flags = {key: value for key, value in own.items() if isinstance(value, bool)}
    others = {key: value for key, value in own.items() if key not in flags and is_plain(value)}
    others |= {} if ignore == Ignore.NO else {"ignore": ignore.word}
    return {"group_id": group, "description": "", FLAGS: flags} | ({"attributes": others} if others else {})


def written_shapes(chunk: Chunk, losses: Losses) -> dict[int, Shape]:
    """What is no rectangle, by place."""
    shapes = ChunkShapes(chunk, losses, "LabelMe")
    own = shapes.read()
    shapes.count_other_boxes(own)
    joined = [at for at, shape in own.items() if isinstance(shape, Polygon) and not is_one_ring(shape)]
    shapes.count(joined, "has no polygons of several parts or with holes; these are written as masks of their pixels")
    quarters = [at for at, one in own.items() if isinstance(one, TurnedBox) and not turned.is_turned(4 * one.angle)]
    shapes.count(quarters, "cannot tell a quarter turn from none; these come back as upright boxes")
    read = chunk.turned_by_attributes() | own
    found = {place: written_shape(shape, *shapes.size(place)) for place, shape in read.items()}
    return {place: one for place, one in found.items() if one is not None}


def written_shape(shape: Finer, height: int, width: int) -> Shape | None:
    """None where none of an image's pixels is in it."""
    if isinstance(shape, TurnedBox):
        return {"shape_type": "oriented_rectangle", "points": corners_of(shape).tolist()}
    if isinstance(shape, Polygon) and is_one_ring(shape):
        return {"shape_type": "polygon", "points": digits.shortest_points(shape.parts[0][0]).tolist()}
    pixels = pixels_of_shape(shape, height, width)
    return written_mask(pixels) if pixels.any() else None


def written_mask(pixels: Pixels) -> Shape:
    """The first and the last pixel of the rectangle around a mask, and the picture in it."""
    ys, xs = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    top, bottom, left, right = int(ys[0]), int(ys[-1]), int(xs[0]), int(xs[-1])
    out = BytesIO()
    Image.fromarray(pixels[top : bottom + 1, left : right + 1]).save(out, "PNG")
    picture = base64.b64encode(out.getvalue()).decode()
    return {"shape_type": "mask", "points": [[left, top], [right, bottom]], "mask": picture}
