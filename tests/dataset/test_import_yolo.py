"""A YOLO folder becomes a dataset; what is wrong in it is named by file and line, and the rest is imported."""

from pathlib import Path

import pytest

from dataset.models import Dataset, Image
from dataset.tasks import run_import
from tests.dataset.folders import boxes_of, import_folder, write_image, write_text, yolo_folder
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


def test_it_works(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    result = import_folder(cast, dataset, yolo_folder(import_root / "set")).result
    assert result["format"] == "yolo"
    assert result["images"] == {"found": 3, "added": 3, "unchanged": 0, "skipped": 0}
    assert (result["boxes"]["found"], result["boxes"]["added"], result["revision"]) == (2, 2, 1)
    assert (result["problems"], result["problems_total"]) == ([], 0)
    assert boxes_of(dataset) == {
        "train/images/a.jpg": [("car", [16, 12, 48, 36])],
        "train/images/b.jpg": [("rider", [8, 6, 24, 18])],
        "train/images/c.jpg": [],
    }
    assert (dataset.image_count, dataset.annotation_count, dataset.head_revision) == (3, 2, 1)
    assert dataset.metadata_keys == ["split"]
    image = Image.objects.get(key="train/images/a.jpg")
    assert (image.width, image.height, image.metadata) == (64, 48, {"split": "train"})
    assert [row.hotkey for row in dataset.classes.all()] == ["1", "2"]


def test_wrong_lines_are_named_and_the_rest_is_imported(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    lines = [
        "0 0.5 0.5 0.5 0.5",
        "7 0.5 0.5 0.1 0.1",  # data.yaml has two classes
        "0 0.5 0.5 0 0.1",  # no area
        "0 1.0 0.5 0.5 0.5",  # half outside
        "0 1.5 0.5 0.5 0.5",  # outside
        "0 0.5 0.5",
        "van 0.5 0.5 0.1 0.1",
        "0 nan 0.5 0.1 0.1",
        "",
        "1 0.1 0.1 0.3 0.1 0.3 0.3",  # a triangle
    ]
    write_text(root / "train" / "labels" / "a.txt", "\n".join(lines))
    result = import_folder(cast, dataset, root).result
    found = {problem.get("line"): (problem["action"], problem["reason"]) for problem in result["problems"]}
    assert {problem["file"] for problem in result["problems"]} == {"train/labels/a.txt"}
    assert sorted(line for line in found if line) == [2, 3, 4, 5, 6, 7, 8]
    assert found.get(None) is None
    assert "1 polygons were kept, each beside the box around it" in [note["text"] for note in result["notes"]]
    assert found[2] == ("skipped", "class 7 is not in data.yaml, which has 0 to 1")
    assert "no area" in found[3][1]
    assert found[4][0] == "repaired"
    assert "outside the image of 64 × 48" in found[5][1]
    assert found[6][1] == "it has 3 numbers where a box has 5"
    assert (found[7][1], found[8][1]) == ("it is not a line of numbers", "a number in it is not finite")
    assert result["boxes"] == {
        "found": 10, "added": 4, "changed": 0, "removed": 0, "unchanged": 0, "clipped": 1, "skipped": 6
    }  # fmt: skip
    assert boxes_of(dataset)["train/images/a.jpg"][1:] == [
        ("car", [48, 12, 64, 36]), ("rider", pytest.approx([6.4, 4.8, 19.2, 14.4], abs=1e-4))
    ]  # fmt: skip


def test_what_is_no_picture_is_left_out_with_its_boxes(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    (root / "train" / "images" / "a.jpg").write_bytes(b"this is no picture")
    result = import_folder(cast, dataset, root).result
    assert result["images"] == {"found": 3, "added": 2, "unchanged": 0, "skipped": 1}
    assert result["boxes"]["added"] == result["boxes"]["skipped"] == 1
    (problem,) = result["problems"]
    assert (problem["file"], problem["kind"]) == ("train/images/a.jpg", "bad_image")
    assert "not a picture of a known kind" in problem["reason"]
    assert problem["reason"].endswith("; its 1 boxes were left out")


def test_a_torn_jpeg_is_taken_as_far_as_it_goes_and_said(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    torn = root / "train" / "images" / "a.jpg"
    torn.write_bytes(torn.read_bytes()[:-40])
    result = import_folder(cast, dataset, root).result
    assert (result["images"]["added"], result["boxes"]["added"]) == (3, 2)
    (problem,) = result["problems"]
    assert (problem["file"], problem["action"]) == ("train/images/a.jpg", "repaired")
    assert problem["reason"].startswith("the picture was made whole: its file is torn, and ")


def test_images_are_turned_upright(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    write_image(root / "train" / "images" / "a.jpg", orientation=6)  # lying: 64 × 48 as stored, 48 × 64 as seen
    import_folder(cast, dataset, root)
    image = Image.objects.get(key="train/images/a.jpg")
    assert (image.width, image.height) == (48, 64)
    assert boxes_of(dataset)["train/images/a.jpg"] == [("car", [12, 16, 36, 48])]


def test_without_a_class_list_the_datasets_classes_are_meant(cast: Cast, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    (root / "data.yaml").unlink()
    dataset = make_dataset(cast.project, classes=("Bus", "Tram"))
    import_folder(cast, dataset, root)
    assert boxes_of(dataset)["train/images/b.jpg"][0][0] == "Tram"


def test_without_any_class_list_the_numbers_become_names(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    (root / "data.yaml").unlink()
    import_folder(cast, dataset, root)
    assert [row.name for row in dataset.classes.all()] == ["class 0", "class 1"]


def test_a_broken_data_yaml_is_reported(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    write_text(root / "data.yaml", "names: [car, rider\nnc: 2\n")
    result = import_folder(cast, dataset, root).result
    (problem,) = result["problems"]
    assert (problem["file"], problem["line"]) == ("data.yaml", 2)
    assert result["boxes"]["added"] == 2


def test_labels_beside_the_images_and_labels_without_an_image(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = import_root / "bare"
    write_image(root / "a.png.jpg")
    write_text(root / "a.png.txt", "0 0.5 0.5 0.5 0.5\n")
    write_text(root / "gone.txt", "0 0.5 0.5 0.5 0.5\n0 0.1 0.1 0.1 0.1\n")
    write_text(root / "classes.txt", "car\n")
    result = import_folder(cast, dataset, root).result
    assert (result["boxes"]["found"], result["boxes"]["added"], result["boxes"]["skipped"]) == (3, 1, 2)
    assert result["problems"] == [
        {
            "file": "gone.txt",
            "reason": "there is no image of this name, so its boxes were left out",
            "action": "skipped",
            "kind": "no_image",
            "count": 2,
        }
    ]
