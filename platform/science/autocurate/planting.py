"""Plant label errors whose truth is known, to compare the judge's answers to them with its answers to the labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.autocurate.evidence import BoxScene, Queries, most_overlap
from science.evaluation.matching import compact_boxes
from science.geometry.boxes import paired_iou

CONFUSED = 0.75  # of planted classes follow the judge's own confusions, the rest how frequent classes are
SHIFT = 0.4  # of a side: how far a redrawn box may be moved
GROWTH = (0.6, 1.6)  # by how much a side of a redrawn box may shrink or grow
REDRAWN_IOU = (0.3, 0.75)  # a redrawn box overlaps the label it stands for by so much
SPURIOUS_IOU = 0.1  # a planted box overlaps every label by less
TRIES = 20

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


def other_classes(labels: Ints, confusion: Float64s, random: np.random.Generator) -> Ints:
    """Return (N,) another class for each label, mostly one that it is confused with; the same where C is 1.

    ``confusion`` (C, C) says in any unit how often a thing of the row's class is taken for one of the column's.
    """
    classes = len(confusion)
    frequency = np.bincount(labels, minlength=classes).astype(np.float64)
    chance = CONFUSED * _rows_to_one(_off_diagonal(confusion)) + (1 - CONFUSED) * _rows_to_one(
        _off_diagonal(np.tile(frequency, (classes, 1)))
    )
    steps = np.cumsum(_rows_to_one(chance), axis=1)[labels]  # (N, C)
    picked: Ints = (random.random(len(labels))[:, None] >= steps).sum(axis=1).astype(np.int64)
    return np.where(picked < classes, picked, labels)


def _off_diagonal(matrix: Float64s) -> Float64s:
    return np.where(np.eye(len(matrix), dtype=bool), 0.0, matrix)


def _rows_to_one(matrix: Float64s) -> Float64s:
    total = matrix.sum(axis=1, keepdims=True)
    scaled: Float64s = np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)
    return scaled


def moved_boxes(
    scene: BoxScene, boxes: Float64s, image: Ints, sizes: Float64s, random: np.random.Generator
) -> tuple[Float64s, NDArray[np.bool_]]:
    """Return (K, 4) boxes of the given ones' size at a random place of their image, and where one was found.

    ``sizes`` (I, 2) are the images' width and height in pixels.
    """
    sides, room = boxes[:, 2:] - boxes[:, :2], sizes[image]
    placed, missing = boxes.copy(), np.ones(len(boxes), bool)
    for _ in range(TRIES):
        rows = np.flatnonzero(missing)
        corner = random.random((len(rows), 2)) * np.maximum(room[rows] - sides[rows], 0)
        placed[rows] = np.concatenate([corner, np.minimum(corner + sides[rows], room[rows])], axis=1)
        queries = Queries(image[rows], compact_boxes(placed[rows], None), np.full(len(rows), -1))
        missing[rows] = most_overlap(scene, queries) >= SPURIOUS_IOU
    return placed, ~missing


def redrawn_boxes(boxes: Float64s, room: Float64s, random: np.random.Generator) -> tuple[Float64s, NDArray[np.bool_]]:
    """Return (K, 4) boxes that overlap the given ones only in part, and where one was found; ``room`` (K, 2) pixels."""
    sides, middle = boxes[:, 2:] - boxes[:, :2], (boxes[:, 2:] + boxes[:, :2]) / 2
    drawn, missing = boxes.copy(), np.ones(len(boxes), bool)
    for _ in range(TRIES):
        rows = np.flatnonzero(missing)
        centre = middle[rows] + random.uniform(-SHIFT, SHIFT, (len(rows), 2)) * sides[rows]
        half = sides[rows] * random.uniform(*GROWTH, (len(rows), 2)) / 2
        drawn[rows] = np.clip(np.concatenate([centre - half, centre + half], axis=1), 0, np.tile(room[rows], 2))
        fit = paired_iou(drawn[rows], boxes[rows])
        missing[rows] = (fit < REDRAWN_IOU[0]) | (fit > REDRAWN_IOU[1])
    return drawn, ~missing
