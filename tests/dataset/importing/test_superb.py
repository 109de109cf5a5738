"""Superb AI's own export, in the shape that spb-cli 0.19.4 makes and its sample converter reads."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def thing(kind: str, coordinates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "u1",
        "class_id": "c1",
        "class_name": "keel",
        "annotation_type": kind,
        "annotation": {"multiple": False, "coord": coordinates, "meta": {"z_index": 1}},
        "properties": [{"type": "radio", "property_name": "state", "option_id": "o", "option_name": "wet"}],
        "tracking_id": None,
        **more,
    }


BOX = thing("box", {"x": 10, "y": 20, "width": 30, "height": 20})


def write(root: Path, label: str, name: str, objects: list[Any], *, status: str = "Submitted") -> None:
    write_image(root / "images" / name, colour=len(label + name))
    categories = {"properties": [{"property_name": "weather", "option_name": "rain"}]}
    write_text(root / "labels" / f"{label}.json", json.dumps({"objects": objects, "categories": categories}))
    meta = {
        "data_key": name,
        "dataset": "harbour",
        "image_info": {"width": 64, "height": 48},
        "label_id": label,
        "label_path": [f"labels/{label}.json"],
        "tags": [{"name": "checked"}],
        "status": status,
    }
    write_text(root / "meta" / "harbour" / f"{name}.json", json.dumps(meta))
    classes = [{"id": "c0", "name": "mast"}, {"id": "c1", "name": "keel"}]
    detection = {"annotation_types": ["box"], "object_classes": classes}
    write_text(root / "project.json", json.dumps({"object_detection": detection, "version": "0.6.5"}))


def test_it_works(tmp_path: Path) -> None:
    """The meta file says whose labels these are; a polygon with a hole gives the box around it."""
    square = [{"x": 1, "y": 1}, {"x": 9, "y": 1}, {"x": 9, "y": 7}]
    polygon = thing("polygon", {"points": [[square, [{"x": 2, "y": 2}]]]}, tracking_id=4)
    write(tmp_path, "l1", "a.jpg", [BOX, polygon])
    found = read(tmp_path)
    assert found.source.format == "superb"
    assert found.source.class_names == ["mast", "keel"]
    assert found.boxes["images/a.jpg"] == [("keel", [10, 20, 40, 40]), ("keel", [1, 1, 9, 7])]
    assert found.attributes["images/a.jpg"] == [{"state": "wet"}, {"state": "wet", "track": 4}]
    metadata = {"checked": True, "weather": "rain", "dataset": "harbour", "status": "Submitted"}
    assert found.metadata("images/a.jpg") == metadata
    assert found.kinds == [("bad_shape", "repaired")]  # the hole is a point


def test_a_turned_box(tmp_path: Path) -> None:
    """20 × 10 about (30, 20), by a quarter: 10 × 20 about the same middle."""
    write(tmp_path, "l1", "a.jpg", [thing("rbox", {"cx": 30, "cy": 20, "width": 20, "height": 10, "angle": 90})])
    found = read(tmp_path)
    assert found.boxes["images/a.jpg"] == [("keel", [25, 10, 35, 30])]
    assert found.shapes == [{"kind": "turned", "centre": [30, 20], "size": [20, 10], "angle": 90}]


def test_no_objects_are_a_negative_only_where_the_work_was_handed_in(tmp_path: Path) -> None:
    write(tmp_path, "l1", "a.jpg", [])
    write(tmp_path, "l2", "bb.jpg", [], status="Working")
    assert read(tmp_path).states == {"images/a.jpg": "negative", "images/bb.jpg": "not labelled"}


@pytest.mark.parametrize(
    "content",
    [
        {"objects": [{"className": "keel", "annotationType": "box", "annotation": BOX["annotation"]}]},
        {"result": {"objects": [{"class": "keel", "shape": {"box": BOX["annotation"]["coord"]}}]}},
        {"version": "0.6.5", "meta": {}, "result": {"objects": [BOX]}},
    ],
)
def test_other_spellings(tmp_path: Path, content: dict[str, Any]) -> None:
    """Of the first versions, and of what the command line downloads: NAME.json, with the objects in `result`."""
    write_image(tmp_path / "images" / "a.jpg")
    write_image(tmp_path / "images" / "b.jpg", colour=9)
    write_text(tmp_path / "labels" / "a.jpg.json", json.dumps(content))
    assert read(tmp_path).boxes["images/a.jpg"] == [("keel", [10, 20, 40, 40])]


def test_without_meta_files_only_one_of_one_is_sure(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "a.jpg")
    write_text(tmp_path / "labels" / "x1.json", json.dumps({"objects": [BOX], "categories": {}}))
    found = read(tmp_path)
    assert (len(found.boxes["images/a.jpg"]), found.kinds) == (1, [("no_meta", "repaired")])
    write_image(tmp_path / "images" / "b.jpg", colour=9)
    found = read(tmp_path)
    assert set(found.states.values()) == {"not labelled"}
    assert found.kinds == [("no_image", "skipped"), ("lost_boxes", "skipped")]


def test_it_rejects_what_is_no_box(tmp_path: Path) -> None:
    write(tmp_path, "l1", "a.jpg", [thing("polyline", {"points": []}), thing("box", {"x": 1})])
    found = read(tmp_path)
    assert found.states == {"images/a.jpg": "not labelled"}
    assert found.kinds == [("no_box", "skipped"), ("broken_record", "skipped")]
