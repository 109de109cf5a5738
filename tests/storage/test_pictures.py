"""What is taken in as a picture, in which form, and what is refused."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from storage import deep, jpegs
from storage.facts import difference_hash
from storage.pictures import PictureRefused, Unstretched, take_in
from tests.factories import jpeg
from tests.storage.wide_gamut import DISPLAY_P3, in_srgb


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


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"GIF89a but no more", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (jpeg(200, 150)[: jpeg(200, 150).index(b"\xff\xda") + 14], "corrupt: its file is torn"),
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


def noise(width: int = 160, height: int = 120) -> Image.Image:
    rough = np.random.default_rng(5).integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC)


def test_a_torn_jpeg_is_taken_as_far_as_it_goes() -> None:
    whole = encoded(noise(), "JPEG", quality=90)
    picture = take_in(whole[: len(whole) * 6 // 10])
    assert picture.converted
    assert "its file is torn, and" in picture.said
    top = np.abs(pixels(picture.data)[:40] - pixels(whole)[:40])
    assert top.mean() < 3
    assert take_in(picture.data).converted is False


def test_bytes_behind_the_end_of_a_jpeg_are_kept_and_said() -> None:
    data = jpeg(64, 48) + b"\0 a film of the last second"
    picture = take_in(data)
    assert (picture.data, picture.converted) == (data, False)
    assert picture.said.startswith("bytes follow the end of the picture")
    assert take_in(jpeg(64, 48)).said == ""


def test_what_was_done_is_said_in_one_sentence() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    data = encoded(Image.new("RGBA", (30, 20), (255, 0, 0, 9)), "TIFF", exif=exif)
    said = take_in(data).said
    assert said.startswith(
        "the picture was turned upright (EXIF orientation 3), laid on white where it is transparent,"
    )
    assert said.endswith("stored as PNG instead of TIFF")


def test_heic_as_phones_write_it() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    data = encoded(Image.new("RGB", (64, 48), (200, 40, 30)), "HEIF", quality=95, icc_profile=DISPLAY_P3)
    picture = take_in(data)
    assert (picture.suffix, picture.width, picture.height) == (".jpg", 64, 48)
    assert picture.said == "the picture was brought from Display P3 to sRGB, stored as JPEG instead of HEIF"
    assert np.abs(pixels(picture.data).mean(axis=(0, 1)) - in_srgb((200, 40, 30))).max() < 4


@pytest.mark.parametrize("turn", range(2, 9))
def test_a_deep_picture_is_turned_like_any_other(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    shallow = noise().convert("L")
    deep = Image.fromarray(np.asarray(shallow).astype(np.uint16) * 257)
    as_deep = take_in(encoded(deep, "TIFF", exif=exif))
    as_shallow = take_in(encoded(shallow, "TIFF", exif=exif))
    np.testing.assert_array_equal(pixels(as_deep.data), pixels(as_shallow.data))


def arithmetic(data: bytes) -> bytes:
    """The frame's marker as an arithmetic-coded JPEG has it; its scan is still Huffman's."""
    at = data.index(b"\xff\xc0")
    return data[: at + 1] + b"\xc9" + data[at + 2 :]


def test_what_browsers_cannot_decode_of_jpeg_is_seen_in_its_header() -> None:
    data = jpeg(64, 48)
    assert jpegs.is_shown(data)
    assert not jpegs.is_shown(arithmetic(data))
    assert jpegs.frame_marker(encoded(noise(), "JPEG", progressive=True)) == 0xC2
    assert jpegs.frame_marker(b"\xff\xd8\xff\xe0\xff\xff") == 0


@pytest.mark.parametrize(
    ("found", "span"),
    [
        ([("uint16", 0, 3900, None)], (0, 4095)),  # 12 bits in 16
        ([("uint16", 0, 255, None), ("uint16", 3, 256, None)], (0, 1023)),  # one rule, though one alone has 8 bits
        ([("uint16", 0, 255, None)], (0, 255)),
        ([("uint16", 12, 65_000, None)], (0, 65_535)),
        ([("uint16", 7000, 8500, None), ("uint16", 7100, 8900, None)], (7000, 8900)),  # heat: 1,900 of 16,383 are used
        ([("uint16", 0, 300, (0, 4095)), ("uint16", 0, 310, (0, 4095))], (0, 4095)),  # as the file states
        ([("uint16", 0, 5000, (0, 4095))], (0, 8191 * 2 + 1)),  # which is no use where the values go further
        ([("float32", 0.0, 0.8, None), ("float32", 0.1, 1.0, None)], (0, 1)),
        ([("float32", 0.0, 230.5, None)], (0, 255)),
        ([("float32", -4.0, 31.5, None)], (-4, 31.5)),
        ([("float32", 0.5, 0.5, None)], (0, 1)),  # a picture of one value has no range of its own
    ],
)
def test_the_range_that_is_stretched(found: list[Any], span: tuple[float, float]) -> None:
    assert deep.range_of([deep.Found(*one) for one in found]) == span


def test_stretching_worked_by_hand() -> None:
    """Of 1000 … 3000: 1500 is a quarter of the way, 63.75; what lies outside is cut, what is no number is black."""
    given = np.array([[1000, 1500, 3000], [500, 9999, np.nan]])
    assert deep.stretched(given, (1000, 3000)).tolist() == [[0, 64, 255], [0, 255, 0]]


def test_deep_colours_keep_what_is_below_their_upper_eight_bits() -> None:
    """Pillow reads 12-bit colours in a 16-bit PNG as 0 to 15."""
    import cv2

    colours = np.zeros((20, 30, 3), np.uint16)
    colours[..., 2], colours[..., 1], colours[..., 0] = 4095, 2048, 0  # BGR
    data = cv2.imencode(".png", colours)[1].tobytes()
    assert pixels(take_in(data).data)[5, 5].tolist() == [255, 128, 0]
    assert pixels(take_in(data, {"uint16": (0.0, 65535.0)}).data)[5, 5].tolist() == [16, 8, 0]
    with pytest.raises(Unstretched) as waits:
        take_in(data, {})
    assert waits.value.found == deep.Found("uint16", 0.0, 4095.0)


@pytest.mark.parametrize("kind", ["float32", "float64", "colours"])
def test_floating_point_of_zero_to_one(kind: str) -> None:
    import cv2

    ramp = np.linspace(0, 1, 600).reshape(20, 30).astype("float64" if kind == "float64" else "float32")
    given = np.stack([ramp] * 3, axis=2) if kind == "colours" else ramp
    picture = take_in(cv2.imencode(".tiff", given)[1].tobytes())
    assert np.abs(pixels(picture.data)[..., 0] - 255 * ramp).max() <= 1


def test_what_stands_for_no_measurement_has_no_part_in_the_range() -> None:
    values = np.linspace(0.2, 0.9, 600, dtype=np.float32).reshape(20, 30)
    values[0, 0] = -9999
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[42113] = "-9999"
    picture = take_in(encoded(Image.fromarray(values), "TIFF", tiffinfo=info))
    assert "(0 … 1 became 0 … 255)" in picture.said
    assert pixels(picture.data)[0, 0, 0] == 0


def test_a_profile_for_other_pictures_changes_nothing() -> None:
    assert not take_in(encoded(Image.new("L", (30, 20), 90), "JPEG", icc_profile=DISPLAY_P3)).said
    assert not take_in(encoded(Image.new("RGB", (30, 20), "red"), "JPEG", icc_profile=b"nonsense" * 40)).converted
