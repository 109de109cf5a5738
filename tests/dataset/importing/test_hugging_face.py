"""Hugging Face's imagefolder with metadata.jsonl."""

import json
from pathlib import Path

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

CARD = """---
dataset_info:
  features:
  - name: objects
    sequence:
    - name: categories
      dtype:
        class_label:
          names:
            '0': pan
            '1': pot
---
# Pots
"""


def test_it_works(tmp_path: Path) -> None:
    """Numbers are named by the card; an empty list says that nothing is there, a missing one says nothing."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        write_image(tmp_path / "train" / name, colour=ord(name[0]))
    objects = {"bbox": [[10.0, 20.0, 30.0, 20.0], [1, 2, 3, 4]], "categories": [1, 0], "iscrowd": [0, 1]}
    rows = [
        {"file_name": "a.jpg", "objects": objects, "weather": "rain"},
        {"file_name": "b.jpg", "objects": {"bbox": [], "categories": []}},
        {"file_name": "c.jpg"},
    ]
    write_text(tmp_path / "train" / "metadata.jsonl", "\n".join(map(json.dumps, rows)))
    write_text(tmp_path / "README.md", CARD)
    found = read(tmp_path)
    assert found.source.format == "hugging_face"
    assert found.boxes["train/a.jpg"] == [("pot", [10, 20, 40, 40]), ("pan", [1, 2, 4, 6])]
    assert found.ignore["train/a.jpg"] == [Ignore.NO, Ignore.CROWD]
    assert found.metadata("train/a.jpg") == {"split": "train", "weather": "rain"}
    assert list(found.states.values()) == ["labelled", "negative", "not labelled"]


def test_names_without_a_card(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    objects = [{"bbox": [10, 20, 30, 20], "category": 3, "truncated": True}, {"bbox": [1, 2, 3, 4], "category": "pan"}]
    write_text(tmp_path / "metadata.jsonl", json.dumps({"file_name": "a.jpg", "objects": objects}))
    found = read(tmp_path)
    assert [name for name, _ in found.boxes["a.jpg"]] == ["class 3", "pan"]
    assert found.attributes["a.jpg"][0] == {"truncated": True}


def test_it_rejects_boxes_that_are_none(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    objects = {"bbox": [[1, 2, 3], [1, 2, 3, 4]], "categories": [1]}
    lines = [json.dumps({"file_name": "a.jpg", "objects": objects}), json.dumps({"objects": objects})]
    write_text(tmp_path / "metadata.jsonl", "\n".join(lines))
    found = read(tmp_path)
    assert found.states == {"a.jpg": "not labelled"}
    assert [(one.kind, one.line) for one in found.source.problems.shown] == [("broken_record", 1)] * 2 + [
        ("broken_record", 2)
    ]
