"""Real folders, where the checkout has them beside it: the counts that their SOURCE.txt states."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dataset.models import Annotation, Dataset, Image
from dataset.tasks import run_import
from tests.dataset.folders import import_folder
from tests.factories import Cast, make_dataset

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


@pytest.mark.parametrize(
    ("labels", "options"),
    [
        ("gts/yolo_format/obj_train_data", {"format": "yolo"}),
        ("gts/coco_format_v1", {"format": "coco"}),
        ("gts/coco_format_v2", {"format": "coco"}),
    ],
)
def test_the_same_boxes_in_every_format(
    cast: Cast, labels: str, options: dict[str, str], tmp_path: Path, settings: Any
) -> None:
    given, root = real("voc100_formats"), tmp_path / "voc"
    shutil.copytree(given / "images", root / "images")
    shutil.copytree(given / labels, root / "labels")
    settings.IMPORT_ROOTS = [tmp_path]
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, root, **options).result
    assert (result["images"]["added"], result["boxes"]["added"]) == (100, 273), result["problems"][:3]


def test_label_files_of_several_formats_are_not_guessed_at(cast: Cast) -> None:
    result = import_folder(cast, make_dataset(cast.project), real("voc100_formats"), format="yolo").result
    assert result["boxes"]["added"] <= 2  # two images whose name only one label file has
    assert "label files have its name" in result["problems"][0]["reason"]


def test_a_coco_file_with_colliding_ids(cast: Cast) -> None:
    """carla_driving's own COCO files name files that do not exist; nothing can be told apart, and all of it is said."""
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, real("carla_driving"), annotations="annotations/test.json").result
    assert result["images"]["added"] == 0
    assert result["boxes"]["found"] == result["boxes"]["skipped"] > 0
    assert result["problems_total"] >= 193


def test_carla_in_yolo(cast: Cast) -> None:
    dataset = make_dataset(cast.project, classes=())
    result = import_folder(cast, dataset, real("carla_driving"), format="yolo").result
    assert result["images"]["added"] == 1028 + 11  # the originals' sample stands beside
    assert result["boxes"]["found"] >= 4395
