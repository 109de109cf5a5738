"""Out-of-fold prediction with real networks: two folds of twelve pictures, one epoch each."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from jobs.errors import JobCancelled, JobFailed, JobInterrupted
from jobs.models import Job
from jobs.reporting import Report
from model.models import Checkpoint
from model.services import folds as fold_service
from model.services.folds import out_of_fold
from model.services.start import Start
from tests.model.scene import QUICK, Scene

pytestmark = pytest.mark.django_db
SCRATCH = Start("scratch", "road11t")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Scene:
    """With a storage of its own, so that what is left behind can be told."""
    monkeypatch.setattr(settings, "STORAGE_ROOT", tmp_path)
    return Scene()


def report_for(scene: Scene) -> Report:
    job = Job.objects.create(project=scene.cast.project, kind="find_mislabels", title="Find mislabels", state="running")
    return Report(job, "test")


def ask(scene: Scene, report: Report, start: Start = SCRATCH, folds: list[int] | None = None):
    images = [image.pk for image in scene.images[:12]]
    return out_of_fold(
        dataset=scene.dataset,
        revision=1,
        image_ids=images,
        folds=folds or [place % 2 for place in range(12)],
        start=start,
        settings=QUICK,
        report=report,
        progress=(0.0, 0.5),
    )


@pytest.mark.slow
def test_it_works(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = []
    real = fold_service.train_network

    def watched(request, **more):
        trained.append({image.path.name for image in request.images})
        return real(request, **more)

    monkeypatch.setattr(fold_service, "train_network", watched)
    report = report_for(scene)
    seen: list[float] = []
    monkeypatch.setattr(report, "check", lambda: seen.append(report._progress))
    found = ask(scene, report)
    assert len(found)
    assert found.image_ids.tolist() == sorted(found.image_ids.tolist())
    assert set(found.image_ids.tolist()) <= {image.pk for image in scene.images[:12]}
    assert [len(names) for names in trained] == [6, 6]
    assert not trained[0] & trained[1], "a fold's network saw an image of its own fold"
    assert seen == sorted(seen)
    assert max(seen) == pytest.approx(0.5)
    assert not list((settings.STORAGE_ROOT / "work").iterdir())


@pytest.mark.slow
def test_an_interrupted_attempt_keeps_what_it_has_and_a_cancelled_one_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = report_for(scene)
    real, calls = fold_service.train_network, []

    def interrupted(request, **more):
        calls.append(request)
        if len(calls) == 2:
            raise JobInterrupted
        return real(request, **more)

    monkeypatch.setattr(fold_service, "train_network", interrupted)
    with pytest.raises(JobInterrupted):
        ask(scene, report)
    found = ask(scene, report)
    assert len(calls) == 3, "the first fold was trained again"
    assert len(np.unique(found.image_ids)) > 6

    def cancelled(request, **more):
        raise JobCancelled

    monkeypatch.setattr(fold_service, "train_network", cancelled)
    with pytest.raises(JobCancelled):
        ask(scene, report)
    assert not list((settings.STORAGE_ROOT / "work").iterdir())


def test_it_rejects_weights_that_saw_the_images(scene: Scene) -> None:
    run = scene.run()
    weights = Checkpoint.objects.create(
        project=scene.cast.project, run=run, name="best", kind="best", architecture="road11t",
        location="blobs/none", sha256="0" * 64, size=1,
    )  # fmt: skip
    with pytest.raises(JobFailed, match="trained on 12 of these 12 images"):
        ask(scene, report_for(scene), Start("checkpoint", "road11t", weights))


@pytest.mark.parametrize("folds", [[0] * 12, [0, 2] * 6])
def test_it_rejects_folds_without_images(scene: Scene, folds: list[int]) -> None:
    with pytest.raises(JobFailed, match="two folds or more"):
        ask(scene, report_for(scene), folds=folds)
