"""VisDrone's annotations of single images."""

from pathlib import Path

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def test_it_works(tmp_path: Path) -> None:
    """Left, top, width, height, score, category; some files end their lines in a comma."""
    for number in (1, 2, 3):
        write_image(tmp_path / "images" / f"000{number}.jpg", colour=number)
    write_text(tmp_path / "annotations" / "0001.txt", "10,20,30,20,1,4,0,1\n1,2,3,4,0,1,0,0,\n0,0,9,9,0,0,0,0\n")
    write_text(tmp_path / "annotations" / "0002.txt", "")
    found = read(tmp_path)
    key = "images/0001.jpg"
    assert found.source.format == "visdrone"
    assert found.boxes[key] == [
        ("car", [10, 20, 40, 40]),
        ("pedestrian", [1, 2, 4, 6]),
        ("ignored regions", [0, 0, 9, 9]),
    ]
    assert found.ignore[key] == [Ignore.NO, Ignore.REGION, Ignore.ANYTHING]
    assert found.attributes[key][0] == {"truncated": 0, "occluded": 1}
    assert list(found.states.values()) == ["labelled", "negative", "not labelled"]


def test_it_rejects_lines_of_another_form(tmp_path: Path) -> None:
    """A category that is none, too few values; the image of such lines alone is not labelled."""
    write_image(tmp_path / "images" / "1.jpg")
    write_image(tmp_path / "images" / "2.jpg", colour=9)
    write_text(tmp_path / "annotations" / "1.txt", "10,20,30,20,1,4,0,1\n10,20,30,20,1,12,0,0\n")
    write_text(tmp_path / "annotations" / "2.txt", "10,20,30\n")
    found = read(tmp_path)
    assert found.states == {"images/1.jpg": "labelled", "images/2.jpg": "not labelled"}
    assert found.kinds == [("broken_record", "skipped")] * 2


def test_results_are_not_labels(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "1.jpg")
    write_text(tmp_path / "annotations" / "1.txt", "10,20,30,20,0.83,4,-1,-1\n")
    found = read(tmp_path)
    assert (found.states, found.kinds) == ({"images/1.jpg": "not labelled"}, [("predictions", "skipped")])


def test_yolo_lines_with_commas_are_not_visdrone(tmp_path: Path) -> None:
    write_image(tmp_path / "1.jpg")
    write_text(tmp_path / "1.txt", "0,0.5,0.5,0.2,0.2\n")
    assert read(tmp_path).source.format == "yolo"
