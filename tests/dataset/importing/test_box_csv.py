"""CSV with a row per box: TensorFlow's and RetinaNet's."""

from pathlib import Path

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

TABLE = "filename,width,height,class,xmin,ymin,xmax,ymax\n"


def test_it_works(tmp_path: Path) -> None:
    """As Roboflow writes it: several rows of one image are one record."""
    write_image(tmp_path / "train" / "a.jpg")
    write_image(tmp_path / "train" / "b.jpg", colour=9)
    rows = "a.jpg,64,48,car,10,20,40,45\na.jpg,64,48,bus,1,2,3,4\n"
    write_text(tmp_path / "train" / "_annotations.csv", TABLE + rows)
    found = read(tmp_path)
    assert found.source.format == "tf_csv"
    assert found.boxes["train/a.jpg"] == [("car", [10, 20, 40, 45]), ("bus", [1, 2, 3, 4])]
    assert found.states["train/b.jpg"] == "not labelled"
    assert found.metadata("train/a.jpg") == {"split": "train"}
    assert found.kinds == []


def test_retinanet(tmp_path: Path) -> None:
    """No line of names; a path alone is an image that has no boxes. A list of classes beside it is no table."""
    for name in ("a.jpg", "b.jpg"):
        write_image(tmp_path / "images" / name, colour=ord(name[0]))
    write_text(tmp_path / "annotations.csv", "images/a.jpg,10,20,40,45,car\nimages/b.jpg,,,,,\n")
    write_text(tmp_path / "classes.csv", "car,0\nbus,1\n")
    found = read(tmp_path)
    assert found.source.format == "retinanet"
    assert found.boxes == {"images/a.jpg": [("car", [10, 20, 40, 45])], "images/b.jpg": []}
    assert found.states["images/b.jpg"] == "negative"


def test_it_rejects_rows_that_it_cannot_take(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    rows = "a.jpg,64,48,,10,20,40,45\na.jpg,64,48,car,x,20,40,45\na.jpg,64\ngone.jpg,64,48,car,10,20,40,45\n"
    write_text(tmp_path / "labels.csv", TABLE + rows)
    found = read(tmp_path)
    assert found.states == {"a.jpg": "not labelled"}
    lines = [(one.kind, one.line) for one in found.source.problems.shown]
    assert lines == [("broken_record", 2), ("broken_record", 3), ("broken_record", 4), ("no_image", 5)]
