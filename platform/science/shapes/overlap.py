"""How far two shapes overlap, for pairs of rows: on a crowd, the part of the detection that lies inside it."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.threads import cores, side_by_side
from science.geometry.compiled import compiled_in_place
from science.shapes.masks import Float64s, Int64s, Masks, shared_pixels
from science.shapes.turned import TurnedBoxes, gaussian_ious, room_to_clip, shared_area

FEW_PAIRS = 2_000


class RimmedMasks(NamedTuple):
    """Masks and the rims along their outlines: two are as far apart as the worse of both says."""

    masks: Masks
    rims: Masks

    @property
    def total(self) -> int:
        """The number of masks, N."""
        return self.masks.total

    def take(self, rows: NDArray[np.generic]) -> RimmedMasks:
        """Return the masks at these positions (or where a mask is true), in that order."""
        return RimmedMasks(self.masks.take(rows), self.rims.take(rows))

    def boxes(self) -> Float64s:
        """Return (N, 4) the smallest xyxy boxes around the pixels."""
        return self.masks.boxes()

    def areas(self) -> Float64s:
        """Return (N,) square pixels."""
        return self.masks.areas()


class GaussianBoxes(NamedTuple):
    """Turned boxes that are compared as ultralytics compares them, by their probabilistic IoU."""

    turned: TurnedBoxes

    @property
    def total(self) -> int:
        """The number of boxes, N."""
        return self.turned.total

    def take(self, rows: NDArray[np.generic]) -> GaussianBoxes:
        """Return the boxes at these positions (or where a mask is true), in that order."""
        return GaussianBoxes(self.turned.take(rows))

    def boxes(self) -> Float64s:
        """Return (N, 4) the xyxy boxes around them."""
        return self.turned.boxes()

    def areas(self) -> Float64s:
        """Return (N,) square pixels."""
        return self.turned.areas()


Shapes = Masks | RimmedMasks | TurnedBoxes | GaussianBoxes


def ious(found: Shapes, given: Shapes, det: Int64s, gt: Int64s, crowd: NDArray[np.bool_]) -> Float64s:
    """Return (P,) the overlap of detection ``det[p]`` with labelled shape ``gt[p]`` of the same image.

    Intersection over union, 0 … 1; where ``crowd[p]``, intersection over the detection's own area. Raises
    ``TypeError`` where the two are shapes of different kinds.
    """
    if isinstance(found, RimmedMasks) and isinstance(given, RimmedMasks):
        return np.minimum(ious(found.masks, given.masks, det, gt, crowd), ious(found.rims, given.rims, det, gt, crowd))
    if isinstance(found, GaussianBoxes) and isinstance(given, GaussianBoxes):
        return gaussian_ious(found.turned.take(det), given.turned.take(gt))
    values = np.empty(len(det))
    cuts = np.linspace(0, len(det), (4 * cores() if len(det) > FEW_PAIRS else 1) + 1).astype(np.int64).tolist()
    parts = list(pairwise(cuts))
    if isinstance(found, Masks) and isinstance(given, Masks):
        _of_masks.compile()  # type: ignore[attr-defined]
        side_by_side(lambda part: _of_masks(found, given, det, gt, crowd, *part, values), parts)
    elif isinstance(found, TurnedBoxes) and isinstance(given, TurnedBoxes):
        _of_turned.compile()  # type: ignore[attr-defined]
        side_by_side(lambda part: _of_turned(found, given, det, gt, crowd, *part, room_to_clip(), values), parts)
    else:
        raise TypeError(f"{type(found).__name__} cannot be laid over {type(given).__name__}")
    return values


@compiled_in_place
def _of_masks(
    found: Masks,
    given: Masks,
    det: Int64s,
    gt: Int64s,
    crowd: NDArray[np.bool_],
    low: int,
    high: int,
    values: Float64s,
) -> None:
    for p in range(low, high):
        shared = shared_pixels(found, det[p], given, gt[p])
        own = found.area[det[p]]
        whole = own if crowd[p] else own + given.area[gt[p]] - shared
        values[p] = shared / whole if shared else 0.0


@compiled_in_place
def _of_turned(
    found: TurnedBoxes,
    given: TurnedBoxes,
    det: Int64s,
    gt: Int64s,
    crowd: NDArray[np.bool_],
    low: int,
    high: int,
    room: Float64s,
    values: Float64s,
) -> None:
    for p in range(low, high):
        shared = shared_area(found.corner, det[p], given.corner, gt[p], room)
        own = found.area[det[p]]
        whole = own if crowd[p] else own + given.area[gt[p]] - shared
        values[p] = shared / whole if whole > 0 else 0.0
