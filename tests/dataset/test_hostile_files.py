"""Label files and pictures that are meant to do harm, or are nonsense: a sentence, and nothing else happens."""

import json
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from dataset.importing import json_stream
from dataset.importing.detect import read_source
from dataset.importing.files import walk
from dataset.importing.inspection import inspect
from dataset.importing.json_stream import BrokenJson, pieces
from dataset.importing.types import Problems
from storage.pictures import PictureRefused, take_in
from tests.dataset.folders import write_image, write_text

BOMB = """<?xml version="1.0"?><!DOCTYPE annotation [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<annotation><object><name>&b;</name></object></annotation>"""


def problems_of(root: Path, wanted: str = "auto") -> list[tuple[str, str]]:
    problems = Problems()
    read_source(walk(root, problems), problems, wanted=wanted, annotations=None, known_classes=[])
    return [(problem.kind, problem.reason) for problem in problems.shown]


@pytest.mark.parametrize("name", ["a.xml", "all.xml"])
def test_an_entity_bomb_is_refused(tmp_path: Path, name: str) -> None:
    write_text(tmp_path / name, BOMB if name == "a.xml" else BOMB.replace("annotation", "annotations"))
    assert problems_of(tmp_path) == [("broken_file", "it declares entities or a foreign DTD, which are not read")]


