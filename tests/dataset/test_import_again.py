"""Importing the same folder again: nothing twice, corrections arrive, and what people did stays."""

from pathlib import Path

import pytest

from dataset.models import Annotation, Dataset, Image, Revision
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes, revert
from dataset.tasks import run_import
from jobs.models import Job
from tests.dataset.folders import boxes_of, import_folder, write_image, write_text, yolo_folder
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_import


class Scene:
    """A dataset that the YOLO folder has been imported into."""

    def __init__(self, cast: Cast, root: Path) -> None:
        self.cast, self.root = cast, yolo_folder(root / "set")
        self.dataset: Dataset = make_dataset(cast.project, classes=())
        self.again()

    def again(self) -> dict[str, object]:
        return dict(import_folder(self.cast, self.dataset, self.root).result)

    def label(self, name: str, text: str) -> None:
        write_text(self.root / "train" / "labels" / f"{name}.txt", text)

    def object_of(self, name: str) -> Annotation:
        return Annotation.objects.get(image__key=f"train/images/{name}.jpg", died=None)

    def edit(self, name: str, **change: object) -> None:
        row = self.object_of(name)
        change = {"op": "set", "image_id": row.image_id, "object_id": row.object_id, **change}
        apply_changes(
            dataset=self.dataset, by=self.cast.alice, kind=Revision.Kind.EDIT, changes=[AnnotationChange(**change)]
        )


@pytest.fixture
def scene(cast: Cast, import_root: Path) -> Scene:
    return Scene(cast, import_root)


def counts(result: dict[str, object]) -> dict[str, int]:
    """The counts of boxes that are not zero."""
    return {name: number for name, number in result["boxes"].items() if number}


def test_it_works(scene: Scene) -> None:
    before = list(Annotation.objects.values())
    result = scene.again()
    assert result["images"] == {"found": 3, "added": 0, "unchanged": 3, "skipped": 0}
    assert counts(result) == {"found": 2, "unchanged": 2}
    assert result["revision"] is None
    assert list(Annotation.objects.values()) == before
    assert Image.objects.count() == 3


def test_a_corrected_file_brings_its_corrections(scene: Scene) -> None:
    known = scene.object_of("a").object_id
    scene.label("a", "1 0.5 0.5 0.5 0.5\n0 0.1 0.1 0.1 0.1\n")  # relabelled, and one more
    scene.label("b", "")  # taken away
    scene.label("c", "0 0.5 0.5 0.5 0.5\n")  # labelled now
    result = scene.again()
    assert counts(result) == {"found": 3, "added": 2, "changed": 1, "removed": 1}
    assert result["revision"] == 2
    labels = boxes_of(scene.dataset)
    assert sorted(name for name, _ in labels["train/images/a.jpg"]) == ["car", "rider"]
    assert labels["train/images/b.jpg"] == []
    assert Annotation.objects.get(object_id=known, died=None).label_class.name == "rider"
    assert scene.dataset.annotation_count == 3


def test_a_moved_box_keeps_its_object(scene: Scene) -> None:
    known = scene.object_of("a").object_id
    scene.label("a", "0 0.52 0.5 0.5 0.5\n")
    assert counts(scene.again()) == {"found": 2, "changed": 1, "unchanged": 1}
    assert scene.object_of("a").object_id == known


def test_what_a_person_changed_stays(scene: Scene) -> None:
    scene.edit("a", class_id=scene.dataset.classes.get(name="rider").pk)
    scene.edit("b", op="remove")
    assert counts(scene.again()) == {"found": 2, "unchanged": 2}
    assert boxes_of(scene.dataset)["train/images/a.jpg"][0][0] == "rider"
    assert boxes_of(scene.dataset)["train/images/b.jpg"] == []


def test_what_both_changed_stays_the_persons_and_is_reported(scene: Scene) -> None:
    scene.edit("a", box=(10, 10, 40, 40))
    scene.label("a", "1 0.5 0.5 0.5 0.5\n")
    result = scene.again()
    assert boxes_of(scene.dataset)["train/images/a.jpg"] == [("car", [10, 10, 40, 40])]
    assert "was changed by a person" in result["problems"][0]["reason"]


def test_a_box_that_a_person_added_first_is_not_added_twice(scene: Scene) -> None:
    image = Image.objects.get(key="train/images/c.jpg")
    car = scene.dataset.classes.get(name="car").pk
    add = AnnotationChange("add", image.pk, class_id=car, box=(16, 12, 48, 36))
    apply_changes(dataset=scene.dataset, by=scene.cast.alice, kind=Revision.Kind.EDIT, changes=[add])
    scene.label("c", "0 0.5 0.5 0.5 0.5\n")
    assert counts(scene.again()) == {"found": 3, "unchanged": 3}


def test_a_label_file_that_is_missing_says_nothing(scene: Scene) -> None:
    (scene.root / "train" / "labels" / "a.txt").unlink()
    assert counts(scene.again()) == {"found": 1, "unchanged": 1}
    assert len(boxes_of(scene.dataset)["train/images/a.jpg"]) == 1


def test_after_a_revert_the_import_is_done_again(scene: Scene) -> None:
    revert(dataset=scene.dataset, to=0, by=scene.cast.alice)
    assert counts(scene.again()) == {"found": 2, "added": 2}
    assert len(boxes_of(scene.dataset)["train/images/a.jpg"]) == 1


def test_another_image_under_a_known_name_is_reported(scene: Scene) -> None:
    write_image(scene.root / "train" / "images" / "a.jpg", colour=200)
    result = scene.again()
    assert result["images"]["skipped"] == 1
    assert "another image under this name" in result["problems"][0]["reason"]
    assert counts(result) == {"found": 2, "unchanged": 1, "skipped": 1}


def test_an_attempt_whose_worker_died_after_the_commit_is_found_done(scene: Scene) -> None:
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="queued")
    from tests.factories import run_jobs

    (again,) = run_jobs()
    assert again.result == job.result
    assert again.result["images"]["added"] == 3
