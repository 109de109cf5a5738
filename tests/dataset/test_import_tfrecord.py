"""TFRecords bring their pictures: stored as images, left as they are when imported again."""

from pathlib import Path

import pytest

from dataset.models import Image
from dataset.tasks import run_import
from storage import blobs
from tests.dataset.folders import boxes_of, import_folder
from tests.dataset.test_brought_others import PICTURE_INSIDE, example
from tests.factories import Cast, jpeg, make_dataset

pytestmark = pytest.mark.django_db
assert run_import


@pytest.mark.parametrize("copy", [True, False], ids=["copied", "left in place"])
def test_it_works(cast: Cast, import_root: Path, copy: bool) -> None:
    """Where images stay in place, one within a record is stored nevertheless: it is no file of its own."""
    dataset = make_dataset(cast.project, classes=())
    folder = import_root / "set"
    folder.mkdir()
    other = {"image__encoded": [jpeg(64, 48, (1, 2, 3))]}
    (folder / "train.tfrecord").write_bytes(example(**PICTURE_INSIDE) + example("b.jpg", **other))
    result = import_folder(cast, dataset, folder, copy=copy).result or {}
    assert (result["format"], result["images"]["added"], result["boxes"]["added"]) == ("tfrecord", 2, 2)
    assert result["label_states"] == {"labelled": 2, "negative": 0, "not_labelled": 0}
    assert boxes_of(dataset)["a.jpg"] == [("car", pytest.approx([20, 10, 60, 40], abs=1e-3))]
    row = Image.objects.get(dataset=dataset, key="b.jpg")
    assert (row.width, row.height, row.metadata["split"]) == (64, 48, "train")
    assert blobs.read(row.location) == other["image__encoded"][0]
    again = import_folder(cast, dataset, folder, copy=copy).result or {}
    assert (again["images"]["unchanged"], again["revision"]) == (2, None)
