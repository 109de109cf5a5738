"""Brightness, contrast and sharpness: worked examples."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from storage.facts import facts_of
from storage.pictures import take_in


def grey(pixels: object) -> np.ndarray:
    return np.repeat(np.asarray(pixels, dtype=np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    ("pixels", "brightness", "contrast", "sharpness"),
    [
        (np.full((4, 6), 100), 100, 0, 0),
        (np.repeat([[0, 200]], 4, axis=0), 100, 100, 0),  # too narrow for a Laplacian
        # One bright pixel in the middle of 5 × 5. The inner 3 × 3 Laplacian is −4 · 90 there, 90 at its four
        # neighbours, 0 at the corners: mean 0, variance (360² + 4 · 90²) / 9 = 18,000.
        (np.pad([[90]], 2), 3.6, 90 * np.sqrt(24) / 25, 18_000),
        # A checkerboard of 0 and 10: the Laplacian is 40 at five of the inner pixels and −40 at four.
        (10 * (np.indices((5, 5)).sum(axis=0) % 2), 4.8, np.sqrt(24.96), 1600 * (1 - 1 / 81)),
        (np.tile(np.arange(0, 90, 10), (9, 1)), 40, np.sqrt(2000 / 3), 0),  # a slope is not sharp
    ],
    ids=["flat", "halves", "dot", "checkerboard", "slope"],
)
def test_a_worked_example(pixels: np.ndarray, brightness: float, contrast: float, sharpness: float) -> None:
    facts = facts_of(grey(pixels))
    assert facts.brightness == pytest.approx(brightness)
    assert facts.contrast == pytest.approx(contrast)
    assert facts.sharpness == pytest.approx(sharpness)


def test_luma_weighs_the_colours() -> None:
    red, green = np.zeros((2, 8, 8, 3), dtype=np.uint8)
    red[:, :, 0] = green[:, :, 1] = 200
    assert facts_of(red).brightness == 60  # 0.299 · 200, rounded
    assert facts_of(green).brightness == 117


def test_they_compare_across_resolutions_and_kinds() -> None:
    """The same scene at three sizes, as JPEG and PNG, turned by EXIF or not, is measured alike."""
    noise = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    scene = Image.fromarray(noise).resize((1280, 960), Image.Resampling.BICUBIC)
    measured = []
    for size, kind in [((1280, 960), "JPEG"), ((640, 480), "PNG"), ((1000, 750), "WEBP"), ((1280, 960), "TIFF")]:
        out = BytesIO()
        scene.resize(size).save(out, kind)
        measured.append(take_in(out.getvalue()).facts)
    for one in measured[1:]:
        assert one.brightness == pytest.approx(measured[0].brightness, rel=0.01)
        assert one.contrast == pytest.approx(measured[0].contrast, rel=0.02)
        assert one.sharpness == pytest.approx(measured[0].sharpness, rel=0.15)


def test_a_blurred_picture_is_less_sharp_and_a_dark_one_less_bright() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    blurred = np.asarray(Image.fromarray(noise).resize((80, 45)).resize((320, 180)))
    assert facts_of(blurred).sharpness < facts_of(noise).sharpness / 10
    assert facts_of(noise // 4).brightness < facts_of(noise).brightness / 3
