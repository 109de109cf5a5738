"""Supervisely's projects."""

import base64
import io
import json
import math
import zlib
from pathlib import Path
from typing import Any

from PIL import Image

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def bitmap() -> dict[str, Any]:
    """A mask of 4 × 3 pixels whose drawn part is 2 × 1 at (1, 1), put at (10, 20)."""
    picture, buffer = Image.new("RGBA", (4, 3)), io.BytesIO()
    for x in (1, 2):
        picture.putpixel((x, 1), (255, 255, 255, 255))
    picture.save(buffer, "PNG")
    return {"data": base64.b64encode(zlib.compress(buffer.getvalue())).decode(), "origin": [10, 20]}


def shape(kind: str, corners: list[list[float]], **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "classId": 7,
        "classTitle": "pan",
        "geometryType": kind,
        "tags": [{"name": "clean", "value": None}, {"name": "size", "value": "large"}],
        "points": {"exterior": corners, "interior": []},
        **more,
    }


def write(root: Path, objects: list[Any], name: str = "a.jpg") -> None:
    write_image(root / "ds1" / "img" / name, colour=len(name))
    about = {"description": "", "tags": [{"name": "weather", "value": "rain"}], "size": {"height": 48, "width": 64}}
    write_text(root / "ds1" / "ann" / f"{name}.json", json.dumps({**about, "objects": objects}))
    classes = [{"title": "pot", "shape": "rectangle"}, {"title": "pan", "shape": "rectangle"}]
    write_text(root / "meta.json", json.dumps({"classes": classes, "tags": []}))


def test_it_works(tmp_path: Path) -> None:
    objects = [
        shape("rectangle", [[10, 20], [40, 45]]),
        shape("polygon", [[1, 1], [9, 1], [9, 7]]),
        shape("bitmap", [], bitmap=bitmap()),
    ]
    write(tmp_path, objects)
    write(tmp_path, [], "empty.jpg")
    found = read(tmp_path)
    key = "ds1/img/a.jpg"
    assert found.source.format == "supervisely"
    assert found.source.class_names == ["pot", "pan"]
    assert found.boxes[key] == [("pan", [10, 20, 40, 45]), ("pan", [1, 1, 9, 7]), ("pan", [11, 21, 13, 22])]
    assert found.attributes[key][0] == {"clean": True, "size": "large"}
    assert found.metadata(key) == {"weather": "rain"}
    assert found.states["ds1/img/empty.jpg"] == "negative"
    assert [one["kind"] for one in found.shapes] == ["polygon", "mask"]
    assert found.kinds == []


def test_an_oriented_box(tmp_path: Path) -> None:
    """Two corners as if it stood upright, and a quarter in radians: 20 × 10 about (30, 20)."""
    one = shape("oriented_bbox", [], points=[[20, 15], [40, 25]], angle=math.pi / 2)
    write(tmp_path, [one])
    found = read(tmp_path)
    assert found.boxes["ds1/img/a.jpg"] == [("pan", [25, 10, 35, 30])]
    assert found.shapes == [{"kind": "turned", "centre": [30, 20], "size": [20, 10], "angle": 90}]


def test_it_rejects_what_is_no_box(tmp_path: Path) -> None:
    write(tmp_path, [shape("line", [[1, 1], [9, 1]]), shape("bitmap", [], bitmap={"data": "????", "origin": [1, 1]})])
    found = read(tmp_path)
    assert found.states == {"ds1/img/a.jpg": "not labelled"}
    assert found.kinds == [("no_box", "skipped"), ("broken_record", "skipped")]
