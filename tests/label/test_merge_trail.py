"""What a merge leaves behind it: the audit line, the revision's origin, and who may not have called."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditLine, Role
from accounts.problems import Conflict
from dataset.models import Revision
from dataset.services.revisions import RevisionConflict
from label.models import Batch, Task
from label.services import merging
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene(bob=Role.LABELLER)


def finished(scene: Scene, places: int = 1) -> Batch:
    batch = scene.batch(name="Corrections")
    for place in range(places):
        scene.save(scene.task(batch, place), boxes=[], state="done")
    return batch


def test_it_works(scene: Scene) -> None:
    batch = finished(scene, 2)
    merged = merging.send_to_curate(batch=batch, by=scene.cast.alice)
    line = AuditLine.objects.get(action="batch.merge")
    assert (line.actor, line.project, line.target) == (scene.cast.alice, scene.cast.project, str(batch))
    assert line.data == {"id": batch.pk, "revision": batch.base + 1, "tasks": 2}
    revision = Revision.objects.get(number=batch.base + 1)
    assert (revision.kind, revision.author, revision.message) == (
        "merge",
        scene.cast.alice,
        "Merge of the batch Corrections",
    )
    assert revision.origin == {"batch": batch.pk, "base": batch.base}
    assert (merged.batch.pk, merged.revision, merged.batch.merged) == (batch.pk, revision, revision)
    assert merged.note == f"Revision {revision.number}: 0 boxes added, 0 changed, 4 removed."


def test_merged_tasks_go_on_from_the_new_labels(scene: Scene) -> None:
    batch = finished(scene)
    before = scene.task(batch, 0).version
    merging.send_to_curate(batch=batch, by=scene.cast.alice)
    task = scene.task(batch, 0)
    assert (task.boxes, task.base, task.version) == (None, batch.base + 1, before + 1)


def test_nothing_new_leaves_a_line_without_a_revision(scene: Scene) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 0), boxes=scene.boxes(0), state="done")
    merged = merging.send_to_curate(batch=batch, by=scene.cast.alice)
    assert (merged.revision, merged.note) == (None, "There was nothing new to merge.")
    data = AuditLine.objects.get(action="batch.merge").data
    assert (data["id"], data["revision"]) == (batch.pk, None)


def test_it_rejects_labellers_wherever_they_call(scene: Scene) -> None:
    batch = finished(scene)
    with pytest.raises(PermissionDenied):
        merging.send_to_curate(batch=batch, by=scene.cast.bob)
    assert scene.labels(0)


def test_it_rejects_a_closed_batch(scene: Scene) -> None:
    batch = finished(scene)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.CLOSED)
    with pytest.raises(Conflict, match="closed"):
        merging.send_to_curate(batch=batch, by=scene.cast.alice)


class MovingOn:
    """Labels that move on under a merge the first times that it is tried."""

    def __init__(self, times: int) -> None:
        self.left, self.tries, self.merge_once = times, 0, merging._merge_once

    def __call__(self, batch: Batch, **known: object) -> merging.Merged:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise RevisionConflict("The labels have moved on.")
        return self.merge_once(batch, **known)


@pytest.mark.parametrize(("moves", "arrives"), [(0, True), (4, True), (5, False)])
def test_it_tries_five_times(scene: Scene, monkeypatch: pytest.MonkeyPatch, moves: int, arrives: bool) -> None:
    batch, moving = finished(scene), MovingOn(moves)
    monkeypatch.setattr(merging, "_merge_once", moving)
    if arrives:
        assert merging.send_to_curate(batch=batch, by=scene.cast.alice).revision is not None
    else:
        with pytest.raises(RevisionConflict):
            merging.send_to_curate(batch=batch, by=scene.cast.alice)
    assert moving.tries == min(moves + 1, 5)
    assert Task.objects.filter(pk=scene.task(batch, 0).pk, boxes__isnull=True).exists() == arrives
