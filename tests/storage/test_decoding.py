"""Pictures are decoded where a death costs one picture, and the fast decoder gets its own kinds alone."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import simplejpeg
from PIL import Image

from children import Crew
from dataset.importing.intake import LOOKING, Taken, take_images
from dataset.importing.types import Problems, SourceImage
from storage import decoding, frames, shrinking
from storage.decoding import take_in_all, take_in_apart
from storage.pictures import Picture, PictureRefused, Unstretched, take_in
from tests.factories import jpeg
from tests.storage.dying_decoder import DIES, HANGS


def header(marker: int, *, precision: int = 8, components: int = 3, height: int = 48, before: bytes = b"") -> bytes:
    """The first bytes of a JPEG up to its frame's header, with nothing behind them."""
    body = bytes([precision]) + height.to_bytes(2) + (64).to_bytes(2) + bytes([components]) + bytes(3 * components)
    return b"\xff\xd8" + before + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


ALLOWED = {0xC0, 0xC1, 0xC2}


@pytest.mark.parametrize("marker", [*range(0xC0, 0xD0)])
def test_the_list_of_frames(marker: int) -> None:
    assert frames.is_fast(header(marker)) == (marker in ALLOWED)


@pytest.mark.parametrize(
    ("data", "fast"),
    [
        (header(0xC0, before=b"\xff\xe0\x00\x04ab\xff\xff"), True),
        (header(0xC0, components=1), True),
        (header(0xC0, components=4), False),
        (header(0xC1, precision=12), False),
        (header(0xC0, height=0), False),
        (header(0xC0)[:-12], False),
        (b"\xff\xd8\xff\xda" + bytes(20), False),
        (header(0xC3) + header(0xC0)[2:], False),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), False),
        (b"", False),
        (jpeg(), True),
    ],
)
def test_what_else_must_be_right(data: bytes, fast: bool) -> None:
    assert frames.is_fast(data) == fast


@pytest.mark.parametrize("marker", sorted({*range(0xC0, 0xD0)} - ALLOWED - {0xC4, 0xC8, 0xCC}))
def test_other_frames_never_reach_the_fast_decoder(marker: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In import, thumbnails, crops and embeddings alike."""
    from curate.embeddings.encoder.pictures import large_picture, small_picture
    from storage.drawing import decoded

    def fast(*_: object, **__: object) -> None:
        raise AssertionError("the fast decoder was asked")

    monkeypatch.setattr(simplejpeg, "decode_jpeg", fast)
    monkeypatch.setattr(simplejpeg, "decode_jpeg_header", fast)
    data = header(marker)
    path = Path(os.environ["PYTEST_DEBUG_TEMPROOT"]) / f"{marker}.jpg"
    path.write_bytes(data)
    for decode in (take_in, lambda data: shrinking.shrink(data, 320), lambda data: decoded(data).load()):
        with pytest.raises((PictureRefused, OSError)):
            decode(data)
    for picture_of in (small_picture, lambda path, side: large_picture(path)):
        with pytest.raises(OSError):
            picture_of(path, 224).load()


def encoded(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        jpeg(900, 600),
        jpeg(orientation=6),
        encoded(Image.new("RGBA", (40, 30), (9, 9, 9, 100)), "PNG"),
        encoded(Image.new("I;16", (40, 30), 5000), "PNG"),
        jpeg(900, 600)[:9000],
        encoded(Image.new("CMYK", (9, 9)), "JPEG"),
    ],
)
def test_it_is_the_same_picture(data: bytes) -> None:
    assert take_in_apart(data) == take_in(data)


def test_a_few_together_are_what_each_is_alone() -> None:
    """Also where some are torn, converted, deep or no picture at all: nobody pays for another's."""
    deep = encoded(Image.new("I;16", (40, 30), 5000), "PNG")
    some = [jpeg(900, 600), b"no picture", jpeg(orientation=6), deep, jpeg(900, 600)[:9000], b"", jpeg(64, 48)]
    found = take_in_all(some, {})
    assert [type(one) for one in found[:4]] == [Picture, PictureRefused, Picture, Unstretched]
    for together, data in zip(found, some, strict=True):
        (alone,) = take_in_all([data], {})
        if isinstance(together, Exception):
            assert (type(together), together.args) == (type(alone), alone.args)
        else:
            assert together == alone


def test_what_is_refused_and_what_waits(settings: Any) -> None:
    deep = encoded(Image.new("I;16", (40, 30), 5000), "PNG")
    refused, waits, good = take_in_all([b"nonsense", deep, jpeg()], {})
    assert isinstance(refused, PictureRefused)
    assert "not a picture of a known kind" in str(refused)
    assert isinstance(waits, Unstretched)
    assert (waits.found.kind, waits.found.low, waits.found.high) == ("uint16", 5000.0, 5000.0)
    assert isinstance(good, Picture)
    settings.MAX_IMAGE_PIXELS = 100
    with pytest.raises(PictureRefused, match="more than the limit"):
        take_in_apart(jpeg())


def test_a_death_costs_one_picture(crew: Crew, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.jpg").write_bytes(jpeg(colour=(number, 9, 9)) + (DIES if number in (3, 4) else b""))
    problems = Problems()
    images = [SourceImage(path.name, path.parent) for path in sorted(tmp_path.iterdir())]
    taken = take_images(images, {}, problems, intake=LOOKING, report=lambda _: None)
    assert all(isinstance(one, Taken) for one in taken)
    assert [one.source.key for one in taken] == [f"{n:02}.jpg" for n in range(12) if n not in (3, 4)]
    said = {problem.file: problem.reason for problem in problems.shown if problem.kind == "bad_image"}
    assert said.keys() == {"03.jpg", "04.jpg"}
    assert said["03.jpg"] == (
        "decoding it ends the process that decodes: The process that decodes ended with status 7."
    )


def test_one_that_does_not_end_is_ended(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LONGEST", 1.0)
    first, second = take_in_all([jpeg() + HANGS, jpeg()])
    assert isinstance(first, PictureRefused)
    assert "is not decoded within" in str(first)
    assert isinstance(second, Picture)


def test_idle_ones_go_and_come_back(crew: Crew) -> None:
    take_in_apart(jpeg())
    (member,) = crew.idle
    crew.close()
    assert member.talk.process.poll() is not None
    assert take_in_apart(jpeg()).width == 64


def test_a_decoder_that_does_not_start_refuses_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else an import would take none, and say that they were at fault."""
    broken = Crew("storage.no_such_decoder", decoding.environment, size=1, who="The decoder", hello=decoding.HELLO)
    monkeypatch.setattr(decoding, "crew", broken)
    with pytest.raises(OSError, match="The decoder cannot be started"):
        take_in_all([jpeg()])
