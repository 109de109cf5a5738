"""TFRecord of the Object Detection API; the bytes are made here, as the `tfrecord` package 1.14.6 makes them."""

import struct
from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.tf_examples import example
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

Value = bytes | float | int


def part(number: int, content: bytes) -> bytes:
    """A field of a protobuf message that has a length."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = b""
    while value > 0x7F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def feature(values: list[Value]) -> bytes:
    if values and isinstance(values[0], float):
        return part(2, part(1, struct.pack(f"<{len(values)}f", *values)))
    if values and isinstance(values[0], int):
        return part(3, part(1, b"".join(varint(int(value)) for value in values)))
    return part(1, b"".join(part(1, value) for value in values if isinstance(value, bytes)))


def message(**features: list[Value]) -> bytes:
    """An Example; `__` stands for a slash."""
    entries = [
        part(1, part(1, f"image/{name}".replace("__", "/").encode()) + part(2, feature(values)))
        for name, values in features.items()
    ]
    return part(1, b"".join(entries))


def boxes(x1: list[float], y1: list[float], x2: list[float], y2: list[float]) -> dict[str, list[Value]]:
    sides = {"xmin": x1, "ymin": y1, "xmax": x2, "ymax": y2}
    return {f"object__bbox__{side}": list(values) for side, values in sides.items()}


def write(path: Path, *messages: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(struct.pack("<QI", len(one), 0) + one + bytes(4) for one in messages))


def test_it_works(tmp_path: Path) -> None:
    """Corners as fractions of 64 × 48; names from the record, else from the label map."""
    write_image(tmp_path / "a.jpg")
    write_image(tmp_path / "b.jpg", colour=9)
    known = boxes([0.25, 0.5], [0.25, 0.5], [0.5, 0.75], [0.5, 1.0])
    named: dict[str, list[Value]] = {
        "object__class__text": [b"pot", b""],
        "object__class__label": [1, 2],
        "object__difficult": [0, 1],
    }
    first = message(filename=[b"a.jpg"], width=[64], height=[48], encoded=[b"\xff\xd8"], **known, **named)
    write(tmp_path / "train.record-00000-of-00001", first, message(filename=[b"b.jpg"], **boxes([], [], [], [])))
    write_text(tmp_path / "label_map.pbtxt", "item {\n  id: 2\n  name: 'pan'\n}\n")
    found = read(tmp_path)
    assert found.source.format == "tfrecord"
    assert found.boxes["a.jpg"] == [("pot", [16, 12, 32, 24]), ("pan", [32, 24, 48, 48])]
    assert found.ignore["a.jpg"] == [Ignore.NO, Ignore.REGION]
    assert found.states == {"a.jpg": "labelled", "b.jpg": "negative"}


def test_numbers_of_an_example() -> None:
    """Negative whole numbers take ten bytes; unpacked values are read too."""
    assert example(message(a=[-3, 300], b=[0.5], c=[b"x", b"y"])) == {
        "image/a": [-3, 300],
        "image/b": [0.5],
        "image/c": [b"x", b"y"],
    }
    unpacked = part(1, part(1, part(1, b"k") + part(2, part(3, b"\x08\x07\x08\x80\x01"))))
    assert example(unpacked) == {"k": [7, 128]}


@pytest.mark.parametrize("cut", [3, 20])
def test_it_rejects_a_file_that_is_cut_off(tmp_path: Path, cut: int) -> None:
    """The records before are taken; an image that is not here is named."""
    write_image(tmp_path / "a.jpg")
    one = message(filename=[b"a.jpg"], object__class__text=[b"pot"], **boxes([0.25], [0.25], [0.5], [0.5]))
    gone = message(filename=[b"gone.jpg"], object__class__text=[b"pot"], **boxes([0.25], [0.25], [0.5], [0.5]))
    path = tmp_path / "x.tfrecord"
    write(path, one, gone, one)
    path.write_bytes(path.read_bytes()[:-cut])
    found = read(tmp_path)
    assert found.boxes == {"a.jpg": [("pot", [16, 12, 32, 24])]}
    assert found.kinds == [("no_image", "skipped"), ("broken_file", "skipped")]


@pytest.mark.parametrize("broken", [b"\x0a\x7fshort", b"\x0b\x01", b"\x0a\x02\x0a\xff"])
def test_it_rejects_bytes_that_are_no_example(tmp_path: Path, broken: bytes) -> None:
    write_image(tmp_path / "a.jpg")
    write(tmp_path / "x.tfrecord", broken + b"image/")
    assert read(tmp_path, "tfrecord").kinds == [("broken_file", "skipped")]