def test_an_entity_bomb_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(BOMB.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"))
    assert "declares entities" in problems_of(tmp_path, "voc")[0][1] or problems_of(tmp_path)[0][0] == "unrecognised"


def test_deep_json_is_refused(tmp_path: Path) -> None:
    write_text(tmp_path / "deep.json", '{"images": ' + "[" * 100_000)
    ((kind, reason),) = problems_of(tmp_path)
    assert (kind, reason.startswith("broken JSON")) == ("broken_file", True)


def test_nonsense_is_in_no_format(tmp_path: Path) -> None:
    (tmp_path / "nonsense.json").write_bytes(b"\x00\xff" * 1000)
    (tmp_path / "nonsense.csv").write_bytes(b"\x00\xff" * 1000)
    (tmp_path / "nonsense.xml").write_bytes(b"\x00\xff" * 1000)
    assert {kind for kind, _ in problems_of(tmp_path)} == {"unrecognised"}


def test_pictures_that_are_none(tmp_path: Path, settings: Any) -> None:
    """A page of HTML, a PNG of 100 megapixels in 100 kilobytes, and a good one beside them."""
    write_text(tmp_path / "page.jpg", "<!DOCTYPE html><html></html>")
    (tmp_path / "huge.png").write_bytes(png_header(10_000, 10_000))
    write_image(tmp_path / "good.jpg")
    report = inspect(tmp_path, lambda *_: None)
    reasons = {problem["file"]: problem["reason"] for problem in report["problems"]}
    assert "it is a web page in place of the file" in reasons["page.jpg"]
    assert "10000 × 10000 pixels are more than the limit" in reasons["huge.png"]
    assert report["images"] == {"found": 3, "added": 1, "unchanged": 0, "skipped": 2}


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    rows = zlib.compress(bytes((width + 1) * 10))
    header = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_pictures_that_are_repaired_are_reported(tmp_path: Path) -> None:
    from PIL import Image

    write_image(tmp_path / "lying.jpg", orientation=6)
    Image.new("CMYK", (8, 8)).save(tmp_path / "print.jpg")
    Image.new("I;16", (8, 8), 60_000).save(tmp_path / "deep.png")
    Image.new("P", (8, 8)).save(tmp_path / "palette.gif")
    report = inspect(tmp_path, lambda *_: None)
    assert {problem["file"]: problem["reason"] for problem in report["problems"]} == {
        "deep.png": "the picture was brought from 16 to 8 bits a channel (0 … 65,535 became 0 … 255)",
        "lying.jpg": "the picture was turned upright (EXIF orientation 6)",
        "palette.gif": "the picture was brought from a palette to RGB, stored as PNG instead of GIF",
        "print.jpg": "the picture was brought from CMYK to RGB",
    }
    assert report["kinds"] == [{"kind": "converted", "action": "repaired", "entries": 4, "count": 4}]


class TestStream:
    """Large files are read a piece at a time: here, large means more than 60 bytes."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(json_stream, "WHOLE", 0)
        monkeypatch.setattr(json_stream, "PIECE", 60)
        monkeypatch.setattr(json_stream, "LARGEST_RECORD", 400)

    def read(self, path: Path, text: str) -> dict[str, Any]:
        write_text(path / "x.json", text)
        found: dict[str, Any] = {}
        for key, piece in pieces(path / "x.json"):
            found[key] = found.get(key, []) + piece if isinstance(piece, list) else piece
        return found

    @pytest.mark.parametrize("indent", [None, 1])
    @pytest.mark.parametrize(
        "content",
        [
            {},
            [],
            [{"id": n, "name": f"é{n}"} for n in range(30)],
            {"info": {"a": [1, {"b": "]}"}]}, "images": [{"id": n} for n in range(20)], "n": -1.5, "t": True, "e": []},
            {"list": [{"t": 'a "quoted" } ] \\ {', "deep": [{"x": []}, {"y": {}}]} for _ in range(9)], "s": 'é\\"'},
            {"images": [{"labels": [{"id": n}, {"id": n + 1}]} for n in range(20)], "last": None},
        ],
    )
    def test_it_works(self, tmp_path: Path, content: Any, indent: int | None) -> None:
        expected = content if isinstance(content, dict) else {"": content}
        assert self.read(tmp_path, json.dumps(content, indent=indent, ensure_ascii=False)) == expected

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ('{"images": [{"id": 1},\n{"id": }]}', 2),
            ('{"images": [{"id": 1}\n', 2),
            ('{"images": [{"id": "' + "x" * 900, 1),
            ('{"a": 1}\n{"b": 2}', 2),
            ("nonsense", 1),
            ('{"a" 1}', 1),
            ("[1, 2", 1),
        ],
    )
    def test_it_rejects_what_is_broken(self, tmp_path: Path, text: str, line: int) -> None:
        with pytest.raises(BrokenJson) as error:
            self.read(tmp_path, text)
        assert error.value.line == line


def tiff(tags: list[tuple[int, int, int, int]], rest: bytes = b"") -> bytes:
    """A little-endian TIFF of one directory; a tag is its number, type, count and value."""
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + struct.pack("<I", 0) + rest


def float_tiff(width: int, height: int, **more: int) -> bytes:
    """Doubles, which only OpenCV reads; the samples would begin behind the directory, and are not there."""
    short, long = 3, 4
    tags = [(256, long, 1, width), (257, long, 1, height), (258, short, 1, 64), (259, short, 1, 1), (262, short, 1, 1)]
    tags += [(273, long, 1, more.get("at", 200)), (277, short, 1, more.get("samples", 1)), (278, long, 1, height)]
    return tiff([*tags, (279, long, 1, 16), (339, short, 1, more.get("form", 3))], b"\0" * 64)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (float_tiff(100_000, 100_000), "100000 × 100000 pixels are more than the limit"),
        (float_tiff(0, 8), "it has no pixels"),
        (float_tiff(8, 8, samples=60_000), "a TIFF of a kind that cannot be read"),
        (float_tiff(8, 8, form=9), "a TIFF of a kind that cannot be read"),
        (float_tiff(8, 8, at=4_000_000_000), "it is corrupt"),
        (b"II*\0" + b"\xff" * 40, "cannot be read"),
        (b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 65_535), "cannot be read"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 200, "cannot be read|not a picture|corrupt"),
        (b"\0\0\0\x1cftypavif" + b"\xff" * 200, "cannot be read|not a picture|corrupt"),
    ],
)
def test_odd_headers_are_refused_with_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused, match=reason):
        take_in(data)


def test_a_deep_picture_whose_samples_are_missing_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("I;16", (200, 200), 9).save(tmp_path / "deep.tif")
    whole = (tmp_path / "deep.tif").read_bytes()
    (tmp_path / "torn.tif").write_bytes(whole[: len(whole) // 2])
    report = inspect(tmp_path, lambda *_: None)
    reasons = {problem["file"]: problem["reason"] for problem in report["problems"] if problem["action"] == "skipped"}
    assert list(reasons) == ["torn.tif"]


def test_a_profile_that_is_nonsense_does_no_harm() -> None:
    from PIL import Image

    head = bytearray(200)
    head[12:24], head[36:40] = b"mntrRGB XYZ ", b"acsp"
    for profile in (bytes(head), b"\xff" * 5000, struct.pack(">I", 2**31) + bytes(head[4:])):
        out = BytesIO()
        Image.new("RGB", (8, 8)).save(out, "JPEG", icc_profile=profile)
        assert take_in(out.getvalue()).converted is False
