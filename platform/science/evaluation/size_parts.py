"""An evaluation in parts by the size of the object. JSON, null for no value."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.as_json import at_operating_point, json_number
from science.evaluation.histograms import SIDES, SizeBands, by_size
from science.evaluation.judged import JudgedEvaluation, Mask, labels_on
from science.evaluation.verdicts import FN, FP, TP, VerdictRows


def size_parts(judged: JudgedEvaluation, rows: VerdictRows, iou: float, images: Mask | None) -> list[dict[str, Any]]:
    """By the square root of the area; a false positive counts where its box, or the label that explains it, stands."""
    bands = judged.sizes if images is None else _bands_on(judged, images)
    area = areas(judged, rows)
    found = []
    for place, (low, high) in enumerate(pairwise(SIDES)):
        inside = (area >= low**2) & (area < high**2)
        mine = rows.verdict[inside]
        if not bands.boxes[place] and not len(mine):
            continue
        counts = {name: int((mine == verdict).sum()) for name, verdict in (("tp", TP), ("fp", FP), ("fn", FN))}
        found.append(
            {
                "label": None,
                "low": low,
                "high": high if place < len(SIDES) - 2 else None,
                "q": "",
                "images": int(np.count_nonzero(np.bincount(rows.image_index[inside]))),
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


def areas(judged: JudgedEvaluation, rows: VerdictRows) -> NDArray[np.float64]:
    """(R,) square pixels: of the label concerned, where there is none of the prediction, as the object grid has it."""
    label = judged.label_areas.look_up(rows.annotation_id)
    return np.where(rows.annotation_id >= 0, label, judged.prediction_areas.look_up(rows.prediction_id))
