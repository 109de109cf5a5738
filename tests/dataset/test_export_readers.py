"""What is exported, as other programs read it; those that we do not require are in benchmarks/export_readers.py."""

from pathlib import Path

import pytest
from pycocotools.coco import COCO

from dataset.models import Dataset
from dataset.tasks import run_export, run_import
from tests.dataset.exports_read import Found, assert_same, expected, readable_dataset, unpacked
from tests.factories import Cast

pytestmark = pytest.mark.django_db
assert run_export
assert run_import


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    return readable_dataset(cast, import_root)


def coco_found(root: Path) -> Found:
    found: Found = {}
    for split in ("train", "val"):
        coco = COCO(str(root / "annotations" / f"instances_{split}.json"))
        for image in coco.loadImgs(coco.getImgIds()):
            assert (root / "images" / split / image["file_name"]).is_file()
            rows = [
                (coco.cats[one["category_id"]]["name"], corners(one["bbox"]), bool(one["iscrowd"]))
                for one in coco.imgToAnns[image["id"]]
            ]
            found[split, Path(image["file_name"]).stem] = sorted(rows)
    return found


def corners(bbox: list[float]) -> list[float]:
    x, y, width, height = bbox
    return [x, y, x + width, y + height]


def test_pycocotools_reads_boxes_crowds_and_splits(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    assert_same(coco_found(unpacked(cast, dataset, import_root, "coco")), expected(dataset))
