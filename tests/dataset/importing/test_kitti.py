"""KITTI's labels of single images and of sequences."""

from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

CAR = "Car 0.25 1 1.55 10.00 20.00 40.00 45.50 1.5 1.6 3.9 1.0 1.7 20.0 1.6"
ANYTHING = "DontCare -1 -1 -10 50.0 5.0 60.0 15.0 -1 -1 -1 -1000 -1000 -1000 -10"


def test_it_works(tmp_path: Path) -> None:
    """Left, top, right, bottom as they stand; what nobody looked into is neither object nor background."""
    for name in ("000000", "000001", "000002"):
        write_image(tmp_path / "training" / "image_2" / f"{name}.png")
    write_text(tmp_path / "training" / "label_2" / "000000.txt", f"{CAR}\n{ANYTHING}\n")
    write_text(tmp_path / "training" / "label_2" / "000001.txt", "")
    found = read(tmp_path)
    key = "training/image_2/000000.png"
    assert found.source.format == "kitti"
    assert found.boxes[key] == [("Car", [10, 20, 40, 45.5]), ("DontCare", [50, 5, 60, 15])]
    assert found.ignore[key] == [Ignore.NO, Ignore.ANYTHING]
    assert found.attributes[key] == [{"truncated": 0.25, "occluded": 1}, {}]
    assert list(found.states.values()) == ["labelled", "negative", "not labelled"]
    assert found.metadata(key) == {"split": "train"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [("Car 0 0", "broken_record"), ("Car 0 0 0 a 20 40 45 1 1 1 1 1 1 1", "broken_record")],
)
def test_it_rejects_lines_of_another_form(tmp_path: Path, line: str, kind: str) -> None:
    """The others stay; an image of such lines alone is not labelled."""
    write_image(tmp_path / "image_2" / "a.png")
    write_image(tmp_path / "image_2" / "b.png", colour=9)
    write_text(tmp_path / "label_2" / "a.txt", f"{CAR}\n{line}\n")
    write_text(tmp_path / "label_2" / "b.txt", f"{line}\n")
    found = read(tmp_path)
    assert len(found.boxes["image_2/a.png"]) == 1
    assert found.states["image_2/b.png"] == "not labelled"
    assert found.kinds == [(kind, "skipped")] * 2
    assert found.source.problems.shown[0].line == 2


def test_a_score_makes_predictions_unless_it_is_always_one(tmp_path: Path) -> None:
    """datumaro 1.13 writes a score of 1 behind each label."""
    write_image(tmp_path / "a.png")
    write_image(tmp_path / "b.png", colour=9)
    write_text(tmp_path / "label_2" / "a.txt", f"{CAR} 1.0\n")
    write_text(tmp_path / "label_2" / "b.txt", f"{CAR} 0.87\n")
    found = read(tmp_path)
    assert found.states == {"a.png": "labelled", "b.png": "not labelled"}
    assert found.kinds == [("predictions", "skipped")]


def test_tracking(tmp_path: Path) -> None:
    """A file per sequence: frame, track, and the rest as ever."""
    for sequence in ("0000", "0001"):
        write_image(tmp_path / "image_02" / sequence / "000000.png")
        write_image(tmp_path / "image_02" / sequence / "000001.png", colour=9)
    write_text(tmp_path / "label_02" / "0000.txt", f"0 3 {CAR}\n1 3 {CAR}\n1 -1 {ANYTHING}\n7 3 {CAR}\n")
    found = read(tmp_path)
    assert [len(found.boxes[f"image_02/0000/00000{frame}.png"]) for frame in (0, 1)] == [1, 2]
    assert found.attributes["image_02/0000/000001.png"][0]["track"] == 3
    assert found.sequence("image_02/0000/000001.png") == "0000"
    assert found.states["image_02/0001/000000.png"] == "not labelled"
    assert found.kinds == [("no_image", "skipped")]
