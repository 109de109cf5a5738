"""LVIS-style labels: an image was checked for some classes only, and on the others nothing can be judged.

Gupta, Dollár, Girshick: LVIS, 2019. Asked for explicitly, as silently leaving detections out would flatter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.types import Detections, GroundTruth

NEGATIVE = "neg_category_ids"  # of an image: checked, and none there
INCOMPLETE = "not_exhaustive_category_ids"  # of an image: some are labelled, not all

Int64s = NDArray[np.int64]


def leave_out_unchecked(
    truth: GroundTruth,
    detections: Detections,
    image_rows: Sequence[Mapping[str, Any]],
    category_ids: Int64s,
    *,
    classes: int,
) -> tuple[Detections, int]:
    """Return the detections of classes that their image was checked for, and how many others there were.

    Checked are the classes that are labelled on the image and those in ``neg_category_ids``. A detection of a class in
    ``not_exhaustive_category_ids`` counts where it finds a box, and for nothing where it does not. ``image_rows``
    (I,) are the images as an LVIS file has them.
    """
    position = {int(value): place for place, value in enumerate(category_ids)}
    keys = detections.image_index * classes + detections.class_index
    labelled = truth.image_index * classes + truth.class_index
    negative = _keys(((k, row.get(NEGATIVE) or ()) for k, row in enumerate(image_rows)), position, classes)
    incomplete = _keys(((k, row.get(INCOMPLETE) or ()) for k, row in enumerate(image_rows)), position, classes)
    checked = np.isin(keys, np.union1d(labelled, negative))
    kept = replace(detections, optional=np.isin(keys, incomplete)).take(checked)
    return kept, int(len(checked) - np.count_nonzero(checked))


def _keys(named: Iterable[tuple[int, Sequence[int]]], position: Mapping[int, int], classes: int) -> Int64s:
    return np.array(
        [image * classes + position[value] for image, values in named for value in values if value in position],
        np.int64,
    )
