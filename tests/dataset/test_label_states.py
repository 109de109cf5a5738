"""Not labelled, labelled with nothing there, labelled: never guessed from a file that could not be read."""

from pathlib import Path

import numpy as np
import pytest

from dataset.models import Dataset, Image
from dataset.selectors.annotations import labelled_at
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes, revert
from dataset.tasks import run_import
from tests.dataset.folders import coco_content, coco_folder, import_folder, write_image, write_text, yolo_folder
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


def states(dataset: Dataset) -> dict[str, int | None]:
    """By file name, since when an image is labelled."""
    return {key.split("/")[-1]: since for key, since in dataset.images.values_list("key", "labelled_since")}


def test_an_empty_label_file_is_a_negative_and_none_is_not(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    write_image(root / "train" / "images" / "d.jpg", colour=120)
    write_text(root / "train" / "labels" / "d.txt", "\n")
    result = import_folder(cast, dataset, root).result
    assert states(dataset) == {"a.jpg": 1, "b.jpg": 1, "c.jpg": None, "d.jpg": 1}
    assert {note["kind"]: note["count"] for note in result["notes"]} == {"no_boxes": 1, "unlabelled": 1}


@pytest.mark.parametrize(
    "line", ["5 0.5 0.5 0.2 0.2", "0,0.5,0.5,0.2,0.2", "0 0.5 0.5 0.2", "0 0.5 0.5 0 0.2", "0 3.5 0.5 0.2 0.2"]
)
def test_labels_that_were_all_refused_make_no_negative(
    cast: Cast, dataset: Dataset, import_root: Path, line: str
) -> None:
    root = yolo_folder(import_root / "set")
    write_text(root / "train" / "labels" / "a.txt", line + "\n")
    result = import_folder(cast, dataset, root).result
    assert states(dataset) == {"a.jpg": None, "b.jpg": 1, "c.jpg": None}
    assert {note["kind"]: note["count"] for note in result["notes"]} == {"all_refused": 1, "unlabelled": 1}


@pytest.mark.parametrize("wrong", [{"category_id": 99}, {"bbox": [1, 2, 3]}, {"bbox": [0, 0, 0, 5]}])
def test_coco_records_that_were_all_refused_make_no_negative(
    cast: Cast, dataset: Dataset, import_root: Path, wrong: dict[str, object]
) -> None:
    content = coco_content()
    content["annotations"][0] |= wrong
    import_folder(cast, dataset, coco_folder(import_root / "set", content))
    assert states(dataset) == {"a.jpg": None, "b.jpg": 1}


def test_a_coco_image_without_records_is_a_negative(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    del content["annotations"][0]
    import_folder(cast, dataset, coco_folder(import_root / "set", content))
    assert states(dataset) == {"a.jpg": 1, "b.jpg": 1}


def test_a_refused_file_takes_no_label_away(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Imported again with lines that cannot be read: nothing is known, so what is there stays."""
    root = yolo_folder(import_root / "set")
    import_folder(cast, dataset, root)
    write_text(root / "train" / "labels" / "a.txt", "0,0.5,0.5,0.2,0.2\n")
    assert import_folder(cast, dataset, root).result["boxes"]["removed"] == 0
    assert Image.objects.get(key="train/images/a.jpg").annotations.filter(died=None).count() == 1


def test_labels_that_come_later_make_an_image_labelled(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    import_folder(cast, dataset, root)
    write_text(root / "train" / "labels" / "c.txt", "")
    import_folder(cast, dataset, root)  # no box changes, so no revision
    assert states(dataset)["c.jpg"] == 1


def test_an_image_was_labelled_at_the_revisions_that_had_it(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    import_folder(cast, dataset, yolo_folder(import_root / "set"))
    ids = np.array(dataset.images.order_by("key").values_list("pk", flat=True))
    car = dataset.classes.get(name="car").pk
    box = AnnotationChange("add", int(ids[2]), class_id=car, box=(1, 2, 30, 40))
    dataset.refresh_from_db()
    apply_changes(dataset=dataset, by=cast.alice, kind="edit", changes=[box])
    found = [labelled_at(dataset=dataset, revision=number, image_ids=ids).tolist() for number in (0, 1, 2)]
    assert found == [[False, False, False], [True, True, False], [True, True, True]]


def test_taking_labels_back_takes_the_state_back(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Else an import that was undone would leave a set of negatives behind, to be trained as background."""
    import_folder(cast, dataset, yolo_folder(import_root / "set"))
    dataset.refresh_from_db()
    revert(dataset=dataset, to=0, by=cast.alice)
    assert set(states(dataset).values()) == {None}


def test_removing_the_last_box_leaves_a_negative(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    import_folder(cast, dataset, yolo_folder(import_root / "set"))
    row = Image.objects.get(key="train/images/a.jpg").annotations.get()
    dataset.refresh_from_db()
    gone = AnnotationChange("remove", row.image_id, row.object_id)
    apply_changes(dataset=dataset, by=cast.alice, kind="edit", changes=[gone])
    assert states(dataset)["a.jpg"] == 1
