"""FiftyOne's own directory format, in the shape that fiftyone 1.22.1 serialises samples."""

import json
from pathlib import Path
from typing import Any

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def detection(label: str, box: list[float], **more: Any) -> dict[str, Any]:
    return {
        "_id": {"$oid": "6b0d"},
        "_cls": "Detection",
        "attributes": {"old": {"_cls": "CategoricalAttribute", "value": "z"}},
        "tags": [],
        "label": label,
        "bounding_box": box,
        **more,
    }


def sample(name: str, *tags: str, **fields: Any) -> dict[str, Any]:
    about = {"_cls": "ImageMetadata", "width": 64, "height": 48, "size_bytes": 675}
    return {"filepath": f"data/{name}", "tags": list(tags), "metadata": about, "_media_type": "image", **fields}


def several(*found: dict[str, Any]) -> dict[str, Any]:
    return {"_cls": "Detections", "detections": list(found)}


def write(root: Path, *samples: dict[str, Any]) -> None:
    for one in samples:
        write_image(root / one["filepath"], colour=len(json.dumps(one)) % 250)
    write_text(root / "samples.json", json.dumps({"samples": list(samples)}))
    write_text(root / "metadata.json", json.dumps({"media_type": "image", "sample_fields": {}, "info": {}}))


def test_it_works(tmp_path: Path) -> None:
    """Fractions of 64 × 48; null says nothing, an empty list that there is nothing."""
    found_there = several(
        detection("pot", [0.25, 0.25, 0.5, 0.5], iscrowd=1, colour="red", index=3),
        detection("pan", [0, 0, 0.25, 0.25]),
    )
    a = sample(
        "a.jpg", "train", "checked", ground_truth=found_there, weather={"_cls": "Classification", "label": "rain"}
    )
    b, c = sample("b.jpg", "validation", ground_truth=several()), sample("c.jpg", ground_truth=None)
    write(tmp_path, a, b, c)
    found = read(tmp_path)
    assert found.source.format == "fiftyone"
    assert found.boxes["data/a.jpg"] == [("pot", [16, 12, 48, 36]), ("pan", [0, 0, 16, 12])]
    assert found.ignore["data/a.jpg"] == [Ignore.CROWD, Ignore.NO]
    assert found.attributes["data/a.jpg"][0] == {"colour": "red", "old": "z", "track": 3}
    assert found.metadata("data/a.jpg") == {"split": "train", "checked": True, "weather": "rain"}
    assert list(found.states.values()) == ["labelled", "negative", "not labelled"]
    assert found.metadata("data/b.jpg") == {"split": "valid"}


def test_fields_with_confidences_are_predictions(tmp_path: Path) -> None:
    guess = several(detection("pot", [0, 0, 0.5, 0.5], confidence=0.9))
    other = {"_cls": "Polylines", "polylines": [{"_cls": "Polyline", "label": "x", "points": [], "closed": True}]}
    write(tmp_path, sample("a.jpg", yolo=guess, ground_truth=several(detection("pan", [0, 0, 0.5, 0.5])), lines=other))
    write_image(tmp_path / "data" / "b.jpg", colour=9)
    found = read(tmp_path)
    assert found.boxes["data/a.jpg"] == [("pan", [0, 0, 32, 24])]
    assert found.kinds == [("predictions", "skipped"), ("other_field", "skipped")]


def test_polylines(tmp_path: Path) -> None:
    """A closed one gives the box around it, an open one is none."""
    lines = [
        {
            "_cls": "Polyline",
            "label": "pan",
            "points": [[[0, 0], [0.5, 0], [0.5, 0.5]]],
            "closed": True,
            "filled": True,
        },
        {"_cls": "Polyline", "label": "pan", "points": [[[0, 0], [0.5, 0]]], "closed": False, "filled": False},
    ]
    write(tmp_path, sample("a.jpg", lines={"_cls": "Polylines", "polylines": lines}))
    found = read(tmp_path)
    assert found.boxes["data/a.jpg"] == [("pan", [0, 0, 32, 24])]
    assert found.shapes == [{"kind": "polygon", "parts": [[[[0, 0], [32, 0], [32, 24]]]]}]
    assert found.kinds == [("no_box", "skipped")]


def test_it_rejects_boxes_that_are_none(tmp_path: Path) -> None:
    write(tmp_path, sample("a.jpg", ground_truth=several(detection("pot", [0, 0]), detection("", [0, 0, 1, 1]))))
    found = read(tmp_path)
    assert found.states == {"data/a.jpg": "not labelled"}
    assert found.kinds == [("broken_record", "skipped")] * 2
