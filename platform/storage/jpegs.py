"""What the bytes of a JPEG say without decoding it, and what can be had of a torn one."""

import numpy as np
import simplejpeg

from storage.shrinking import Pixels

END = b"\xff\xd9"
STUFFING, START_OF_SCAN = 0xFF, 0xDA
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 … SOF15; the three between mean other things
SHOWN = frozenset({0xC0, 0xC1, 0xC2})  # Huffman-coded, baseline or progressive: all that browsers decode
ALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # markers that no length follows


def is_shown(data: bytes) -> bool:
    """Whether browsers decode this kind of JPEG: not an arithmetic-coded or a lossless one."""
    return frame_marker(data) in SHOWN


def frame_marker(data: bytes) -> int:
    """The marker that says how the picture is coded; 0 where none comes before its scan."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            return marker
        if marker == START_OF_SCAN:
            return 0
        if marker == STUFFING:
            at += 1
        elif marker in ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0


def ends_at_its_end(data: bytes) -> bool:
    """Whether the last bytes are the end marker's; else the file is torn, or goes on behind it."""
    return data.endswith(END)


def what_is_left(data: bytes) -> Pixels:
    """The `(H, W, 3)` RGB pixels of a torn JPEG, those that are missing in one plain colour. Raises ValueError."""
    return simplejpeg.decode_jpeg(data, "RGB", strict=False)


def missing_share(pixels: Pixels) -> float:
    """Which share of the rows, from below, a decoder filled with one plain colour for want of data."""
    last = pixels[-1, -1]
    plain = (pixels == last).all(axis=(1, 2))  # (H,)
    kept = np.flatnonzero(~plain)
    return 1 - (int(kept[-1]) + 1) / len(pixels) if len(kept) else 1.0
