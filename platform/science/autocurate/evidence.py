"""What the judge's detections say about a box: how strongly it sees each class there, and how well it fits.

A detection speaks for a box only if no other label of the detection's class overlaps it more: the bicycle under a
rider is evidence for the bicycle's label, not for relabelling the rider.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.ignored import not_to_be_judged
from science.evaluation.matching import compact_boxes, overlap
from science.evaluation.types import Detections, GroundTruth
from science.geometry.compiled import compiled

LOOSE_IOU = 0.3  # below it a detection says nothing about a box's class
FULL_IOU = 0.55  # from here on it says all it can; a small judge places boxes poorly
NEAR_IOU = 0.1  # below it a detection has nothing to do with a box
TIGHT_IOU = 0.75  # from here on a detection confirms how the box is drawn

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


class BoxScene(NamedTuple):
    """Detections and labels of all images, each sorted by image."""

    det_start: Ints  # (I+1,) the detections of image i are det_start[i]:det_start[i + 1]
    det_row: Ints  # (M,) position in the Detections
    det_box: Float64s  # (M, 5) ``compact_boxes``
    det_class: Ints  # (M,)
    det_score: Float64s  # (M,) 0 … 1
    gt_start: Ints  # (I+1,)
    gt_row: Ints  # (N,) position in the GroundTruth
    gt_box: Float64s  # (N, 5)
    gt_class: Ints  # (N,)
    owner: Ints  # (M,) the label of the detection's class that overlaps it most, as a row of gt_*; -1 = none
    owner_iou: Float64s  # (M,)
    second_iou: Float64s  # (M,) the same of the next best label
    any_owner: Ints  # (M,) the label of any class that overlaps it most
    any_iou: Float64s  # (M,)
    any_second: Float64s  # (M,)


class Queries(NamedTuple):
    """Boxes that the judge is asked about."""

    image: Ints  # (Q,)
    box: Float64s  # (Q, 5)
    skip: Ints  # (Q,) the label, as a row of gt_*, that the box is or replaces; -1 = none


class Evidence(NamedTuple):
    """The answers."""

    strength: Float64s  # (Q, C) score of each class at the box, less where the detection fits loosely
    speaker: Ints  # (Q, C) the detection behind it, as a row of det_*; -1 = none
    near_score: Float64s  # (Q,) the highest score of a detection that overlaps this box, and no label more
    fit: Float64s  # (Q,) IoU of the box with the detection that depicts the same object best; 0 = none
    fit_score: Float64s  # (Q,) that detection's score
    fit_speaker: Ints  # (Q,) that detection; -1 = none
    tight_score: Float64s  # (Q,) the highest score of a detection that fits with IoU >= TIGHT_IOU


def scene_of(truth: GroundTruth, detections: Detections) -> BoxScene:
    """Sort both by image and find out which label each detection belongs to. What is ignored is not doubted.

    Neither as a label nor as a detection in it, which would be taken for an object that nobody labelled.
    """
    det_row = np.lexsort((-detections.scores.astype(np.float64), detections.image_index)).astype(np.int64)
    if truth.crowd.any():
        found = (detections.image_index, detections.boxes, detections.class_index)
        det_row = det_row[~not_to_be_judged(truth, *found, found=LOOSE_IOU)[det_row]]
    gt_row = np.flatnonzero(~truth.crowd)
    gt_row = gt_row[np.argsort(truth.image_index[gt_row], kind="stable")].astype(np.int64)
    images = np.arange(truth.images + 1)
    det_start = np.searchsorted(detections.image_index[det_row], images).astype(np.int64)
    gt_start = np.searchsorted(truth.image_index[gt_row], images).astype(np.int64)
    det_box = compact_boxes(detections.boxes, None)[det_row]
    gt_box = compact_boxes(truth.boxes, None)[gt_row]
    det_class, gt_class = detections.class_index[det_row], truth.class_index[gt_row]
    owners = _owners(det_start, det_box, det_class, gt_start, gt_box, gt_class)
    scores = detections.scores[det_row].astype(np.float64)
    return BoxScene(
        det_start, det_row, det_box, det_class, scores, gt_start, gt_row, gt_box, gt_class, *owners
    )  # fmt: skip


@compiled
def _owners(
    det_start: Ints, det_box: Float64s, det_class: Ints, gt_start: Ints, gt_box: Float64s, gt_class: Ints
) -> tuple[Ints, Float64s, Float64s, Ints, Float64s, Float64s]:
    """Return for each detection its best label and IoU and the second best IoU: of its class, then of any."""
    count = len(det_class)
    label = np.full((2, count), -1, np.int64)
    best = np.zeros((2, count))
    second = np.zeros((2, count))
    for image in range(len(det_start) - 1):
        for d in range(det_start[image], det_start[image + 1]):
            for g in range(gt_start[image], gt_start[image + 1]):
                value = overlap(det_box[d], gt_box[g], False)
                for kind in range(2):
                    if value <= 0 or (kind == 0 and gt_class[g] != det_class[d]):
                        continue
                    if value > best[kind, d]:
                        second[kind, d] = best[kind, d]
                        best[kind, d] = value
                        label[kind, d] = g
                    elif value > second[kind, d]:
                        second[kind, d] = value
    return label[0], best[0], second[0], label[1], best[1], second[1]


@compiled
def most_overlap(scene: BoxScene, queries: Queries) -> Float64s:
    """Return (Q,) the highest IoU of each box with any label of its image but the one that it stands for."""
    highest = np.zeros(len(queries.image))
    for q in range(len(highest)):
        for g in range(scene.gt_start[queries.image[q]], scene.gt_start[queries.image[q] + 1]):
            if g != queries.skip[q]:
                highest[q] = max(highest[q], overlap(queries.box[q], scene.gt_box[g], False))
    return highest


@compiled
def evidence_of(scene: BoxScene, queries: Queries, classes: int) -> Evidence:
    """Return what the detections say about each box."""
    count = len(queries.image)
    strength = np.zeros((count, classes))
    speaker = np.full((count, classes), -1, np.int64)
    near_score = np.zeros(count)
    fit = np.zeros(count)
    fit_score = np.zeros(count)
    fit_speaker = np.full(count, -1, np.int64)
    tight_score = np.zeros(count)
    for q in range(count):
        image = queries.image[q]
        best_fit = 0.0
        for d in range(scene.det_start[image], scene.det_start[image + 1]):
            value = overlap(scene.det_box[d], queries.box[q], False)
            if value < NEAR_IOU:
                continue
            own = scene.second_iou[d] if scene.owner[d] == queries.skip[q] else scene.owner_iou[d]
            any_own = scene.any_second[d] if scene.any_owner[d] == queries.skip[q] else scene.any_iou[d]
            score = scene.det_score[d]
            k = scene.det_class[d]
            if value >= any_own:
                near_score[q] = max(near_score[q], score)
                if value >= TIGHT_IOU:
                    tight_score[q] = max(tight_score[q], score)
                if score * (0.2 + value) > best_fit:  # mostly the surest, a little the nearest
                    best_fit = score * (0.2 + value)
                    fit[q] = value
                    fit_score[q] = score
                    fit_speaker[q] = d
            if value < LOOSE_IOU or value < own:
                continue
            said = score * min(1.0, (value - LOOSE_IOU) / (FULL_IOU - LOOSE_IOU))
            if said > strength[q, k]:
                strength[q, k] = said
                speaker[q, k] = d
    return Evidence(strength, speaker, near_score, fit, fit_score, fit_speaker, tight_score)


@compiled
def leaders(scene: BoxScene, standing: Float64s) -> tuple[Ints, Ints]:
    """Group detections of any class that overlap (IoU > 0.5) around the one with the highest ``standing`` (M,).

    Returns (M,) the leader of each detection's group, itself for a leader, and (M,) how many each leader has.
    """
    leader = np.full(len(standing), -1, np.int64)
    followers = np.zeros(len(standing), np.int64)
    for image in range(len(scene.det_start) - 1):
        start, end = scene.det_start[image], scene.det_start[image + 1]
        for i in np.argsort(-standing[start:end], kind="mergesort"):
            d = start + i
            if leader[d] >= 0:
                continue
            leader[d] = d
            for e in range(start, end):
                if leader[e] < 0 and overlap(scene.det_box[d], scene.det_box[e], False) > 0.5:
                    leader[e] = d
                    followers[d] += 1
    return leader, followers
