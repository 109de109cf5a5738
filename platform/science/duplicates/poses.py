"""In words, how one picture lies in another."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class CopyPose(StrEnum):
    UPRIGHT = "upright"
    MIRRORED = "mirrored"
    TURNED = "turned"
    MIRRORED_AND_TURNED = "mirrored_and_turned"


def pose_of(m: NDArray[np.float64]) -> CopyPose:
    """The pose by the (6,) map b = (m0 x + m1 y + m2, m3 x + m4 y + m5): mirrored where it changes the sense of a turn.

    Mirrored is left to right: a picture upside down in the glass is mirrored and turned by a half.
    """
    mirrored = m[0] * m[4] - m[1] * m[3] < 0
    upright = m[4] > abs(m[3]) and abs(m[0]) > abs(m[1])
    if mirrored:
        return CopyPose.MIRRORED if upright else CopyPose.MIRRORED_AND_TURNED
    return CopyPose.UPRIGHT if upright else CopyPose.TURNED
