"""Browser, thumbnail, crop, embedding, training and prediction see the same pixels, whatever was imported."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from curate.embeddings.encoder.pictures import large_picture, small_picture
from model.engines.fitting import fit
from model.engines.types import LabelledImage, TrainSettings
from model.engines.ultralytics.images import training_images
from storage import drawing
from storage.pictures import Picture, take_in
from storage.shrinking import shrink
from tests.storage.wide_gamut import DISPLAY_P3, in_srgb

SIDE = 64
RED, GREEN, BLUE, GREY = (200, 40, 30), (50, 180, 60), (40, 60, 190), (128, 128, 128)
QUADRANTS = (RED, GREEN, BLUE, GREY)  # upper left, upper right, lower left, lower right
LEVELS = (30, 90, 160, 230)
WHITE = (255, 255, 255)

Means = np.ndarray  # (4, 3) RGB


def quartered(colours: Any, mode: str = "RGB") -> Image.Image:
    """Four squares of one colour each."""
    picture = Image.new(mode, (SIDE, SIDE))
    half = SIDE // 2
    for place, colour in enumerate(colours):
        left, top = half * (place % 2), half * (place // 2)
        picture.paste(colour, (left, top, left + half, top + half))
    return picture


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def grey(*levels: int) -> tuple[tuple[int, int, int], ...]:
    return tuple((level, level, level) for level in levels)


def palette_with_transparency() -> bytes:
    """The last colour of the palette is transparent; black hides below it."""
    picture = Image.new("P", (SIDE, SIDE))
    picture.putpalette([*RED, *GREEN, *BLUE, 0, 0, 0])
    for place in range(4):
        left, top = SIDE // 2 * (place % 2), SIDE // 2 * (place // 2)
        picture.paste(place, (left, top, left + SIDE // 2, top + SIDE // 2))
    return written(picture, "PNG", transparency=3)


def deep_grey() -> bytes:
    """Sixteen bits, of which the whole range is used."""
    deep = np.zeros((SIDE, SIDE), np.uint16)
    half = SIDE // 2
    deep[:half, :half], deep[:half, half:], deep[half:, :half], deep[half:, half:] = 0, 16448, 32896, 65535
    return written(Image.fromarray(deep), "PNG")


def turned() -> bytes:
    """Stored on its side; upright, its quadrants are as the others'."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return written(quartered(QUADRANTS).transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif)


def two_frames(kind: str, **options: Any) -> bytes:
    return written(quartered(QUADRANTS), kind, save_all=True, append_images=[quartered((WHITE,) * 4)], **options)


