"""Which format a folder is in, among those whose readers stand in one table."""

import json
from pathlib import Path

import pytest

from dataset.importing.detect import TITLES
from dataset.importing.kinds import KINDS
from dataset.importing.types import FORMATS
from tests.dataset.folders import coco_folder, write_image, write_text, yolo_folder
from tests.dataset.importing.reading import read

KITTI = "Car 0.25 1 1.55 10.00 20.00 40.00 45.50 1.5 1.6 3.9 1.0 1.7 20.0 1.6\n"


def test_every_format_can_be_asked_for_and_has_a_title() -> None:
    assert set(FORMATS) == {"auto", *TITLES}
    assert set(KINDS) <= set(TITLES)


def test_text_files_are_known_by_their_folder(tmp_path: Path) -> None:
    """An empty file among KITTI's is KITTI's: the image has nothing. A list of classes beside them is none of them."""
    write_image(tmp_path / "a.png")
    write_image(tmp_path / "b.png", colour=9)
    write_text(tmp_path / "labels" / "a.txt", KITTI)
    write_text(tmp_path / "labels" / "b.txt", "")
    write_text(tmp_path / "labels" / "classes.txt", "Car\n")
    found = read(tmp_path)
    assert (found.source.format, found.source.files) == ("kitti", ["labels/a.txt", "labels/b.txt"])
    assert found.states == {"a.png": "labelled", "b.png": "negative"}


@pytest.mark.parametrize("make", [coco_folder, yolo_folder])
def test_folders_of_the_older_formats_stay_what_they_are(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path)
    assert read(tmp_path).source.format == make.__name__.removesuffix("_folder")


def test_label_studio_s_list_of_classes_is_not_taken_for_labels(tmp_path: Path) -> None:
    """Its YOLO export has a notes.json beside classes.txt."""
    write_image(tmp_path / "images" / "a.jpg")
    write_text(tmp_path / "labels" / "a.txt", "0 0.5 0.5 0.5 0.5\n")
    write_text(tmp_path / "classes.txt", "pan\n")
    write_text(tmp_path / "tasks.json", json.dumps([{"id": 1, "data": {"image": "x.jpg"}, "annotations": []}]))
    found = read(tmp_path)
    assert found.boxes["images/a.jpg"] == [("pan", [16, 12, 48, 36])]
    assert found.kinds == [("other_format", "skipped")]


@pytest.mark.parametrize("ending", ["odgt", "ndjson", "jsonl", "tfrecord", "record-00000-of-00001"])
def test_label_files_of_unusual_endings_are_seen_and_links_out_are_not(tmp_path: Path, ending: str) -> None:
    """Whatever is in them: asked for as a format, the file is looked into and what is wrong with it is said."""
    write_image(tmp_path / "in" / "a.jpg")
    write_text(tmp_path / f"out.{ending}", "image/")
    (tmp_path / "in" / f"x.{ending}").symlink_to(tmp_path / f"out.{ending}")
    problems = read(tmp_path / "in").source.problems.shown
    assert [(one.file, one.kind) for one in problems] == [(f"x.{ending}", "file")]
