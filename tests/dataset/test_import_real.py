"""Real folders, where the checkout has them beside it: the counts that their SOURCE.txt states."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture

from dataset.importing.boxes import as_pixels
from dataset.importing.detect import read_source
from dataset.importing.files import walk
from dataset.importing.types import Problems
from dataset.models import Annotation, Dataset, Image
from dataset.tasks import run_import
from tests.dataset.folders import import_folder
from tests.factories import Cast, make_dataset, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
assert run_import

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(name: str) -> Path:
    """The folder, or a skip that says so."""
    if not (REAL / name).is_dir():
        pytest.skip(f"shared/data/{name} is not beside this checkout")
    return REAL / name


@pytest.fixture(autouse=True)
def roots(settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_ROOTS = [REAL]
    settings.STORAGE_ROOT = tmp_path


def totals(dataset: Dataset) -> dict[str, int]:
    """Current boxes by class name."""
    rows = Annotation.objects.filter(dataset=dataset, died=None).values_list("label_class__name", flat=True)
    found: dict[str, int] = {}
    for name in rows:
        found[name] = found.get(name, 0) + 1
    return found


@pytest.mark.thorough
def test_vehicles_openimages(cast: Cast) -> None:
    dataset = make_dataset(cast.project, classes=("Ambulance", "Bus", "Car", "Motorcycle", "Truck"))
    result = import_folder(cast, dataset, real("vehicles_openimages")).result
    assert result["images"] == {"found": 1254, "added": 1254, "unchanged": 0, "skipped": 0}
    assert result["boxes"]["added"] == 2388
    assert totals(dataset) == {"Car": 1302, "Bus": 282, "Motorcycle": 280, "Truck": 272, "Ambulance": 252}
    assert Image.objects.values("sha256").distinct().count() == 627
    splits = dict.fromkeys(("train", "valid", "test"), 0)
    for metadata in Image.objects.values_list("metadata", flat=True):
        splits[metadata["split"]] += 1
    assert splits == {"train": 878, "valid": 250, "test": 126}
    again = import_folder(cast, dataset, real("vehicles_openimages")).result
    assert (again["images"]["unchanged"], again["boxes"]["unchanged"], again["revision"]) == (1254, 2388, None)


@pytest.fixture(scope="module")
def voc100() -> dict[str, list[tuple[str, list[float]]]]:
    """The labels of one of the eight formats, that the others are compared with."""
    return labels_of(real("voc100_formats"), "pascalvoc_format")


FORMATS_OF_100 = {
    "coco_format_v1": "coco",
    "coco_format_v2": "coco",
    "cvat_format": "cvat",
    "imagenet_format": "voc",
    "labelme_format": "labelme",
    "openimages_format": "openimages",
    "pascalvoc_format": "voc",
    "yolo_format": "yolo",
}


@pytest.mark.parametrize("name", FORMATS_OF_100)
def test_the_same_boxes_in_every_format(name: str, voc100: dict[str, list[tuple[str, list[float]]]]) -> None:
    """All 273 of them, by image and class, to a hundredth of a pixel."""
    found = labels_of(real("voc100_formats"), name, expected=FORMATS_OF_100[name])
    assert sum(map(len, found.values())) == 273
    assert found.keys() == voc100.keys()
    for key, boxes in found.items():
        for (label, box), (other_label, other) in zip(boxes, voc100[key], strict=True):
            assert (label, box) == (other_label, pytest.approx(other, abs=0.01))


def labels_of(root: Path, name: str, expected: str = "voc") -> dict[str, list[tuple[str, list[float]]]]:
    """Class and box by image, as the reader that is found for the folder gives them."""
    problems = Problems()
    tree = walk(root, problems)
    tree.others = [other for other in tree.others if other.startswith(f"gts/{name}/")]
    source = read_source(tree, problems, wanted="auto", annotations=None, known_classes=[])
    assert (source.format, len(source.images), source.images_found) == (expected, 100, 100)
    sizes = np.array([size_of(root / image.key) for image in source.images])
    pixels = as_pixels(source, sizes)
    found: dict[str, list[tuple[str, list[float]]]] = {image.key: [] for image in source.images}
    for image, label, box in zip(pixels.image, pixels.classes, pixels.boxes.tolist(), strict=True):
        found[source.images[image].key].append((str(source.class_names[label]), box))
    return {key: sorted(boxes, key=lambda one: (one[0], *map(round, one[1]))) for key, boxes in found.items()}


def size_of(path: Path) -> tuple[int, int]:
    with Picture.open(path) as picture:
        return picture.size


def test_label_files_of_several_formats_are_not_guessed_at(cast: Cast) -> None:
    result = import_folder(cast, make_dataset(cast.project), real("voc100_formats"), format="yolo").result
    assert result["boxes"]["added"] <= 2  # two images whose name only one label file has
    assert "label files have its name" in result["problems"][0]["reason"]


def test_a_coco_file_with_colliding_ids(cast: Cast) -> None:
    """carla_driving's own COCO files name files that do not exist; nothing can be told apart, and all of it is said."""
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, real("carla_driving"), annotations="annotations/test.json").result
    assert result["images"]["added"] == 1028 + 11  # which no record names, so nothing is known of them
    assert not dataset.images.exclude(labelled_since=None).exists()
    assert result["boxes"]["found"] == result["boxes"]["skipped"] > 0
    assert result["problems_total"] >= 193
    assert any(kind["kind"] == "colliding_ids" for kind in result["kinds"])


