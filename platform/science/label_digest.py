"""Labels of an image in sixteen characters, the same wherever they are the same."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import ArrayLike

LENGTH = 16


def label_digest(class_index: ArrayLike, boxes: ArrayLike) -> str:
    """The beginning of the SHA-256 of an image's labels, in whatever order they come.

    `class_index` (N,) places in the class list, `boxes` (N, 4) xyxy pixels as float32 has them. No labels are labels
    too: their digest is that of nothing.
    """
    index = np.asarray(class_index, "<i4").reshape(-1)
    corners = np.asarray(boxes, "<f4").reshape(-1, 4)
    order = np.lexsort([*corners.T[::-1], index])
    return sha256(index[order].tobytes() + corners[order].tobytes()).hexdigest()[:LENGTH]
