"""What goes into the encoder and what comes out of it. Plain data: no torch, no Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ENCODER = "efficientnet-lite0"  # vectors of different encoders are never compared
DIMENSIONS = 1280
SIDE = 224  # pixels of the square that a picture is stretched to; what the encoder was trained at
CROP_SIDE = 128  # enough to tell what is in a box, at a third of the cost (docs/mislabels.md)

Vectors = NDArray[np.float16]  # (N, 1280), each of length 1


class EncoderError(RuntimeError):
    """The encoder's process could not do what was asked; the text is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class PictureToEncode:
    """An image file, and what of it is encoded: the whole, or each of these boxes."""

    path: Path
    boxes: NDArray[np.float32] | None = None  # (N, 4) xyxy pixels of the upright image

    def __len__(self) -> int:
        """How many vectors it gives."""
        return 1 if self.boxes is None else len(self.boxes)


@dataclass(frozen=True, slots=True)
class Encoded:
    """The vectors of some pictures, one after the other. Those of a picture that could not be read are zero."""

    vectors: Vectors
    failed: dict[int, str] = field(default_factory=dict)  # place of the picture -> why
