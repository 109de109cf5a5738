"""A folder of a further format through the API: what is stored of it."""

from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from dataset.models import Annotation
from dataset.tasks import run_import
from tests.dataset.folders import boxes_of, import_folder, write_image, write_text
from tests.factories import Cast, assert_charlie_gets_404, call, make_dataset

pytestmark = pytest.mark.django_db
assert run_import

CAR = "Car 0.25 1 1.55 10.00 20.00 40.00 45.50 1.5 1.6 3.9 1.0 1.7 20.0 1.6"
ANYTHING = "DontCare -1 -1 -10 50.0 5.0 60.0 15.0 -1 -1 -1 -1000 -1000 -1000 -10"


@pytest.mark.parametrize("asked", ["auto", "kitti"])
def test_it_works(cast: Cast, import_root: Path, asked: str) -> None:
    """The region that nobody looked into is stored as one; a second import of the same folder changes nothing."""
    dataset = make_dataset(cast.project, classes=())
    write_image(import_root / "image_2" / "a.png")
    write_text(import_root / "label_2" / "a.txt", f"{CAR}\n{ANYTHING}\n")
    job = import_folder(cast, dataset, import_root, format=asked)
    assert job.result["format"] == "kitti"
    key = "image_2/a.png"
    assert boxes_of(dataset) == {key: [("Car", [10, 20, 40, 45.5]), ("DontCare", [50, 5, 60, 15])]}
    stored = Annotation.objects.order_by("x1").values_list("ignore", "attributes")
    assert list(stored) == [(Ignore.NO, {"truncated": 0.25, "occluded": 1}), (Ignore.ANYTHING, None)]
    again = import_folder(cast, dataset, import_root, format=asked)
    assert (again.result["boxes"]["unchanged"], again.result["revision"]) == (2, None)


def test_it_rejects_a_format_that_there_is_not(cast: Cast, import_root: Path) -> None:
    dataset = make_dataset(cast.project, classes=())
    body = {"path": str(import_root), "format": "kittens"}
    assert call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", body).status_code == 400
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/imports", {**body, "format": "kitti"})


@pytest.mark.parametrize(("line", "options", "box"), [
    ("car 40 10 60 40", {}, [40, 10, 60, 40]),  # as a size it would leave the image
    ("car 10 10 30 20", {"box_form": "xywh"}, [10, 10, 40, 30]),
])  # fmt: skip
def test_four_numbers_of_two_meanings(
    cast: Cast, import_root: Path, line: str, options: dict[str, str], box: list[float]
) -> None:
    dataset = make_dataset(cast.project, classes=())
    write_image(import_root / "a.jpg")
    write_text(import_root / "Label" / "a.txt", f"{line}\n")
    import_folder(cast, dataset, import_root, **options)
    assert boxes_of(dataset) == {"a.jpg": [("car", box)]}
