"""Boundary IoU: how far two outlines agree, which an IoU of large masks hardly sees.

B. Cheng et al., Boundary IoU, CVPR 2021: only the pixels within a distance d of the outline, inside of it, are
compared; d is 2 % of the image's diagonal. For average precision the lower of mask IoU and boundary IoU counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.evaluation.threads import cores, side_by_side
from science.shapes.masks import Masks, joined, masks_of_pixels, pixels_of
from science.shapes.overlap import RimmedMasks

WIDTH = 0.02  # of the image's diagonal


def with_rims(masks: Masks, width: float = WIDTH) -> RimmedMasks:
    """The masks and their rims, as wide as a part of each image's diagonal, at least one pixel."""
    cuts = np.linspace(0, masks.total, 4 * cores() + 1).astype(np.int64)
    parts = side_by_side(
        lambda k: _rims(masks.take(np.arange(cuts[k], cuts[k + 1])), width), list(range(len(cuts) - 1))
    )
    return RimmedMasks(masks, joined(parts))


def _rims(masks: Masks, width: float) -> Masks:
    return masks_of_pixels([_rim(pixels_of(masks, k), width) for k in range(masks.total)])


def _rim(mask: NDArray[np.bool_], width: float) -> NDArray[np.bool_]:
    """The pixels of a mask that an erosion takes away; beyond the image's edge nothing is the mask's."""
    from scipy.ndimage import minimum_filter  # slow to load, and Django starts without it

    distance = max(1, round(width * float(np.hypot(*mask.shape))))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    rim = np.zeros_like(mask)
    if not len(rows):
        return rim
    part = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    whole = mask[part].astype(np.uint8)
    rim[part] = whole > minimum_filter(whole, size=2 * distance + 1, mode="constant", cval=0)
    return rim
