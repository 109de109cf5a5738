"""From the boxes of the formats to xyxy pixels inside their images: cut, or left out with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.importing.types import ImportProblem, Problems, SourceBoxes
from geometry.boxes import clip, from_centred, from_xywh

ROUNDING = 1.0  # pixels that a box may stand out of its image without being reported: the formats' rounding


@dataclass(frozen=True)
class PixelBoxes:
    """The boxes of one image as they will be stored."""

    classes: NDArray[np.int64]  # (N,) places in Source.class_names
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    attributes: dict[int, dict[str, Any]] = field(default_factory=dict)
    clipped: int = 0
    skipped: int = 0


def as_pixels(labels: SourceBoxes, width: int, height: int, problems: Problems) -> PixelBoxes:
    """Convert, cut to the image, and leave out what has no area in it; every box touched is reported."""
    if not labels.boxes:
        return PixelBoxes(np.zeros(0, dtype=np.int64), np.zeros((0, 4), dtype=np.float32))
    given = np.asarray(labels.boxes, dtype=np.float64)
    whole = from_centred(given, width, height) if labels.fractional else from_xywh(given)
    boxes = clip(whole, width, height).astype(np.float32)
    empty = (given[:, 2:] <= 0).any(axis=1)
    outside = ~empty & (boxes[:, 2:] <= boxes[:, :2]).any(axis=1)
    clipped = ~empty & ~outside & (np.abs(whole - boxes).max(axis=1) > ROUNDING)
    for place in np.flatnonzero(empty).tolist():
        problems.add(
            problem_at(labels, place, f"the box has no area (width {given[place, 2]:g}, height {given[place, 3]:g})")
        )
    for place in np.flatnonzero(outside).tolist():
        problems.add(
            problem_at(
                labels, place, f"the box {in_words(whole[place])} lies outside the image of {width} × {height} pixels"
            )
        )
    for place in np.flatnonzero(clipped).tolist():
        reason = f"the box {in_words(whole[place])} was cut to the image of {width} × {height} pixels"
        problems.add(problem_at(labels, place, reason, "repaired"))
    kept = np.flatnonzero(~empty & ~outside)
    attributes = {new: labels.attributes[old] for new, old in enumerate(kept.tolist()) if old in labels.attributes}
    skipped = len(given) - len(kept)
    return PixelBoxes(
        np.asarray(labels.classes, dtype=np.int64)[kept], boxes[kept], attributes, int(clipped.sum()), skipped
    )


def in_words(box: Sequence[float] | NDArray[Any]) -> str:
    return "[" + ", ".join(f"{value:.1f}" for value in box) + "]"


def problem_at(labels: SourceBoxes, place: int, reason: str, action: str = "skipped") -> ImportProblem:
    """Names the line of a YOLO file, or the record of a COCO file."""
    if labels.fractional:
        return ImportProblem(labels.file, reason, action, line=labels.places[place])
    return ImportProblem(labels.file, reason, action, record=f"annotations[{labels.places[place]}]")
