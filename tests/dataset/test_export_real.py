"""Real folders, where the checkout has them beside it: out and back, every box to the bit."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.types import FORMATS
from dataset.tasks import run_export, run_import
from tests.dataset.exports import boxes_alone, classes_of, images_of, there_and_back
from tests.dataset.folders import import_folder
from tests.dataset.test_import_real import real
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_export
assert run_import


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_ROOTS = [tmp_path]
    settings.STORAGE_ROOT = tmp_path / "storage"
    return tmp_path


@pytest.mark.parametrize("wanted", ["coco", "yolo", "voc", "bdd100k", "cvat", "kitti", "label_studio"])
def test_a_hundred_photographs(cast: Cast, root: Path, wanted: str) -> None:
    """voc100_formats: 100 images, 273 boxes, in by COCO, out and back by every format."""
    if wanted not in FORMATS:
        pytest.skip(f"{wanted} cannot be imported yet, so what is exported cannot be read back")
    given = real("voc100_formats")
    shutil.copytree(given / "images", root / "given" / "images")
    shutil.copytree(given / "gts" / "coco_format_v1", root / "given" / "labels")
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, root / "given", format="coco")
    back, out, _ = there_and_back(cast, dataset, root, wanted)
    assert (out.result["images"], out.result["boxes"]["exported"]) == (
        {"exported": 100, "files": 100, "unlabelled": 0},
        273,
    )
    assert boxes_alone(back) == boxes_alone(dataset)
    assert images_of(back).keys() == images_of(dataset).keys()
    assert classes_of(back) == classes_of(dataset)
    if wanted == "coco":
        assert images_of(back) == images_of(dataset)
