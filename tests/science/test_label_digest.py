"""Labels of an image as a digest."""

import hashlib
import struct

import pytest

from science.label_digest import label_digest

A, B = (1.5, 2.0, 3.25, 4.0), (0.1, 0.2, 5.0, 6.0)


def test_it_works() -> None:
    """By hand: the class as a little-endian int32, then the four float32."""
    written = struct.pack("<i4f", 7, *A)
    assert label_digest([7], [A]) == hashlib.sha256(written).hexdigest()[:16]
    assert label_digest([], []) == hashlib.sha256(b"").hexdigest()[:16]


def test_the_order_is_nothing() -> None:
    assert label_digest([1, 0], [A, B]) == label_digest([0, 1], [B, A])


@pytest.mark.parametrize(
    ("classes", "boxes"), [([1, 1], [A, B]), ([0, 1], [A, B]), ([1], [A]), ([1, 0], [A, (0.1, 0.2, 5.0, 6.001)])]
)
def test_other_labels_differ(classes: list[int], boxes: list[tuple[float, ...]]) -> None:
    assert label_digest(classes, boxes) != label_digest([1, 0], [A, B])


def test_decimals_are_those_of_float32() -> None:
    """A box that came through JSON is the box that is stored."""
    stored = struct.unpack("<f", struct.pack("<f", 0.1))[0]
    assert label_digest([0], [(stored, 0, 1, 1)]) == label_digest([0], [(0.1, 0, 1, 1)])
