"""An evaluation in parts by the size of the object. JSON, null for no value."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from science.evaluation.as_json import at_operating_point, json_number
from science.evaluation.histograms import SIDES, SizeBands, by_size
from science.evaluation.judged import JudgedEvaluation, Mask, labels_on
from science.evaluation.tallies import Tally
from science.evaluation.verdicts import FN, FP, TP


def size_parts(judged: JudgedEvaluation, told: Tally, images: Mask | None) -> list[dict[str, Any]]:
    """By the square root of the area; a false positive counts where its box, or the label that explains it, stands."""
    bands = judged.sizes if images is None else _bands_on(judged, images)
    found = []
    for place, (low, high) in enumerate(pairwise(SIDES)):
        if not bands.boxes[place] and not told.sizes[place].any():
            continue
        counts = {name: int(told.sizes[place, verdict]) for name, verdict in (("tp", TP), ("fp", FP), ("fn", FN))}
        found.append(
            {
                "label": None,
                "low": low,
                "high": high if place < len(SIDES) - 2 else None,
                "q": "",
                "images": int(told.size_images[place]),
                "boxes": int(bands.boxes[place]),
                "AP": json_number(bands.ap[place]),
                "AP50": None,
                "AR": json_number(bands.recall[place]),
                "interval": {"low": None, "high": None},
                **at_operating_point(**counts),
            }
        )
    return found


def _bands_on(judged: JudgedEvaluation, images: Mask) -> SizeBands:
    detections = judged.predicted.detections
    some = detections.take(images[detections.image_index])
    return by_size(labels_on(judged.truth, images), some, classes=judged.classes)
