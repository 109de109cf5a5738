"""What stands beside a revision's changes, and the edges of what may change."""

import pytest

from accounts.models import AuditLine
from accounts.problems import BadInput
from dataset.models import Annotation, Provenance, Revision
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.change_plans import ChangeContext, current_row
from dataset.services.revisions import RevisionConflict, apply_changes, revert, write_changes
from tests.dataset.test_apply_changes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def known_object(scene: Scene, **more: object) -> int:
    scene.add((10, 10, 30, 40), **more)
    return scene.object_ids()[-1]


def change(scene: Scene, object_id: int, **fields: object) -> Revision:
    return scene.change(AnnotationChange("set", scene.image.pk, object_id=object_id, **fields))


def test_the_audit_line_says_what_the_revision_did(scene: Scene) -> None:
    revision = scene.add((10, 10, 30, 40))
    line = AuditLine.objects.get(action="revision.create")
    assert (line.actor, line.target, line.project) == (scene.cast.alice, scene.dataset.name, scene.cast.project)
    counts = {"added": 1, "changed": 0, "removed": 0}
    assert line.data == {"dataset": scene.dataset.pk, "revision": revision.number, "kind": "edit", **counts}
    assert (revision.author, revision.origin) == (scene.cast.alice, {})


def test_a_message_is_empty_by_default_and_cut_where_it_is_long(scene: Scene) -> None:
    known = {"dataset": scene.dataset, "by": scene.cast.alice, "kind": Revision.Kind.EDIT}
    assert apply_changes(**known, changes=[]).message == ""
    assert apply_changes(**known, changes=[], message="m" * 501).message == "m" * 500
    asked = {"dataset": scene.dataset, "author": None, "kind": Revision.Kind.EDIT}
    assert write_changes(**asked, changes=[], origin={"batch": 3}).origin == {"batch": 3}


def test_the_caller_sees_the_new_head_and_count(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    revision = scene.add((1, 2, 3, 4))
    assert (revision.dataset.head_revision, revision.dataset.annotation_count) == (2, 2)


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ((5, 5, 9, 5), "no area"),  # no height
        ((5, 9, 9, 5), "no area"),
        ((120, 5, 130, 9), "no area"),  # beyond the image's right edge
        ((5, 5, 9), "four finite numbers"),
        ((5, 5, 9, 9, 9), "four finite numbers"),
        ((5, 5, float("inf"), 9), "finite"),
    ],
)
def test_it_rejects_boxes_that_are_none(scene: Scene, box: tuple[float, ...], sentence: str) -> None:
    with pytest.raises(BadInput, match=f"^Change 1: .*{sentence}"):
        scene.add(box)  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", [{"box": (1, 2, 3, 4)}, {"class_id": True}])
def test_it_rejects_half_a_new_box(scene: Scene, fields: dict[str, object]) -> None:
    if "class_id" in fields:
        fields = {"class_id": scene.car}
    with pytest.raises(BadInput, match="needs class_id and box"):
        scene.change(AnnotationChange("add", scene.image.pk, **fields))


def test_it_rejects_a_known_objects_new_class_and_box_alike(scene: Scene) -> None:
    known = known_object(scene)
    with pytest.raises(BadInput, match="class 0 is not"):
        change(scene, known, class_id=0)
    with pytest.raises(BadInput, match="no area"):
        change(scene, known, box=(5, 5, 5, 9))


def test_attributes_stay_unless_they_are_given(scene: Scene) -> None:
    known = known_object(scene, attributes={"occluded": True})
    change(scene, known, box=(11, 10, 30, 40))
    assert Annotation.objects.get(died=None).attributes == {"occluded": True}
    change(scene, known, attributes={"lane": 2})
    row = Annotation.objects.get(died=None)
    assert (row.attributes, row.x1, row.object_id) == ({"lane": 2}, 11, known)
    change(scene, known, attributes={})
    assert Annotation.objects.get(died=None).attributes is None
    assert change(scene, known, attributes={}).counts["changed"] == 0


def test_a_changed_object_is_written_with_all_that_it_had(scene: Scene) -> None:
    known = known_object(scene)
    revision = scene.change(
        AnnotationChange("set", scene.image.pk, object_id=known, class_id=scene.rider, provenance=Provenance.MODEL)
    )
    row = Annotation.objects.get(died=None)
    assert (row.dataset_id, row.image_id, row.born) == (scene.dataset.pk, scene.image.pk, revision.number)
    assert (row.label_class_id, row.provenance) == (scene.rider, Provenance.MODEL)
    assert (row.x1, row.y1, row.x2, row.y2) == (10, 10, 30, 40)


def test_who_names_no_object_gets_none(scene: Scene) -> None:
    """Not even the object with the lowest id, where another change names that one."""
    known_object(scene)
    around = ChangeContext({}, frozenset(), {number: Annotation.objects.get() for number in (1, -1)})
    with pytest.raises(BadInput, match="object None is not"):
        current_row(0, AnnotationChange("remove", scene.image.pk), around, set())


def test_a_revert_says_where_it_went_back_to(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    scene.add((1, 2, 3, 4))
    reverted = revert(dataset=scene.dataset, to=1, by=scene.cast.alice)
    assert (reverted.message, reverted.author) == ("Back to revision 1", scene.cast.alice)
    assert revert(dataset=scene.dataset, to=2, by=scene.cast.alice, message="As it was").message == "As it was"
    line = AuditLine.objects.latest("pk")
    assert (line.actor, line.data["kind"], line.data["added"], line.data["removed"]) == (
        scene.cast.alice,
        "revert",
        1,
        0,
    )


def test_a_revert_rejects_an_older_head(scene: Scene) -> None:
    scene.add((10, 10, 30, 40))
    scene.add((1, 2, 3, 4))
    with pytest.raises(RevisionConflict):
        revert(dataset=scene.dataset, to=0, by=scene.cast.alice, on=1)
    assert revert(dataset=scene.dataset, to=0, by=scene.cast.alice, on=2).number == 3