def test_carla_is_read_from_its_voc_files(cast: Cast) -> None:
    """What was there besides is named: the YOLO files, and the COCO files, whose ids collide."""
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, real("carla_driving"), copy=False).result
    assert result["format"] == "voc"
    assert result["images"]["added"] == 1028 + 11  # the originals' sample stands beside
    assert (result["boxes"]["found"], result["boxes"]["added"]) == (4395, 4395)
    expected = {"traffic_light": 2643, "vehicle": 1375, "bike": 181, "traffic_sign": 105, "motobike": 91}
    assert totals(dataset) == expected
    assert {one["name"]: one["usable"] for one in result["classes"]} == expected
    assert {note["kind"]: note["count"] for note in result["notes"]} == {"no_boxes": 142, "unlabelled": 11}
    assert {kind["kind"] for kind in result["kinds"]} >= {"other_format"}


def test_bccd_has_two_boxes_without_area(cast: Cast) -> None:
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, real("bccd"), copy=False).result
    assert (result["images"]["added"], result["boxes"]["found"], result["boxes"]["added"]) == (364, 4888, 4886)
    assert totals(dataset) == {"RBC": 4153, "WBC": 372, "Platelets": 361}
    empty = [problem["file"] for problem in result["problems"] if problem["kind"] == "no_area"]
    assert empty == ["BCCD/Annotations/BloodImage_00338.xml", "BCCD/Annotations/BloodImage_00343.xml"]
    splits = list(Image.objects.filter(dataset=dataset).values_list("metadata__split", flat=True))
    assert {split: splits.count(split) for split in set(splits)} == {"train": 205, "valid": 87, "test": 72}


def test_bdd100k_labels_onto_images_that_the_dataset_has(cast: Cast) -> None:
    """Its folder has no images; a dataset that has them gets their labels, weather and scene."""
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, real("bdd100k_labels")).result
    assert (result["images"]["found"], result["images"]["added"], result["boxes"]["found"]) == (13, 0, 37)
    assert result["notes"][0]["kind"] == "labels_only"
    image = make_image(dataset, key="val/b1c66a42-6f7d68ca.jpg", width=1280, height=720)
    result = import_folder(cast, dataset, real("bdd100k_labels")).result
    assert (result["images"]["unchanged"], result["boxes"]["added"], result["revision"]) == (1, 4, 1)
    image.refresh_from_db()
    assert image.metadata["weather"] == "overcast"
    assert image.metadata["scene"] == "city street"
    assert {kind["kind"] for kind in result["kinds"]} >= {"inclusive", "described_twice", "no_image"}
