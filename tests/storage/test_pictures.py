"""What is taken in as a picture, in which form, and what is refused."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storage.facts import difference_hash
from storage.pictures import PictureRefused, take_in
from tests.factories import jpeg


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), dtype=int)


def test_a_plain_jpeg_keeps_its_bytes() -> None:
    data = jpeg(64, 48)
    picture = take_in(data)
    assert picture.data is data
    assert (picture.width, picture.height, picture.suffix, picture.converted) == (64, 48, ".jpg", False)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_browsers_other_kinds_keep_their_bytes_too(kind: str) -> None:
    data = encoded(Image.new("RGB", (30, 20), "red"), kind)
    picture = take_in(data)
    assert (picture.data, picture.suffix, picture.converted) == (data, f".{kind.lower()}", False)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_the_size_is_the_picture_s_and_not_its_thumbnail_s(kind: str) -> None:
    picture = take_in(encoded(Image.new("RGB", (900, 600), "red"), kind))
    assert (picture.width, picture.height) == (900, 600)
    assert max(Image.open(BytesIO(picture.thumbnail)).size) == 320


@pytest.mark.parametrize(("orientation", "bright_side"), [(6, "top"), (8, "bottom"), (3, "right"), (2, "right")])
def test_exif_is_turned_upright(orientation: int, bright_side: str) -> None:
    """The left half is bright as stored."""
    picture = take_in(jpeg(64, 48, orientation=orientation))
    assert picture.converted
    assert (picture.width, picture.height) == ((48, 64) if orientation in (6, 8) else (64, 48))
    shown = pixels(picture.data).mean(axis=2)
    sides = {"top": shown[:20], "bottom": shown[-20:], "left": shown[:, :20], "right": shown[:, -20:]}
    assert max(sides, key=lambda side: sides[side].mean()) == bright_side
    assert take_in(picture.data).converted is False


@pytest.mark.parametrize(
    ("data", "suffix", "size"),
    [
        (encoded(Image.new("CMYK", (30, 20)), "JPEG"), ".jpg", (30, 20)),
        (encoded(Image.new("RGB", (30, 20)), "BMP"), ".png", (30, 20)),
        (encoded(Image.new("RGB", (30, 20)), "TIFF"), ".png", (30, 20)),
        (encoded(Image.new("P", (30, 20)), "GIF"), ".png", (30, 20)),
        (encoded(Image.fromarray(np.full((20, 30), 40_000, dtype=np.uint16)), "PNG"), ".png", (30, 20)),
    ],
    ids=["cmyk", "bmp", "tiff", "gif", "16 bit"],
)
def test_what_browsers_do_not_show_is_converted(data: bytes, suffix: str, size: tuple[int, int]) -> None:
    picture = take_in(data)
    assert (picture.suffix, picture.converted, (picture.width, picture.height)) == (suffix, True, size)
    assert take_in(picture.data).converted is False


def test_sixteen_bits_become_eight_without_losing_the_range() -> None:
    deep = np.linspace(0, 65535, 600).astype(np.uint16).reshape(20, 30)
    shown = pixels(take_in(encoded(Image.fromarray(deep), "PNG")).data)[:, :, 0]
    assert np.abs(shown - deep / 257).max() <= 1


def test_transparency_survives() -> None:
    data = encoded(Image.new("RGBA", (30, 20), (255, 0, 0, 0)), "TIFF")
    assert Image.open(BytesIO(take_in(data).data)).mode == "RGBA"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a picture"),
        (b"GIF89a but no more", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (jpeg(200, 150)[:-300], "corrupt"),
        (encoded(Image.new("RGB", (300, 200)), "PNG")[:-30], "corrupt"),
    ],
)
def test_it_rejects_what_is_no_picture(data: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused, match=reason):
        take_in(data)


def test_it_rejects_a_decompression_bomb_before_decoding_it(settings: Any) -> None:
    settings.MAX_IMAGE_PIXELS = 10_000
    with pytest.raises(PictureRefused, match="200 × 100 pixels are more than the limit"):
        take_in(jpeg(200, 100))


def test_a_jpeg_with_a_harmless_flaw_is_taken() -> None:
    """Stray bytes before a marker, which every viewer skips."""
    data = jpeg(64, 48)
    flawed = data[:-2] + b"\x00\x00\x00" + data[-2:]
    assert take_in(flawed).width == 64


def test_the_hash_of_a_worked_example() -> None:
    """Nine columns that rise: every cell is darker than its right neighbour, so all 64 bits are set, −1 when signed."""
    rising = Image.fromarray(np.tile(np.arange(0, 90, 10, dtype=np.uint8), (8, 1)))
    assert difference_hash(rising) == -1
    assert difference_hash(rising.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == 0


def test_the_hash_survives_resizing_and_recompressing() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    large = Image.fromarray(noise).resize((640, 480), Image.Resampling.BICUBIC)
    first = take_in(encoded(large, "JPEG", quality=95)).facts.phash
    second = take_in(encoded(large.resize((320, 240)), "JPEG", quality=60)).facts.phash
    assert ((first ^ second) & (2**64 - 1)).bit_count() <= 4
