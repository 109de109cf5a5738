"""What a picture looks like, in numbers: brightness, contrast, sharpness and a perceptual hash.

All are measured on the luma (0.299 R + 0.587 G + 0.114 B, 0 to 255) of the picture at one size, its longer side
MEASURED_AT pixels, so that they compare across resolutions; a smaller picture is measured as it is. docs/import.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MEASURED_AT = 320  # pixels of the longer side
LUMA = np.arange(256, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Facts:
    """Numbers that are measured on a picture's pixels."""

    phash: int  # 64-bit difference hash, as a signed integer
    brightness: float  # mean luma, 0 to 255
    contrast: float  # standard deviation of the luma, 0 to 127.5
    sharpness: float  # variance of the Laplacian of the luma


def facts_of(pixels: NDArray[np.uint8]) -> Facts:
    """Measure the `(H, W, 3)` RGB pixels of a picture that is at most MEASURED_AT pixels long."""
    grey = Image.fromarray(pixels).convert("L")
    luma = np.asarray(grey)
    brightness, contrast = spread(grey.histogram())
    return Facts(difference_hash(grey), brightness, contrast, laplacian_variance(luma))


def spread(histogram: list[int]) -> tuple[float, float]:
    """Mean and standard deviation of the luma, of which each of the 256 values stands so often in the picture."""
    counts = np.array(histogram, dtype=np.float64)
    mean = float(counts @ LUMA / counts.sum())
    return mean, float(np.sqrt(counts @ np.square(LUMA - mean) / counts.sum()))


def laplacian_variance(luma: NDArray[np.uint8]) -> float:
    """Variance of the four neighbours' sum minus four times the pixel, over the inner pixels of `(H, W)` luma."""
    height, width = luma.shape
    if min(height, width) < 3:
        return 0.0
    flat = luma.ravel().astype(np.int16)  # ±1020 fits; one long row, which adds up fastest
    sums = flat[: -2 * width] + flat[2 * width :]  # of the pixels above and below, from the second row on
    sums += flat[width - 1 : -width - 1]
    sums += flat[width + 1 : len(flat) - width + 1]
    sums -= 4 * flat[width:-width]
    edges = sums.reshape(-1, width)[:, 1:-1].astype(np.float32).ravel()  # without the columns that wrapped around
    return float(edges @ edges / edges.size - np.square(edges.sum() / edges.size))


def difference_hash(grey: Image.Image) -> int:
    """64 bits: whether each of 8 × 8 cells is darker than its right neighbour. As a signed integer, for Postgres."""
    cells = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)  # (8, 9)
    bits = np.packbits((cells[:, 1:] > cells[:, :-1]).ravel())
    return int.from_bytes(bits.tobytes(), "big", signed=True)
