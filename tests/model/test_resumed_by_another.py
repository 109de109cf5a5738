"""A run that somebody else resumed goes on in their name: who made it may have left the project meanwhile."""

import pytest

import curate.tasks
from accounts.models import Member, Role
from curate.models import Evaluation
from dataset.models import PredictionSet
from dataset.services.manifests import freeze
from jobs.models import Job
from jobs.running import Report
from model.models import Checkpoint, Run
from model.services.runs import resume_run
from model.services.training import train
from tests.architecture.every_service import WholeProject

assert curate.tasks
pytestmark = pytest.mark.django_db


def predicted(stage: WholeProject) -> Run:
    """Alice's run, trained and predicted, which died before its evaluation was asked for."""
    stage.dataset.refresh_from_db()
    manifest = freeze(dataset=stage.dataset, slices=[stage.slice], revision=stage.dataset.head_revision)
    judged = PredictionSet.objects.create(
        dataset=stage.dataset, manifest=manifest, name="first", kind="run", location="none", box_count=0
    )
    run = stage.run()
    Run.objects.filter(pk=run.pk).update(
        prediction_set=judged, created_by=stage.cast.alice, revision=stage.dataset.head_revision
    )
    Checkpoint.objects.create(
        run=run,
        project=stage.project,
        name="best",
        kind="best",
        architecture="road11t",
        location="x",
        sha256="2",
        size=1,
    )
    return Run.objects.get(pk=run.pk)


def test_it_works() -> None:
    stage = WholeProject()
    run, manager = predicted(stage), stage.member(Role.MANAGER)
    job = resume_run(run=run, by=manager)
    Member.objects.filter(user=stage.cast.alice).delete()
    done = train(run=run, report=Report(job, "worker"))
    evaluation = Evaluation.objects.get(pk=done["evaluation"])
    assert evaluation.created_by == manager
    assert Job.objects.get(pk=evaluation.job_id).created_by == manager