def hidden_colour() -> bytes:
    """Transparent, with green below what is not seen."""
    picture = quartered(QUADRANTS).convert("RGBA")
    picture.paste((0, 255, 0, 0), (SIDE // 2, SIDE // 2, SIDE, SIDE))
    return written(picture, "PNG")


CASES: dict[str, tuple[Callable[[], bytes], Any, bool]] = {  # bytes, what is seen, whether they are converted
    "JPEG": (lambda: written(quartered(QUADRANTS), "JPEG", quality=95), QUADRANTS, False),
    "progressive JPEG": (
        lambda: written(quartered(QUADRANTS), "JPEG", quality=95, progressive=True),
        QUADRANTS,
        False,
    ),
    "grey JPEG": (lambda: written(quartered(LEVELS, "L"), "JPEG", quality=95), grey(*LEVELS), False),
    "CMYK JPEG": (
        lambda: written(quartered(QUADRANTS).convert("CMYK"), "JPEG", quality=95),
        QUADRANTS,
        True,
    ),
    "EXIF-turned JPEG": (turned, QUADRANTS, True),
    "Display P3 JPEG": (
        lambda: written(quartered(QUADRANTS), "JPEG", quality=95, icc_profile=DISPLAY_P3),
        tuple(in_srgb(colour) for colour in QUADRANTS),
        True,
    ),
    "sRGB JPEG": (
        lambda: written(
            quartered(QUADRANTS),
            "JPEG",
            quality=95,
            icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        ),
        QUADRANTS,
        False,
    ),
    "palette PNG with transparency": (palette_with_transparency, (RED, GREEN, BLUE, WHITE), True),
    "PNG with a hidden colour": (hidden_colour, (RED, GREEN, BLUE, WHITE), True),
    "opaque RGBA PNG": (lambda: written(quartered(QUADRANTS).convert("RGBA"), "PNG"), QUADRANTS, False),
    "16-bit grey PNG": (deep_grey, grey(0, 64, 128, 255), True),
    "1-bit PNG": (lambda: written(quartered((0, 1, 1, 0), "1"), "PNG"), grey(0, 255, 255, 0), False),
    "animated GIF": (lambda: two_frames("GIF"), QUADRANTS, True),
    "animated WebP": (lambda: two_frames("WEBP", lossless=True), QUADRANTS, True),
    "APNG": (lambda: two_frames("PNG"), QUADRANTS, True),
    "AVIF": (lambda: written(quartered(QUADRANTS), "AVIF", quality=95), QUADRANTS, True),
    "TIFF": (lambda: written(quartered(QUADRANTS), "TIFF"), QUADRANTS, True),
}


def means(pixels: Any) -> Means:
    """The mean RGB of each quadrant, its edges left out."""
    seen = np.asarray(pixels, dtype=float)
    seen = seen[..., None].repeat(3, axis=2) if seen.ndim == 2 else seen
    half, edge = seen.shape[0] // 2, seen.shape[0] // 8
    parts = [seen[y : y + half, x : x + half] for y in (0, half) for x in (0, half)]
    return np.array([part[edge:-edge, edge:-edge].mean(axis=(0, 1)) for part in parts])


def readers(path: Path, picture: Picture) -> dict[str, Any]:
    """What each part of the platform reads of a stored file; all RGB."""
    data = path.read_bytes()
    sample = LabelledImage(path, SIDE, SIDE, np.zeros((0, 4), np.float32), np.zeros(0, np.int32))
    images = training_images((sample,), ("car",), TrainSettings(imgsz=SIDE), stretched=False)
    return {
        "the file itself": Image.open(BytesIO(data)).convert("RGB"),
        "import's thumbnail": Image.open(BytesIO(picture.thumbnail)),
        "small thumbnail": Image.open(BytesIO(shrink(data, 32))),
        "crop": Image.open(BytesIO(drawing.cut_out(drawing.decoded(data), (0, 0, SIDE, SIDE), SIDE))),
        "embedding": small_picture(path, SIDE),
        "embedding of boxes": large_picture(path),
        "training": images.load_image(0)[0][..., ::-1],
        "prediction": fit(path, SIDE, stretched=False).pixels[..., ::-1],
    }


@pytest.mark.parametrize("case", CASES)
def test_all_readers_see_the_same(case: str, tmp_path: Path) -> None:
    make, expected, converted = CASES[case]
    picture = take_in(make())
    assert (picture.converted, picture.width, picture.height) == (converted, SIDE, SIDE)
    path = tmp_path / f"a{picture.suffix}"
    path.write_bytes(picture.data)
    for name, pixels in readers(path, picture).items():
        np.testing.assert_allclose(means(pixels), np.array(expected, dtype=float), atol=4, err_msg=name)


def test_training_leaves_what_lies_beside_an_image(tmp_path: Path) -> None:
    """`a.npy` is somebody's depth map, and the JPEG has a byte behind its end: the library would rewrite both."""
    data = written(quartered(QUADRANTS), "JPEG", quality=95) + b"\0"
    (tmp_path / "a.jpg").write_bytes(data)
    np.save(tmp_path / "a.npy", np.full((SIDE, SIDE), 7, np.uint16))
    before = (tmp_path / "a.npy").read_bytes()
    sample = LabelledImage(tmp_path / "a.jpg", SIDE, SIDE, np.array([[1, 1, 9, 9]], np.float32), np.zeros(1, np.int32))
    for cache in (False, True):
        images = training_images((sample,), ("car",), TrainSettings(imgsz=SIDE, cache=cache), stretched=False)
        pixels = images.load_image(0)[0][..., ::-1]
        np.testing.assert_allclose(means(pixels), np.array(QUADRANTS, dtype=float), atol=4)
    assert (tmp_path / "a.jpg").read_bytes() == data
    assert (tmp_path / "a.npy").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "a.npy"]
