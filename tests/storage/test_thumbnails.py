"""Thumbnails: small JPEGs, made once."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storage import blobs
from storage.thumbnails import thumbnail
from tests.factories import jpeg


@pytest.fixture(autouse=True)
def storage_root(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_ROOT = tmp_path


def shrunk(data: bytes, size: int) -> Image.Image:
    blob = blobs.put_bytes(data)
    return Image.open(BytesIO(blobs.read(thumbnail(sha256=blob.sha256, location=blob.key, size=size))))


@pytest.mark.parametrize(
    ("given", "size", "expected"),
    [
        ((1280, 720), 320, (320, 180)),
        ((720, 1280), 160, (90, 160)),
        ((100, 50), 320, (100, 50)),
        ((4000, 3), 160, (160, 1)),
    ],
)
def test_it_works(given: tuple[int, int], size: int, expected: tuple[int, int]) -> None:
    small = shrunk(jpeg(*given), size)
    assert (small.size, small.format, small.mode) == (expected, "JPEG", "RGB")


def test_it_looks_like_the_image() -> None:
    small = np.asarray(shrunk(jpeg(640, 480), 160), dtype=int)
    assert small[:, :70].mean() > 230
    assert np.abs(small[:, 90:].mean(axis=(0, 1)) - [90, 120, 60]).max() < 6


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
def test_pngs_of_every_kind(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (300, 200)).save(out, "PNG")
    assert shrunk(out.getvalue(), 160).size == (160, 107)


def test_what_is_transparent_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert np.asarray(shrunk(out.getvalue(), 160)).min() > 250


def test_a_second_call_reads_what_the_first_made() -> None:
    blob = blobs.put_bytes(jpeg(640, 480))
    first = thumbnail(sha256=blob.sha256, location=blob.key, size=160)
    blobs.delete(blob.key)
    assert thumbnail(sha256=blob.sha256, location=blob.key, size=160) == first
    with pytest.raises(FileNotFoundError):
        thumbnail(sha256=blob.sha256, location=blob.key, size=320)
