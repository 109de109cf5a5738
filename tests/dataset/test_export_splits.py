"""Several slices in one export, each a split; and images that lie where other tools look for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.models import Dataset
from dataset.tasks import run_export, run_import
from tests.dataset.exports import export, fetched, images_of, labels_of, there_and_back
from tests.dataset.folders import import_folder, write_image, write_text
from tests.factories import Cast, assert_problem, call, make_dataset

pytestmark = pytest.mark.django_db
assert run_export
assert run_import

FORMATS = ("coco", "yolo", "voc", "bdd100k", "cvat", "kitti", "label_studio")


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    """Six images of two folders with a box each, called alike in both."""
    for number in range(6):
        key = f"{('day', 'night')[number // 3]}/{number % 3}"
        write_image(import_root / "set" / "images" / f"{key}.jpg", colour=number * 40)
        write_text(import_root / "set" / "labels" / f"{key}.txt", f"{number % 2} 0.5 0.5 0.25 0.{number + 2}5\n")
    write_text(import_root / "set" / "data.yaml", "names: [traffic light, car]\n")
    made = make_dataset(cast.project, classes=())
    import_folder(cast, made, import_root / "set")
    return made


def slice_of(cast: Cast, dataset: Dataset, name: str, *keys: str) -> int:
    ids = [dataset.images.get(key=f"images/{key}.jpg").pk for key in keys]
    made: int = call(cast.alice, "POST", f"datasets/{dataset.pk}/slices", {"name": name, "images": ids}).json()["id"]
    return made


@pytest.fixture
def splits(cast: Cast, dataset: Dataset) -> list[dict[str, Any]]:
    """Two images to train on, two to judge by; two are in neither."""
    learned = slice_of(cast, dataset, "Learned", "day/0", "night/0")
    judged = slice_of(cast, dataset, "Judged", "day/1", "night/1")
    return [{"slice": learned, "split": "train"}, {"slice": judged, "split": "val"}]


@pytest.mark.parametrize("wanted", FORMATS)
def test_it_works(cast: Cast, dataset: Dataset, splits: list[dict[str, Any]], import_root: Path, wanted: str) -> None:
    """Every format brings the split back, with keys, boxes and the order of classes; the classes that it lacks too."""
    back, out, read = there_and_back(cast, dataset, import_root, wanted, splits=splits)
    assert out.result["images"]["exported"] == 4
    assert {key.removeprefix("images/"): row[-1] for key, row in images_of(back).items()} == {
        "day/0.jpg": {"split": "train"}, "night/0.jpg": {"split": "train"},
        "day/1.jpg": {"split": "valid"}, "night/1.jpg": {"split": "valid"},
    }  # fmt: skip
    before = labels_of(dataset)
    boxes = {key: [row[:2] for row in rows] for key, rows in labels_of(back).items()}
    assert boxes == {key: [row[:2] for row in before[key]] for key in boxes}
    assert list(back.classes.order_by("index").values_list("name", flat=True)) == ["traffic light", "car"]
    assert [one for one in read.result["problems"] if one["action"] == "skipped"] == []


PLACES = {
    "coco": ["annotations/instances_train.json", "annotations/instances_val.json", "images/train/day/0.jpg"],
    "yolo": ["data.yaml", "train.txt", "val.txt", "images/val/night-1.jpg", "labels/val/night-1.txt"],
    "voc": ["JPEGImages/day-0.jpg", "Annotations/day-0.xml", "ImageSets/Main/train.txt", "ImageSets/Main/val.txt"],
    "cvat": ["annotations.xml", "images/val/night/1.jpg"],
    "kitti": ["train/image_2/day-0.jpg", "train/label_2/day-0.txt", "val/label_2/night-1.txt"],
    "label_studio": ["tasks.json", "labelling_config.xml", "images/day/0.jpg"],
}


@pytest.mark.parametrize("wanted", PLACES)
def test_files_lie_where_tools_look(cast: Cast, dataset: Dataset, splits: list[dict[str, Any]], wanted: str) -> None:
    archive = fetched(cast, export(cast, dataset, format=wanted, splits=splits, files=True))
    assert set(PLACES[wanted]) <= set(archive.namelist())


def test_lists_name_the_images_of_their_split(cast: Cast, dataset: Dataset, splits: list[dict[str, Any]]) -> None:
    yolo = fetched(cast, export(cast, dataset, format="yolo", splits=splits))
    assert yolo.read("train.txt").decode() == "./images/train/day-0.jpg\n./images/train/night-0.jpg\n"
    assert b"train: train.txt\nval: val.txt\n" in yolo.read("data.yaml")
    voc = fetched(cast, export(cast, dataset, format="voc", splits=splits))
    assert voc.read("ImageSets/Main/val.txt") == b"day-1\nnight-1\n"
    coco = fetched(cast, export(cast, dataset, format="coco", splits=splits))
    images = json.loads(coco.read("annotations/instances_val.json"))["images"]
    assert [(image["file_name"], image["key"]) for image in images] == [
        ("day/1.jpg", "images/day/1.jpg"), ("night/1.jpg", "images/night/1.jpg"),
    ]  # fmt: skip


def test_labels_alone_come_back_to_their_images(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """An archive without images, read into the dataset that it is from: every image is found again by its key."""
    for wanted in FORMATS:
        folder = import_root / f"labels-{wanted}"
        fetched(cast, export(cast, dataset, format=wanted)).extractall(folder)
        read = import_folder(cast, dataset, folder, format=wanted)
        told = [read.result["boxes"][what] for what in ("found", "added", "removed")]
        assert told == [6, 0, 0], wanted


def test_it_rejects_an_image_in_two_splits(cast: Cast, dataset: Dataset, splits: list[dict[str, Any]]) -> None:
    both = slice_of(cast, dataset, "Again", "day/0", "day/2")
    asked = {"format": "yolo", "splits": [*splits, {"slice": both, "split": "test"}]}
    said = "1 images of Again are in another split too (images/day/0.jpg in Learned)"
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", asked), 400, mentions=said)
    same = {"format": "yolo", "splits": [*splits, {"slice": both, "split": "train"}]}
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", same).status_code == 202


@pytest.mark.parametrize(
    ("splits", "mentions"),
    [
        ([], "one to 20 slices"),
        ([{"slice": 0, "split": "train"}], "no slice 0"),
        ([{"slice": 0, "split": "holdout"}], "holdout"),
    ],
)
def test_it_rejects_what_is_no_split(cast: Cast, dataset: Dataset, splits: list[dict[str, Any]], mentions: str) -> None:
    asked = {"format": "coco", "splits": splits}
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", asked), 400, mentions=mentions)


@pytest.mark.parametrize(
    "images",
    [
        {"images/default/a.jpg": ["../a.jpg", None]},
        {"images/default/a.jpg": ["/a.jpg", None]},
        {"images/default/a.jpg": ["same.jpg", None], "images/default/b.jpg": ["same.jpg", None]},
        {"images/default/a.jpg": 5},
        [],
    ],
)
def test_names_that_are_no_keys_are_not_taken(cast: Cast, import_root: Path, images: Any) -> None:
    """Anybody may write halfday.json: then images are called by their files, and it is said."""
    root = import_root / "given"
    for number, name in enumerate("ab"):
        write_image(root / "images" / "default" / f"{name}.jpg", colour=number * 60)
    write_text(root / "halfday.json", json.dumps({"halfday": 1, "classes": [], "images": images}))
    made = make_dataset(cast.project, classes=())
    read = import_folder(cast, made, root, format="images")
    assert set(images_of(made)) == {"images/default/a.jpg", "images/default/b.jpg"}
    assert any("does not say what the images are called" in one["reason"] for one in read.result["problems"])
