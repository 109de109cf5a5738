"""What the bytes of a JPEG say without decoding it, and what can be had of a torn one."""

import numpy as np
import simplejpeg

from storage.frames import HUFFMAN, frame_marker, is_fast
from storage.shrinking import Pixels

END = b"\xff\xd9"


def is_shown(data: bytes) -> bool:
    """Whether browsers decode this kind of JPEG: not an arithmetic-coded or a lossless one."""
    return frame_marker(data) in HUFFMAN


def ends_at_its_end(data: bytes) -> bool:
    """Whether the last bytes are the end marker's; else the file is torn, or goes on behind it."""
    return data.endswith(END)


def what_is_left(data: bytes) -> Pixels:
    """The `(H, W, 3)` RGB pixels of a torn JPEG, those that are missing in one plain colour. Raises ValueError."""
    if not is_fast(data):
        raise ValueError("its file is torn, and it is of a kind of which nothing can be saved")
    return simplejpeg.decode_jpeg(data, "RGB", strict=False)


def missing_share(pixels: Pixels) -> float:
    """Which share of the rows, from below, a decoder filled with one plain colour for want of data."""
    last = pixels[-1, -1]
    plain = (pixels == last).all(axis=(1, 2))  # (H,)
    kept = np.flatnonzero(~plain)
    return 1 - (int(kept[-1]) + 1) / len(pixels) if len(kept) else 1.0
