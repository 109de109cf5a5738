"""A loose box drawn tight around its object by GrabCut (Rother, Kolmogorov and Blake, 2004): numbers in, numbers out.

The rim of the crop is background for sure and what is inside the box may be the object; two mixtures of colours and a
cut between them say which pixels are. Where the outcome is no plain object the answer is None: better nothing than a
wrong box.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from label.assists.regions import Region
from science.geometry.boxes import iou

ROUNDS = 4
SMALLEST = 8  # pixels of a side below which there is nothing to tell colours by
LEAST_FILLED = 0.2  # of the found box that the object covers: less is shreds
LEAST_KEPT = 0.3  # IoU of the found box with the drawn one: less is another thing
SPECKS = 0.04  # of the largest piece: smaller pieces are specks


def tight_box(pixels: NDArray[np.uint8], box: tuple[float, float, float, float]) -> tuple[float, ...] | None:
    """The object inside `box` (xyxy pixels of `pixels`, (H, W, 3)); None where it cannot be told from what is around.

    Deterministic: OpenCV's generator is set, so the same crop gives the same box.
    """
    height, width = pixels.shape[:2]
    x1, y1 = max(1, round(box[0])), max(1, round(box[1]))
    x2, y2 = min(width - 1, round(box[2])), min(height - 1, round(box[3]))
    if x2 - x1 < SMALLEST or y2 - y1 < SMALLEST:
        return None
    mask = np.zeros((height, width), np.uint8)
    cv2.setNumThreads(1)
    cv2.setRNGSeed(0)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(pixels, mask, (x1, y1, x2 - x1, y2 - y1), background, foreground, ROUNDS, cv2.GC_INIT_WITH_RECT)
    found = pieces_box(((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8))
    if found is None:
        return None
    return found if iou(np.array([found]), np.array([box]))[0, 0] >= LEAST_KEPT else None


def pieces_box(object_mask: NDArray[np.uint8]) -> tuple[float, ...] | None:
    """The box around the largest piece and those that are no specks beside it; None of shreds."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(object_mask, connectivity=8)
    if count < 2:
        return None
    pieces = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= SPECKS * stats[1:, cv2.CC_STAT_AREA].max()]
    x1, y1 = pieces[:, 0].min(), pieces[:, 1].min()
    x2, y2 = (pieces[:, 0] + pieces[:, 2]).max(), (pieces[:, 1] + pieces[:, 3]).max()
    if pieces[:, cv2.CC_STAT_AREA].sum() < LEAST_FILLED * (x2 - x1) * (y2 - y1):
        return None
    return float(x1), float(y1), float(x2), float(y2)


def tight_in_image(
    pixels: NDArray[np.uint8], box: tuple[float, float, float, float], region: Region
) -> list[float] | None:
    """`tight_box` for a box in pixels of the image of which `pixels` show the region, at whatever size."""
    scale = np.array([pixels.shape[1] / (region[2] - region[0]), pixels.shape[0] / (region[3] - region[1])] * 2)
    shift = np.array([region[0], region[1]] * 2)
    x1, y1, x2, y2 = ((np.array(box) - shift) * scale).tolist()
    found = tight_box(pixels, (x1, y1, x2, y2))
    return None if found is None else [round(value, 2) for value in (np.array(found) / scale + shift).tolist()]
