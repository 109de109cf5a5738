"""What is half done is never seen: imports are one transaction, and two people cannot both be first."""

import threading
from pathlib import Path

import pytest
from django.db import close_old_connections, connection

from dataset.models import Annotation, Dataset, Image, Revision
from dataset.services import import_commit
from dataset.services.revisions import AnnotationChange, RevisionConflict, apply_changes
from dataset.tasks import run_import
from jobs.models import Job
from tests.dataset.folders import yolo_folder
from tests.factories import Cast, call, make_dataset, make_image, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
assert run_import


def test_an_import_that_breaks_at_the_end_leaves_nothing_and_can_be_repeated(
    cast: Cast, import_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(cast.project, classes=())
    yolo_folder(import_root / "set")

    def lights_out(*args: object) -> None:
        raise RuntimeError("lights out")

    monkeypatch.setattr(import_commit, "finish", lights_out)
    call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": "set"})
    (job,) = run_jobs()
    assert (job.state, "lights out" in job.error) == ("failed", True)
    assert [model.objects.count() for model in (Image, Annotation, Revision)] == [0, 0, 0]
    dataset.refresh_from_db()
    assert (dataset.image_count, dataset.head_revision, dataset.classes.count()) == (0, 0, 0)
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(state="queued")
    (job,) = run_jobs()
    assert job.result["images"]["added"] == 3


def test_of_two_who_edit_one_revision_one_is_told(cast: Cast) -> None:
    dataset: Dataset = make_dataset(cast.project)
    image = make_image(dataset)
    add = AnnotationChange("add", image.pk, class_id=dataset.classes.all()[0].pk, box=(1, 2, 30, 40))
    start, outcomes = threading.Barrier(2), []

    def edit() -> None:
        try:
            start.wait()
            apply_changes(dataset=dataset, by=None, kind="edit", changes=[add], on=0)
            outcomes.append("done")
        except RevisionConflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=edit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert sorted(outcomes) == ["done", "told"]
    assert (Annotation.objects.count(), Revision.objects.count()) == (1, 1)
