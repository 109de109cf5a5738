"""CreateML's annotations, as Roboflow and Apple write them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

BOX = {"label": "pot", "coordinates": {"x": 30, "y": 20, "width": 20, "height": 10}}


@pytest.mark.parametrize(
    "record",
    [{"image": "a.jpg", "annotations": [BOX]}, {"imagefilename": "a.jpg", "annotation": [BOX], "verified": True}],
)
def test_it_works(tmp_path: Path, record: dict[str, Any]) -> None:
    """x and y are the middle: 30 − 20 / 2 = 20."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        write_image(tmp_path / "train" / name, colour=ord(name[0]))
    text = json.dumps([record, {"image": "b.jpg", "annotations": []}])
    write_text(tmp_path / "train" / "_annotations.createml.json", text)
    found = read(tmp_path)
    assert found.source.format == "createml"
    assert found.boxes["train/a.jpg"] == [("pot", [20, 15, 40, 25])]
    assert list(found.states.values()) == ["labelled", "negative", "not labelled"]
    assert found.metadata("train/a.jpg") == {"split": "train"}


def test_it_rejects_boxes_without_numbers(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    broken = [{"label": "pot", "coordinates": {"x": 30, "y": None, "width": 20, "height": 10}}, {"label": "pot"}]
    records = [{"image": "a.jpg", "annotations": broken}, {"image": "gone.jpg", "annotations": [BOX]}, 3]
    write_text(tmp_path / "a.json", json.dumps(records))
    found = read(tmp_path)
    assert found.states == {"a.jpg": "not labelled"}
    assert sorted(found.kinds) == [("broken_record", "skipped")] * 3 + [("no_image", "skipped")]
