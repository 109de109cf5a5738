"""Points of a picture that are found again in its copies. The one file of ours where OpenCV is imported."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from science.duplicates.signatures import (
    PATTERN,
    POINTS,
    REACH,
    SMALL,
    Signature,
    describe_all,
    pose_of_points,
    spread_out,
    symmetric_hashes,
)
from storage.frames import is_fast

FOUND = 900  # corners looked for, of which the best spread ones are kept
LEVELS, STEP = 7, 1.25  # of scale: up to 3.8 times smaller
CORNER = 8  # levels of grey by which a corner's circle differs; low, for soft pictures
EDGE = 8  # pixels at the edge without points
COARSE = 3  # from this level on, where a picture is half as large
CELLS = 8
SMOOTH = 5  # pixels


def signature_of(jpeg: bytes) -> Signature:
    """The signature of a picture's thumbnail. Raises ValueError where it is no JPEG that can be read."""
    if not is_fast(jpeg):
        raise ValueError("it is no JPEG of a kind that thumbnails are of")
    grey = simplejpeg.decode_jpeg(jpeg, "GRAY", strict=False, fastdct=True)[:, :, 0]
    return signature_of_grey(np.ascontiguousarray(grey))


def signature_of_grey(grey: NDArray[np.uint8]) -> Signature:
    """The signature of an (H, W) grey picture."""
    cv2.setNumThreads(1)  # pictures are worked on side by side already
    small = _resized(grey, (SMALL, SMALL))
    points, words, poses = _described(grey)
    return Signature(small, symmetric_hashes(small), points, words, poses, (grey.shape[0], grey.shape[1]))


def _described(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.uint64], NDArray[np.uint8]]:
    """(K, 2) points, (K, 4) words and (K,) poses."""
    found = _detector().detect(grey)
    if not found:
        return np.zeros((0, 2), np.float32), np.zeros((0, 4), np.uint64), np.zeros(0, np.uint8)
    rows = np.array([(*one.pt, one.angle, one.octave, one.response) for one in found], np.float32)
    height, width = grey.shape
    places = (rows[:, :2] / [width, height]).astype(np.float32)
    kept = rows[_of_both_bands(places, rows)]
    angle, octave = np.deg2rad(kept[:, 2]), kept[:, 3].astype(int)
    words = np.zeros((len(kept), 4), np.uint64)
    level_grey: Any = grey
    for level in np.unique(octave):
        scale = STEP ** float(level)
        of_level = np.flatnonzero(octave == level)
        size = (max(1, round(width / scale)), max(1, round(height / scale)))
        level_grey = grey if level == 0 else cv2.resize(level_grey, size)  # from the level before: a quarter smaller
        smooth: NDArray[np.uint8] = np.asarray(cv2.GaussianBlur(level_grey, (SMOOTH, SMOOTH), 1.6), np.uint8)
        turned = np.column_stack([kept[of_level, :2] / scale, angle[of_level]]).astype(np.float32)
        words[of_level] = describe_all(smooth, turned, PATTERN, REACH)
    return (kept[:, :2] / [width, height]).astype(np.float32), words, pose_of_points(angle, octave)


def _of_both_bands(places: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.int64]:
    """Which of (K, 5) corners are kept, fine ones and coarse ones by turns, both spread over the picture.

    What is fine in a picture is coarse in a tile of it: kept by strength alone, the two would have little in common.
    """
    fine = rows[:, 3] < COARSE
    bands = [np.flatnonzero(fine), np.flatnonzero(~fine)]
    chosen = [band[spread_out(places[band], rows[band, 4], CELLS, POINTS // 2)] for band in bands]
    turns = np.concatenate([np.arange(len(band)) for band in chosen])
    return np.concatenate(chosen)[np.argsort(turns, kind="stable")]


def _resized(grey: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    smaller: NDArray[np.uint8] = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    return smaller


@cache
def _detector() -> Any:
    return cv2.ORB.create(
        nfeatures=FOUND, scaleFactor=STEP, nlevels=LEVELS, edgeThreshold=EDGE, patchSize=31, fastThreshold=CORNER
    )
