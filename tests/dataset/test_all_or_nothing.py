"""What is half done is never seen: imports are one transaction, and two people cannot both be first."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import close_old_connections, connection

from dataset.models import Annotation, Dataset, Image, Revision
from dataset.services import import_commit
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import RevisionConflict, write_changes
from dataset.tasks import run_import
from embedded.home import ROOT
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
            write_changes(dataset=dataset, author=None, kind="edit", changes=[add], on=0)
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


def test_a_worker_killed_in_the_middle_leaves_nothing_and_a_job_that_can_be_done(
    cast: Cast, import_root: Path, settings: Any
) -> None:
    """SIGKILL while the rows are written: nothing of them is seen, and the same job then does all of it."""
    dataset = make_dataset(cast.project, classes=())
    yolo_folder(import_root / "set")
    call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": "set"})
    job = Job.objects.get()
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "HALFDAY_STORAGE": str(settings.STORAGE_ROOT),
        "HALFDAY_IMPORT_ROOTS": str(import_root),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    child = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(job.pk)], env=environment, check=False)
    assert child.returncode == -signal.SIGKILL
    assert [model.objects.count() for model in (Image, Annotation, Revision)] == [0, 0, 0]
    job.refresh_from_db()
    assert job.result is None
    Job.objects.filter(pk=job.pk).update(state="queued")  # as the clock does when the heartbeat stays away
    (job,) = run_jobs()
    assert (job.result["images"]["added"], job.result["boxes"]["added"], job.result["revision"]) == (3, 2, 1)


KILLED_WHILE_WRITING = """
import os, signal, sys
import django
django.setup()
from dataset.services import import_commit
from dataset.tasks import run_import
from jobs import running
import_commit.finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
running.run(int(sys.argv[1]), beat=False)
"""


def database_url() -> str:
    """The test database, for another process."""
    given = connection.settings_dict
    return f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}"
