"""A COCO folder becomes a dataset; what is wrong in it is named by record or line, and the rest is imported."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from dataset.models import Dataset, Image
from dataset.tasks import run_import
from tests.dataset.folders import boxes_of, coco_content, coco_folder, import_folder, write_image, write_text
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


def test_it_works(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    result = import_folder(cast, dataset, coco_folder(import_root / "set")).result
    assert result["format"] == "coco"
    assert result["images"] == {"found": 2, "added": 2, "unchanged": 0, "skipped": 0}
    assert (result["boxes"]["added"], result["problems"]) == (2, [])
    assert boxes_of(dataset) == {
        "images/a.jpg": [("car", [16, 12, 48, 36])],
        "images/b.jpg": [("rider", [8, 6, 24, 18])],
    }
    assert [row.name for row in dataset.classes.all()] == ["rider", "car"]  # in the order of their ids
    first, second = Image.objects.order_by("key")
    assert (first.metadata, first.sequence) == ({"weather": "rainy"}, "s1")
    assert second.captured_at == datetime(2020, 6, 1, 10, tzinfo=UTC)


def test_wrong_records_are_named_and_the_rest_is_imported(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    content["images"] += [{"id": 9, "file_name": "missing.jpg"}, "nonsense"]
    wrong = [
        {"id": 3, "image_id": 77, "category_id": 7, "bbox": [1, 1, 5, 5]},
        {"id": 4, "image_id": 1, "category_id": 99, "bbox": [1, 1, 5, 5]},
        {"id": 5, "image_id": 1, "category_id": 7, "bbox": [-10, -10, 20, 20]},
        {"id": 6, "image_id": 1, "category_id": 7, "bbox": [500, 500, 20, 20]},
        {"id": 7, "image_id": 1, "category_id": 7, "bbox": [5, 5, -3, 4]},
        {"id": 8, "image_id": 1, "category_id": 7, "bbox": [5, 5, "x", 4]},
        {"id": 9, "image_id": 9, "category_id": 7, "bbox": [5, 5, 3, 4]},
    ]
    content["annotations"] += wrong
    result = import_folder(cast, dataset, coco_folder(import_root / "set", content)).result
    reasons = {problem["record"]: (problem["action"], problem["reason"]) for problem in result["problems"]}
    assert {problem["file"] for problem in result["problems"]} == {"annotations.json"}
    assert reasons["images[2] (id 9)"] == ("skipped", "missing.jpg: there is no such image file")
    assert reasons["images[3]"] == ("skipped", "it is not an object")
    assert reasons["annotations[2] (id 3)"] == ("skipped", "image_id 77 is not among the images")
    assert reasons["annotations[3] (id 4)"] == ("skipped", "category_id 99 is not among the categories")
    assert reasons["annotations[4]"][0] == "repaired"
    assert "outside the image of 64 × 48" in reasons["annotations[5]"][1]
    assert "no area" in reasons["annotations[6]"][1]
    assert reasons["annotations[7] (id 8)"] == ("skipped", "bbox is not four finite numbers")
    assert reasons["image id 9"] == ("skipped", "1 boxes of this image were left out")
    assert result["images"] == {"found": 3, "added": 2, "unchanged": 0, "skipped": 1}
    assert result["boxes"] == {
        "found": 9, "added": 3, "changed": 0, "removed": 0, "unchanged": 0, "clipped": 1, "skipped": 6
    }  # fmt: skip
    assert ("car", [0, 0, 10, 10]) in boxes_of(dataset)["images/a.jpg"]


def test_broken_json_is_named_by_line_and_the_images_are_imported(
    cast: Cast, dataset: Dataset, import_root: Path
) -> None:
    root = coco_folder(import_root / "set", '{"images": [\n  {"id": 1, "file_name": "a.jpg"},\n  {"id": }\n]}')
    result = import_folder(cast, dataset, root).result
    (problem,) = result["problems"]
    assert (problem["file"], problem["line"], problem["action"]) == ("annotations.json", 3, "skipped")
    assert problem["reason"].startswith("broken JSON")
    assert result["images"] == {"found": 2, "added": 2, "unchanged": 0, "skipped": 0}
    assert result["revision"] is None
    coco_folder(root)
    mended = import_folder(cast, dataset, root).result
    assert (mended["images"]["unchanged"], mended["boxes"]["added"], mended["revision"]) == (2, 2, 1)


def test_ids_that_collide_cannot_be_told_apart(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    content["images"][1]["id"] = 1
    result = import_folder(cast, dataset, coco_folder(import_root / "set", content)).result
    assert result["images"]["added"] == 2
    assert result["boxes"]["added"] == 0
    assert result["boxes"]["skipped"] == 2
    assert "stands for 2 files (a.jpg, b.jpg)" in result["problems"][0]["reason"]


def test_two_records_of_one_image_are_joined(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    content["images"].append({"id": 3, "file_name": "a.jpg"})
    content["annotations"].append({"id": 3, "image_id": 3, "category_id": 7, "bbox": [1, 1, 5, 5]})
    result = import_folder(cast, dataset, coco_folder(import_root / "set", content)).result
    assert result["images"]["added"] == 2
    assert len(boxes_of(dataset)["images/a.jpg"]) == 2
    assert [problem["action"] for problem in result["problems"]] == ["repaired"]


def test_images_that_no_file_names_stay_and_are_not_labelled(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = coco_folder(import_root / "set")
    write_image(root / "images" / "more.jpg", colour=200)
    result = import_folder(cast, dataset, root).result
    assert result["images"] == {"found": 3, "added": 3, "unchanged": 0, "skipped": 0}
    assert Image.objects.get(key="images/more.jpg").labelled_since is None
    assert [(note["kind"], note["count"]) for note in result["notes"]] == [("unlabelled", 1)]


def test_each_split_has_its_own_file_and_ids(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """As Roboflow exports: train/_annotations.coco.json beside its images."""
    root = import_root / "set"
    for number, split in enumerate(("train", "valid")):
        coco_folder(root / split)
        write_image(root / split / "images" / "a.jpg", colour=number * 70)
    result = import_folder(cast, dataset, root).result
    assert (result["images"]["added"], result["boxes"]["added"], result["problems"]) == (4, 4, [])
    assert Image.objects.get(key="valid/images/a.jpg").metadata["split"] == "valid"


def test_crowds_and_attributes_are_kept(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    content["annotations"][0] |= {"iscrowd": 1, "attributes": {"occluded": True}, "area": 500.5}
    content["annotations"][1] |= {"iscrowd": 0, "area": 192}  # the box's own
    import_folder(cast, dataset, coco_folder(import_root / "set", content))
    crowd, other = (Image.objects.get(key=f"images/{name}.jpg").annotations.get() for name in "ab")
    assert (crowd.attributes, crowd.ignore, crowd.area) == ({"occluded": True}, Ignore.CROWD, 500.5)
    assert (other.attributes, other.ignore, other.area) == (None, Ignore.NO, 0)


def test_a_record_cannot_reach_outside_the_folder(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    write_image(import_root / "secret.jpg")
    content = coco_content()
    content["images"][0]["file_name"] = "../secret.jpg"
    content["images"][1]["file_name"] = str(import_root / "secret.jpg")
    result = import_folder(cast, dataset, coco_folder(import_root / "set", content)).result
    assert (result["images"]["added"], result["boxes"]["added"]) == (2, 0)  # a.jpg and b.jpg, which no record names
    (import_root / "set" / "images" / "link.jpg").symlink_to(import_root / "secret.jpg")
    result = import_folder(cast, dataset, import_root / "set", format="images").result
    reasons = {problem["file"]: problem["reason"] for problem in result["problems"]}
    assert reasons["images/link.jpg"] == "it is a link that leads out of the folder"


def test_metadata_of_the_request_and_of_the_records(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    content["images"][0]["metadata"] = {"speed": 12.5, "tags": ["a"], "night": False}
    root = coco_folder(import_root / "set", content)
    result = import_folder(cast, dataset, root, metadata={"campaign": "spring"}).result
    image = Image.objects.get(key="images/a.jpg")
    assert image.metadata == {"weather": "rainy", "speed": 12.5, "night": False, "campaign": "spring"}
    assert "metadata tags of images/a.jpg" in result["problems"][0]["reason"]
    assert dataset.metadata_keys == ["campaign", "night", "speed", "weather"]
    import_folder(cast, dataset, root, metadata={"campaign": "autumn"})
    image.refresh_from_db()
    assert image.metadata["campaign"] == "autumn"


def test_the_annotation_file_may_be_named(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = coco_folder(import_root / "set")
    write_text(root / "other.json", '{"images": []}')
    result = import_folder(cast, dataset, root, annotations="annotations.json").result
    assert result["boxes"]["added"] == 2
