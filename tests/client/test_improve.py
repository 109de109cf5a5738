"""`./halfday improve` against a real server, from the split to the hand-over: one epoch at 160 px."""

import threading
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts import services
from client import Halfday, improve
from curate import tasks as curate_tasks
from curate.models import AutoCurate, Suggestion
from jobs import running
from jobs.models import Job
from label.models import Batch
from model import tasks as model_tasks
from model.models import Run
from tests.factories import make_user
from tests.model.scene import Scene

# knox brings a table that no app lists; naming all apps lets Django empty the database between tests
pytestmark = [pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS), pytest.mark.slow]
HANDLERS = (curate_tasks, model_tasks)  # imported so that their jobs are known here, as in a worker
Said = tuple[int, str, str]


@pytest.fixture
def scene(tmp_path: Any, settings: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.STORAGE_ROOT = tmp_path / "storage"
    made = Scene()
    token = services.create_token(name="test", project=None, role=None, by=make_user("Ada", is_superuser=True)).token
    monkeypatch.setenv("HALFDAY_URL", live_server.url)
    monkeypatch.setenv("HALFDAY_TOKEN", token)
    return made


@pytest.fixture
def worker() -> Any:
    """A thread that does what is queued, as a worker would."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            job = Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first()
            if job is None:
                time.sleep(0.05)
            else:
                running.run(job.pk, beat=False)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def said(capsys: pytest.CaptureFixture[str], scene: Scene, *arguments: str) -> Said:
    code = improve.main([str(scene.dataset.pk), *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def trained(scene: Scene) -> Run:
    run = scene.run()
    for _ in range(2):
        running.run(Job.objects.filter(state=Job.State.QUEUED).order_by("pk")[0].pk, beat=False)
    return run


def test_without_a_terminal_it_shows_the_next_step_and_does_nothing(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(capsys, scene)
    assert code == 0
    assert "● split" in out
    assert "> split" in out
    assert "Run this with --yes" in out
    assert not Job.objects.exists()


def test_once_does_one_step_and_follows_it(scene: Scene, worker: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, scene, "--yes", "--once")
    assert code == 0
    assert "Split count(*) >= 1" in out
    assert [job.state for job in Job.objects.all()] == ["succeeded"]


def test_it_hands_over_to_people_and_goes_on_when_it_is_run_again(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(scene)
    found = AutoCurate.objects.create(
        dataset=scene.dataset, kind="mislabels", slice_ids=[scene.train.pk], finished_at="2026-01-01T00:00Z",
        source={"slice": None, "q": "", "revision": scene.dataset.head_revision},
    )  # fmt: skip
    car = scene.dataset.classes.get(name="car").pk
    Suggestion.objects.create(
        auto_curate=found, image=scene.images[0], kind="wrong_class", score=0.9, reason="So.", reason_code="x",
        given={"class_id": car, "box": [1, 1, 9, 9]}, proposed={"class_id": car, "box": [1, 1, 9, 9]},
    )  # fmt: skip
    code, out, _ = said(capsys, scene, "--yes")
    batch = Batch.objects.get(dataset=scene.dataset)
    assert code == 0
    assert f"Now: {run.name}, mAP" in out
    assert f"/batches/{batch.pk}: 12 tasks, less than a minute." in out
    assert "Run this command again afterwards." in out
    again = said(capsys, scene, "--yes")
    assert again[0] == 0
    assert Batch.objects.filter(dataset=scene.dataset).count() == 1


def test_a_refusal_is_the_platforms_sentence(
    scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert improve.main(["no such dataset"]) == 1
    assert "There is no dataset" in capsys.readouterr().err
    assert improve.main(["2000000000"]) == 1
    assert "There is no dataset 2000000000 here, or it is not yours." in capsys.readouterr().err
    monkeypatch.delenv("HALFDAY_TOKEN")
    assert said(capsys, scene)[0] == 1


def test_the_client_skips_takes_and_reads_curves(scene: Scene) -> None:
    with Halfday.from_environment() as halfday:
        state = halfday.improve.skip(scene.dataset.pk, "split")
        assert state["next"] is None
        state = halfday.improve.skip(scene.dataset.pk, "split", undo=True)
        assert state["next"] is not None
        job = halfday.improve.take(scene.dataset.pk, "split")["job"]
        assert job is not None
        assert job["kind"] == "split"
        assert halfday.learning_curves.get(scene.dataset.pk)["points"] == []
