"""Average recall of many resamples at once, and the mean of the classes that a resample has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.evaluation.matching import Matches
from science.evaluation.resampling import Float64s, draws


def recall_of_resamples(matches: Matches, groups: NDArray[np.int64], resamples: int, seed: int) -> Float64s:
    """Return (B,) average recall: found boxes over labelled ones, in the mean of thresholds and classes.

    A class's recall of a resample is a ratio of two weighted sums over images, so all resamples are two products.
    """
    shape = (matches.images, matches.classes)
    steps = len(matches.iou_thresholds)
    times_found = sum(((matches.hit[0] >> np.uint16(t)) & 1).astype(np.float64) for t in range(steps))
    real = ~matches.gt_ignored[0]
    found, boxes = np.zeros(shape), np.zeros(shape)
    np.add.at(found, (matches.det_image, matches.det_class), times_found / steps)
    np.add.at(boxes, (matches.gt_image[real], matches.gt_class[real]), 1.0)
    recalls = []
    for weights in draws(groups, resamples, seed):
        labelled = weights @ boxes  # (B, C)
        recalls.append(np.divide(weights @ found, labelled, out=np.full(labelled.shape, np.nan), where=labelled > 0))
    return mean_of_present(np.concatenate(recalls), 1) if recalls else np.zeros(0)


def mean_of_present(values: Float64s, axis: int) -> Float64s:
    """Return the mean of what is not NaN; NaN where nothing is left."""
    present = ~np.isnan(values)
    count = present.sum(axis=axis)
    total = np.where(present, values, 0.0).sum(axis=axis)
    mean: Float64s = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean
