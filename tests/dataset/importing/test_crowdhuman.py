"""CrowdHuman's annotations."""

import json
from pathlib import Path

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def test_it_works(tmp_path: Path) -> None:
    """The whole person's box, cut to the image; masks and ignored people are not judged."""
    for name in ("273271,c9db", "b"):
        write_image(tmp_path / "Images" / f"{name}.jpg", colour=len(name))
    people = [
        {
            "tag": "person",
            "fbox": [10, 20, 30, 20],
            "vbox": [10, 20, 30, 10],
            "hbox": [12, 20, 4, 4],
            "extra": {"occ": 1},
        },
        {"tag": "person", "fbox": [50, 30, 30, 30], "extra": {"ignore": 1}},
        {"tag": "mask", "fbox": [0, 0, 5, 5], "extra": {"ignore": 1}},
    ]
    lines = [{"ID": "273271,c9db", "gtboxes": people}, {"ID": "b", "gtboxes": []}]
    write_text(tmp_path / "annotation_train.odgt", "\n".join(map(json.dumps, lines)))
    found = read(tmp_path)
    key = "Images/273271,c9db.jpg"
    assert found.source.format == "crowdhuman"
    assert found.boxes[key] == [("person", [10, 20, 40, 40]), ("person", [50, 30, 64, 48]), ("mask", [0, 0, 5, 5])]
    assert found.ignore[key] == [Ignore.NO, Ignore.REGION, Ignore.ANYTHING]
    assert found.attributes[key][0] == {"occluded": True}
    assert found.states["Images/b.jpg"] == "negative"
    assert found.metadata(key) == {"split": "train"}
    assert found.kinds == [("clipped", "repaired")]


def test_it_rejects_broken_lines_and_boxes(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    lines = ['{"ID": "a", "gtboxes": [{"tag": "person", "fbox": [1, 2, 3]}]}', '{"gtboxes": []}', '{"ID": "a", "gtb']
    write_text(tmp_path / "x.odgt", "\n".join(lines))
    found = read(tmp_path)
    assert found.states == {"a.jpg": "not labelled"}
    assert sorted((one.kind, one.line) for one in found.source.problems.shown) == [
        ("broken_record", 1),
        ("broken_record", 2),
        ("broken_record", 3),
    ]
