"""Label Studio's JSON and JSON-MIN, in the shape that label-studio-sdk 2.1.2 writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

WIDE, HIGH = 800, 400


def region(label: str, x: float, y: float, width: float, height: float, **more: Any) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": more.pop("rotation", 0)}
    return {
        "original_width": WIDE,
        "original_height": HIGH,
        "image_rotation": 0,
        "value": {**value, "rectanglelabels": [label]},
        "id": f"{label}{x}",
        "from_name": "label",
        "to_name": "image",
        "type": "rectanglelabels",
        **more,
    }


def task(name: str, *results: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    annotations = [{"id": at, "result": one, "was_cancelled": False} for at, one in enumerate(results)]
    return {"id": 4, "annotations": annotations, "data": {"image": name}, "predictions": [], **more}


def write(root: Path, tasks: list[dict[str, Any]], **images: str) -> None:
    for name in images.values() or ["a.jpg"]:
        write_image(root / "images" / name, width=WIDE, height=HIGH)
    write_text(root / "project-4.json", json.dumps(tasks))


def test_it_works(tmp_path: Path) -> None:
    """10 % of 800 is 80, 20 % of 400 is 80; 240 × 160 pixels from there."""
    one = task("/data/upload/4/1a2b3c4d-a.jpg", [region("dog", 10, 20, 30, 40)])
    one["data"] |= {"camera": "front", "words": ["left", "out"]}
    write(tmp_path, [one])
    found = read(tmp_path)
    assert found.source.format == "label_studio"
    assert found.boxes == {"images/a.jpg": [("dog", [80, 80, 320, 240])]}
    assert found.metadata("images/a.jpg") == {"camera": "front"}
    assert found.kinds == [("metadata", "repaired")]


@pytest.mark.parametrize(
    ("given", "on_disk"),
    [
        ("/data/upload/4/1a2b3c4d-a.jpg", "1a2b3c4d-a.jpg"),
        ("/data/upload/4/1a2b3c4d-a.jpg", "a.jpg"),
        ("a.jpg", "1a2b3c4d-a.jpg"),
        ("/data/local-files/?d=street/a%20b.jpg", "a b.jpg"),
        ("https://example.org/x/a.jpg?X-Amz-Signature=ab%2Fc", "a.jpg"),
        ("s3://bucket/street/a%20b.jpg", "a b.jpg"),
        ("a.JPG", "a.jpg"),
        ("a.jpg", "a.JPG"),
        ("/data/upload/4/1a2b3c4d-frame_12", "frame_12.jpg"),
    ],
)
def test_images_are_found_by_what_label_studio_makes_of_their_names(tmp_path: Path, given: str, on_disk: str) -> None:
    write(tmp_path, [task(given, [region("dog", 0, 0, 50, 50)])], one=on_disk)
    assert read(tmp_path).boxes == {f"images/{on_disk}": [("dog", [0, 0, 400, 200])]}


def test_a_rectangle_turns_about_its_top_left_corner(tmp_path: Path) -> None:
    """200 × 100 pixels at (400, 100), turned by 30 degrees: the corners lie at x from 400 − 100 · sin 30 = 350 to
    400 + 200 · cos 30 = 573.2, and at y from 100 to 100 + 200 · sin 30 + 100 · cos 30 = 286.6."""
    write(tmp_path, [task("a.jpg", [region("cat", 50, 25, 25, 25, rotation=30)])])
    found = read(tmp_path)
    assert found.boxes["images/a.jpg"] == [("cat", [350, 100, 573.2, 286.6])]
    (kept,) = found.shapes
    assert (kept["angle"], kept["size"]) == (30, [200, 100])
    assert kept["centre"] == pytest.approx([461.603, 193.301], abs=0.001)


def test_percent_are_of_the_upright_image(tmp_path: Path) -> None:
    """The file is 800 × 400 and says that it lies on its side, whatever size the record states."""
    write_image(tmp_path / "a.jpg", width=WIDE, height=HIGH, orientation=6)
    regions = [region("dog", 10, 20, 30, 40), region("cat", 50, 25, 25, 25, rotation=90)]
    write_text(tmp_path / "tasks.json", json.dumps([task("a.jpg", regions)]))
    assert read(tmp_path).boxes == {
        "a.jpg": [("dog", [40, 160, 160, 480]), ("cat", [0, 200, 200, 300])],
    }


def test_an_image_turned_by_its_annotator(tmp_path: Path) -> None:
    """Turned clockwise by a quarter, 400 × 800 are seen; the left eighth there is the bottom eighth of the image."""
    write(tmp_path, [task("a.jpg", [region("dog", 0, 0, 12.5, 50, image_rotation=90)])])
    assert read(tmp_path).boxes == {"images/a.jpg": [("dog", [0, 350, 400, 400])]}


def test_states_are_what_annotators_said(tmp_path: Path) -> None:
    """An empty result is a negative; skipped, not begun and predicted only are not labelled."""
    cancelled = task("b.jpg", [])
    cancelled["annotations"][0]["was_cancelled"] = True
    predicted = task("c.jpg", predictions=[{"result": [region("dog", 0, 0, 50, 50)], "score": 0.5}])
    write(
        tmp_path,
        [task("a.jpg", []), cancelled, predicted, task("d.jpg")],
        a="a.jpg",
        b="b.jpg",
        c="c.jpg",
        d="d.jpg",
    )
    found = read(tmp_path)
    assert list(found.states.values()) == ["negative", "not labelled", "not labelled", "not labelled"]
    assert ("predictions", "skipped") in found.kinds
    assert ("cancelled", "kept") in found.kinds


def test_one_annotation_of_several_is_taken(tmp_path: Path) -> None:
    """The newest, but the ground truth before it."""
    both = task("a.jpg", [region("dog", 0, 0, 50, 50)], [region("cat", 0, 0, 50, 50)])
    for annotation, when in zip(both["annotations"], ("2026-01-02", "2026-01-03"), strict=True):
        annotation["updated_at"] = when
    write(tmp_path, [both])
    assert read(tmp_path).boxes["images/a.jpg"][0][0] == "cat"
    both["annotations"][0]["ground_truth"] = True
    write(tmp_path, [both])
    found = read(tmp_path)
    assert [name for name, _ in found.boxes["images/a.jpg"]] == ["dog"]
    assert found.kinds == [("annotators", "skipped")]


def test_shapes_labels_and_answers(tmp_path: Path) -> None:
    """A rectangle whose label is another result of the same id, a polygon, an ellipse; a broken mask is refused."""
    plain = region("", 10, 10, 10, 10, type="rectangle", id="r1")
    del plain["value"]["rectanglelabels"]
    label = {**plain, "type": "labels", "value": {**plain["value"], "labels": ["dog"]}}
    side = {"id": "r1", "type": "choices", "from_name": "side", "value": {"choices": ["left"]}}
    polygon = {
        "id": "p",
        "type": "polygonlabels",
        "value": {"points": [[10, 10], [20, 10], [20, 50]], "polygonlabels": ["cat"]},
    }
    ellipse = {
        "id": "e",
        "type": "ellipselabels",
        "value": {"x": 50, "y": 50, "radiusX": 10, "radiusY": 20, "rotation": 0, "ellipselabels": ["cat"]},
    }
    brush = {"id": "b", "type": "brushlabels", "value": {"format": "rle", "rle": [1], "brushlabels": ["cat"]}}
    weather = {"id": "w", "type": "choices", "from_name": "weather", "value": {"choices": ["rain"]}}
    write(tmp_path, [task("a.jpg", [plain, label, side, polygon, ellipse, brush, weather])])
    found = read(tmp_path)
    assert found.boxes["images/a.jpg"] == [
        ("dog", [80, 40, 160, 80]),
        ("cat", [80, 40, 160, 200]),
        ("cat", [320, 120, 480, 280]),
    ]
    assert found.attributes["images/a.jpg"][0] == {"side": "left"}
    assert found.metadata("images/a.jpg") == {"weather": "rain"}
    assert found.kinds == [("no_box", "skipped")]
    outline, around = found.shapes
    assert outline == {"kind": "polygon", "parts": [[[[80, 40], [160, 40], [160, 200]]]]}
    assert [400, 280] in around["parts"][0][0]  # the ellipse's lowest point


def test_an_image_whose_labels_are_all_refused_is_not_labelled(tmp_path: Path) -> None:
    nameless = region("dog", 10, 20, 30, 40)
    nameless["value"]["rectanglelabels"] = []
    write(tmp_path, [task("a.jpg", [nameless])])
    found = read(tmp_path)
    assert found.states == {"images/a.jpg": "not labelled"}
    assert found.kinds == [("broken_record", "skipped")]


def short(name: str, number: int, **more: Any) -> dict[str, Any]:
    return {"image": name, "id": number, "annotator": 1, "annotation_id": number, "updated_at": "2026-01-01", **more}


def test_json_min(tmp_path: Path) -> None:
    """A record without a field of regions is one where nothing was drawn."""
    value = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": ["dog"]}
    drawn = [{**value, "original_width": WIDE, "original_height": HIGH}]
    older = short("/data/upload/4/1a2b3c4d-a.jpg", 1, label=[], updated_at="2025-01-01")
    records = [older, short("/data/upload/4/1a2b3c4d-a.jpg", 1, label=drawn, camera="front"), short("b.jpg", 2)]
    write(tmp_path, records, a="a.jpg", b="b.jpg")
    found = read(tmp_path)
    assert found.boxes["images/a.jpg"] == [("dog", [80, 80, 320, 240])]
    assert found.states == {"images/a.jpg": "labelled", "images/b.jpg": "negative"}
    assert found.metadata("images/a.jpg") == {"camera": "front"}
    assert found.kinds == [("annotators", "skipped")]


def test_broken_files_and_records_are_said(tmp_path: Path) -> None:
    write(
        tmp_path,
        [
            task("a.jpg", [region("dog", 10, 20, 30, 40)]),
            task("gone.jpg", []),
            {"id": 1, "data": {}, "annotations": []},
        ],
    )
    write_text(tmp_path / "other.json", '[{"id": 1, "data": {"image": "a.jpg"}, "annotations": [')
    found = read(tmp_path)
    assert found.boxes["images/a.jpg"] == [("dog", [80, 80, 320, 240])]
    assert found.kinds == [("broken_file", "skipped"), ("no_image", "skipped"), ("no_image", "skipped")]
