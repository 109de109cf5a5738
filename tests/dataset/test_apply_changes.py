"""Revisions are the only way in which annotations change: all of a revision's changes, or none."""

import numpy as np
import pytest

from accounts.models import AuditLine
from accounts.problems import BadInput
from dataset.models import Annotation, Dataset, Image, Revision
from dataset.selectors.annotations import labels_at
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import RevisionConflict, apply_changes, revert
from tests.factories import Cast, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


class Scene:
    """A dataset with one image, and short words for changing it."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.dataset: Dataset = make_dataset(self.cast.project)
        self.image: Image = make_image(self.dataset, width=100, height=80)
        self.car, self.rider = (row.pk for row in self.dataset.classes.all())

    def change(self, *changes: AnnotationChange, on: int | None = None) -> Revision:
        return apply_changes(
            dataset=self.dataset, by=self.cast.alice, kind=Revision.Kind.EDIT, message="Test", changes=changes, on=on
        )

    def add(self, box: tuple[float, float, float, float], class_id: int | None = None, **more: object) -> Revision:
        return self.change(AnnotationChange("add", self.image.pk, class_id=class_id or self.car, box=box, **more))

    def boxes(self, revision: int) -> list[list[float]]:
        return labels_at(dataset=self.dataset, revision=revision, image_ids=[self.image.pk]).boxes.tolist()

    def object_ids(self) -> list[int]:
        return list(Annotation.objects.filter(died=None).order_by("pk").values_list("object_id", flat=True))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_works(scene: Scene) -> None:
    first = scene.add((10, 10, 30, 40))
    (known,) = scene.object_ids()
    second = scene.change(
        AnnotationChange("set", scene.image.pk, object_id=known, class_id=scene.rider),
        AnnotationChange("add", scene.image.pk, class_id=scene.car, box=(1, 2, 3, 4), attributes={"occluded": True}),
    )
    third = scene.change(AnnotationChange("remove", scene.image.pk, object_id=known))
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert second.counts == {"added": 1, "changed": 1, "removed": 0}
    assert third.counts == {"added": 0, "changed": 0, "removed": 1}
    first_box, second_box = [10, 10, 30, 40], [1, 2, 3, 4]
    assert [sorted(scene.boxes(number)) for number in range(4)] == [
        [],
        [first_box],
        [second_box, first_box],
        [second_box],
    ]
    assert Annotation.objects.get(died=None).attributes == {"occluded": True}
    scene.dataset.refresh_from_db()
    assert (scene.dataset.head_revision, scene.dataset.annotation_count) == (3, 1)
    assert AuditLine.objects.filter(action="revision.create", actor=scene.cast.alice).count() == 3


def test_an_object_keeps_its_id_through_its_versions(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    (known,) = scene.object_ids()
    scene.change(AnnotationChange("set", scene.image.pk, object_id=known, box=(11, 10, 30, 40)))
    assert scene.object_ids() == [known]
    assert list(Annotation.objects.order_by("born").values_list("born", "died")) == [(1, 2), (2, None)]


def test_a_set_that_changes_nothing_writes_no_row(scene: Scene) -> None:
    scene.add((10.1, 10.3, 30.7, 40.9))
    (known,) = scene.object_ids()
    same = AnnotationChange("set", scene.image.pk, object_id=known, box=(10.1, 10.3, 30.7, 40.9), class_id=scene.car)
    assert scene.change(same).counts == {"added": 0, "changed": 0, "removed": 0}
    assert Annotation.objects.count() == 1


def test_a_box_is_cut_to_its_image(scene: Scene) -> None:
    scene.add((-5, 70, 200, 90))
    assert scene.boxes(1) == [[0, 70, 100, 80]]


def test_it_rejects_changes_made_on_an_older_revision(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    add = AnnotationChange("add", scene.image.pk, class_id=scene.car, box=(1, 2, 3, 4))
    with pytest.raises(RevisionConflict) as caught:
        scene.change(add, on=0)
    assert caught.value.extra == {"current": {"head_revision": 1}}
    assert scene.change(add, on=1).number == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"op": "add", "class_id": "car", "box": (5, 5, 5, 9)}, "no area"),
        ({"op": "add", "class_id": "car", "box": (float("nan"), 5, 6, 9)}, "finite"),
        ({"op": "add", "class_id": "car"}, "needs class_id and box"),
        ({"op": "add", "class_id": 0, "box": (1, 2, 3, 4)}, "class 0 is not"),
        ({"op": "add", "class_id": "car", "box": (1, 2, 3, 4), "image_id": 0}, "image 0 is not"),
        ({"op": "set", "object_id": 0, "box": (1, 2, 3, 4)}, "object 0 is not"),
        ({"op": "remove"}, "object None is not"),
    ],
)
def test_it_rejects_wrong_changes_and_writes_none(scene: Scene, wrong: dict[str, object], sentence: str) -> None:
    wrong = {"image_id": scene.image.pk, **wrong}
    wrong["class_id"] = scene.car if wrong.get("class_id") == "car" else wrong.get("class_id")
    good = AnnotationChange("add", scene.image.pk, class_id=scene.car, box=(1, 2, 3, 4))
    with pytest.raises(BadInput, match=sentence) as caught:
        scene.change(good, AnnotationChange(**wrong))
    assert list(caught.value.errors) == ["edits.1"]
    assert not Annotation.objects.exists()
    assert not Revision.objects.exists()


def test_it_rejects_two_changes_of_one_object(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    (known,) = scene.object_ids()
    with pytest.raises(BadInput, match="changed twice"):
        scene.change(*2 * [AnnotationChange("remove", scene.image.pk, object_id=known)])


def test_revert_brings_back_the_labels_and_keeps_history(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    (known,) = scene.object_ids()
    scene.change(AnnotationChange("set", scene.image.pk, object_id=known, box=(50, 50, 60, 60)))
    scene.add((1, 2, 3, 4))
    reverted = revert(dataset=scene.dataset, to=1, by=scene.cast.alice)
    assert (reverted.number, reverted.kind, reverted.origin) == (4, "revert", {"reverted_to": 1})
    assert reverted.counts == {"added": 0, "changed": 1, "removed": 1}
    assert scene.boxes(4) == scene.boxes(1) == [[10, 10, 30, 40]]
    assert scene.object_ids() == [known]
    assert sorted(scene.boxes(3)) == [[1, 2, 3, 4], [50, 50, 60, 60]]
    again = revert(dataset=scene.dataset, to=3, by=scene.cast.alice)
    assert sorted(scene.boxes(again.number)) == sorted(scene.boxes(3))
    scene.dataset.refresh_from_db()
    assert scene.dataset.annotation_count == 2


def test_revert_to_nothing(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    revert(dataset=scene.dataset, to=0, by=scene.cast.alice)
    assert scene.boxes(2) == []


@pytest.mark.parametrize("to", [1, 2, -1])
def test_revert_rejects_a_revision_that_is_not_before_the_head(scene: Scene, to: int) -> None:
    scene.add((10, 10, 30, 40))
    with pytest.raises(BadInput):
        revert(dataset=scene.dataset, to=to, by=scene.cast.alice)


def test_labels_at_gives_arrays_even_of_nothing(scene: Scene) -> None:
    labels = labels_at(dataset=scene.dataset, revision=0)
    assert (len(labels), labels.boxes.shape, labels.boxes.dtype) == (0, (0, 4), np.float32)
