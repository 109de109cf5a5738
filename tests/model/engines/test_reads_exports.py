"""A YOLO export as ultralytics reads it."""

from pathlib import Path
from typing import Any

import pytest
from ultralytics.data.dataset import YOLODataset
from ultralytics.data.utils import check_det_dataset

from dataset.tasks import run_export, run_import
from tests.dataset.exports_read import Found, assert_same, expected, readable_dataset, unpacked
from tests.factories import make_cast

pytestmark = pytest.mark.django_db
assert run_export
assert run_import


@pytest.fixture
def import_root(settings: Any, tmp_path: Path) -> Path:
    root = tmp_path / "import"
    root.mkdir()
    settings.IMPORT_ROOTS, settings.STORAGE_ROOT = [root], tmp_path / "storage"
    return root


def yolo_found(root: Path) -> Found:
    data: dict[str, Any] = check_det_dataset(str(root / "data.yaml"), autodownload=False)
    found: Found = {}
    for split in ("train", "val"):
        for one in YOLODataset(img_path=data[split], data=data, task="detect", augment=False).labels:
            height, width = one["shape"]
            rows = []
            for (label,), (x, y, w, h) in zip(one["cls"].tolist(), one["bboxes"].tolist(), strict=True):
                left, top = (x - w / 2) * width, (y - h / 2) * height
                rows.append((data["names"][int(label)], [left, top, left + w * width, top + h * height], False))
            found[split, Path(one["im_file"]).stem] = sorted(rows)
    return found


def test_ultralytics_reads_boxes_and_splits(import_root: Path) -> None:
    """What is ignored is left out; an image that is not labelled is in no list, and so no negative."""
    cast = make_cast()
    dataset = readable_dataset(cast, import_root)
    counted = {place: [row for row in rows if not row[2]] for place, rows in expected(dataset).items()}
    assert_same(yolo_found(unpacked(cast, dataset, import_root, "yolo")), counted)
