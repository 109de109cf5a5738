"""Which places of the grid learn which object. One image at a time: N objects, A places.

ATSS (Zhang et al., arXiv 1912.02424) in the first epochs, when predictions say nothing yet; then the task-aligned
assignment (Feng et al., arXiv 2108.07755), which goes by the predictions themselves.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from model.engines.yolov6.overlap import iou_matrix, iou_of_pairs

NEAREST = 9  # candidates of an object on each level (ATSS)
ANCHOR = 5.0  # side in strides of the square that stands for a place (ATSS)
BEST = 13  # places that learn an object (task-aligned)
ALPHA, BETA = 1.0, 6.0  # powers of score and overlap (task-aligned)
NOBODY = -1
TINY = 1e-9


class Assigned(NamedTuple):
    """What each place learns."""

    owner: Tensor  # (A,) index of the object, or NOBODY
    quality: Tensor  # (A,) 0..1, the score that the object's class is to have there


class GridPlaces(NamedTuple):
    """The grid, and what is predicted there, without gradient."""

    centres: Tensor  # (A, 2) pixels
    strides: Tensor  # (A, 1) pixels
    boxes: Tensor  # (A, 4) xyxy pixels
    scores: Tensor  # (A, C) 0..1


def assign_by_distance(objects: Tensor, places: GridPlaces) -> Assigned:
    """ATSS: of the places nearest to an object, those that overlap it more than is usual among them."""
    half = places.strides * ANCHOR / 2
    overlaps = iou_matrix(objects, torch.cat([places.centres - half, places.centres + half], 1))  # (N, A)
    near = nearest_places(objects, places)
    among = overlaps.gather(1, near)
    usual = among.mean(1, keepdim=True) + among.std(1, keepdim=True)
    candidate = torch.zeros_like(overlaps, dtype=torch.bool).scatter_(1, near, True)
    owner = one_owner(candidate & (overlaps > usual) & inside_matrix(objects, places.centres), overlaps)
    return Assigned(owner, _overlap_with_owner(objects, places.boxes, owner))


def nearest_places(objects: Tensor, places: GridPlaces) -> Tensor:
    """(N, K) the nearest of each level, as indices of places."""
    distances = torch.cdist((objects[:, :2] + objects[:, 2:]) / 2, places.centres)
    counts = torch.unique_consecutive(places.strides, return_counts=True)[1].tolist()
    found, first = [], 0
    for level in torch.split(distances, counts, 1):
        found.append(level.topk(min(NEAREST, level.shape[1]), 1, largest=False).indices + first)
        first += level.shape[1]
    return torch.cat(found, 1)


def assign_by_task(objects: Tensor, classes: Tensor, places: GridPlaces) -> Assigned:
    """Task-aligned: the places inside an object that score and overlap best, taken together."""
    overlaps = iou_matrix(objects, places.boxes)  # (N, A)
    fitting = places.scores.T[classes].pow(ALPHA) * overlaps.pow(BETA)
    inside = inside_matrix(objects, places.centres)
    best = fitting.masked_fill(~inside, -1).topk(min(BEST, fitting.shape[1]), 1).indices
    chosen = torch.zeros_like(inside).scatter_(1, best, True) & inside
    owner = one_owner(chosen, overlaps)
    mine = owner[None] == torch.arange(len(objects), device=owner.device)[:, None]  # (N, A)
    most = (fitting * mine).amax(1, keepdim=True)
    quality = fitting * mine / (most + TINY) * (overlaps * mine).amax(1, keepdim=True)
    return Assigned(owner, quality.amax(0))


def inside_matrix(objects: Tensor, points: Tensor) -> Tensor:
    """(N, A) whether a point lies in an object's box."""
    low, high = points[None] - objects[:, None, :2], objects[:, None, 2:] - points[None]
    return torch.cat([low, high], 2).amin(2) > TINY


def one_owner(wanted: Tensor, overlaps: Tensor) -> Tensor:
    """(A,) the object of each place; of several that want it, the one that overlaps most."""
    owner = overlaps.masked_fill(~wanted, -1).argmax(0)
    return torch.where(wanted.any(0), owner, NOBODY)


def _overlap_with_owner(objects: Tensor, boxes: Tensor, owner: Tensor) -> Tensor:
    overlap, _ = iou_of_pairs(boxes, objects[owner.clamp(min=0)])
    return overlap * (owner != NOBODY)
