"""Display P3, as phones write it: its colour profile, and what its colours are in sRGB."""

import struct

import numpy as np

# The primaries as seen under D50, X Y Z (SMPTE EG 432-1, adapted by Bradford as Apple's own profile has them).
PRIMARIES = {
    "r": (0.51512, 0.24120, -0.00105),
    "g": (0.29198, 0.69225, 0.04189),
    "b": (0.15710, 0.06657, 0.78407),
}
TO_SRGB = np.array([[1.22494, -0.22494, 0], [-0.04206, 1.04206, 0], [-0.01964, -0.07864, 1.09827]])  # linear light


def fixed(*numbers: float) -> bytes:
    """Numbers as s15Fixed16."""
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def profile() -> bytes:
    """The smallest ICC profile (version 4) of three primaries and the curve of sRGB."""
    name = "Display P3".encode("utf-16-be")
    text = b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(name), 28) + name
    curve = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {b"desc": text, b"cprt": text, b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1, 0.8249)}
    for letter, colour in PRIMARIES.items():
        tags[f"{letter}XYZ".encode()] = b"XYZ \0\0\0\0" + fixed(*colour)
        tags[f"{letter}TRC".encode()] = curve
    at, table, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        data += b"\0" * (-len(data) % 4)
        table += tag + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    head = struct.pack(">I4xI", size, 0x04000000) + b"mntrRGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 28
    return (head + fixed(0.9642, 1, 0.8249)).ljust(128, b"\0") + table + body


DISPLAY_P3 = profile()


def in_srgb(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """A colour of Display P3, 0 to 255, in sRGB: out of the curve, through the matrix, into the curve."""
    value = np.array(colour) / 255
    linear = TO_SRGB @ np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    linear = linear.clip(0, 1)
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple((255 * curved).round().astype(int).tolist())
