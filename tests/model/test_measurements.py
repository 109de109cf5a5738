"""How fast a baseline is here, and the memory that it takes."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import AuditLine, Role
from jobs.models import Job
from model.measurements import measuring
from model.measurements.pictures import draw
from model.models import Measurement
from model.tasks import measure_baseline
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
assert measure_baseline
SMALL = {"baseline": "road11t", "imgsz": 64, "batch": 2}


@pytest.fixture
def cast() -> Cast:
    return make_cast(Role.LABELLER)


def asked(cast: Cast, **changed: object) -> dict[str, object]:
    return SMALL | {"project": cast.project.pk} | changed


def of_baseline(cast: Cast) -> dict[str, Any]:
    rows = call(cast.alice, "get", f"baselines?project={cast.project.pk}").json()
    return next(row for row in rows if row["name"] == "road11t")


@pytest.mark.slow
def test_it_works(cast: Cast) -> None:
    """A real training and prediction."""
    assert of_baseline(cast)["measured"] == []
    assert call(cast.alice, "post", "baselines/measure", asked(cast)).status_code == 202
    (job,) = run_jobs()
    assert (job.state, job.error) == (Job.State.SUCCEEDED, "")
    (row,) = of_baseline(cast)["measured"]
    assert (row["imgsz"], row["batch"], row["problem"]) == (64, 2, "")
    assert row["device"]
    assert row["trained_per_second"] > 0
    assert row["predicted_per_second"] > 0
    assert row["memory"] > 50 << 20
    assert AuditLine.objects.filter(action="baseline.measure", actor=cast.alice).count() == 1


def test_a_baseline_that_takes_all_memory_is_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the system ends whatever it likes: the row says so, the job does not fail."""
    monkeypatch.setattr(measuring, "memory_left", lambda: 0.01)
    call(cast.alice, "post", "baselines/measure", asked(cast))
    (job,) = run_jobs()
    assert job.state == Job.State.SUCCEEDED
    (row,) = of_baseline(cast)["measured"]
    assert row["problem"].startswith("It takes more memory than this machine has free.")
    assert (row["trained_per_second"], row["memory"]) == (None, None)


def test_one_that_is_too_slow_is_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    for _ in range(2):  # the second takes the place of the first
        call(cast.alice, "post", "baselines/measure", asked(cast))
        run_jobs()
    assert Measurement.objects.get().problem == measuring.TOLD["time"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"baseline": "yolo99"}, "baseline"),
        ({"imgsz": 65}, "imgsz"),
        ({"imgsz": 4096}, "imgsz"),
        ({"baseline": "yolov6t6", "imgsz": 96}, "imgsz"),  # its stride is 64
        ({"batch": 0}, "batch"),
        ({"batch": 129}, "batch"),
    ],
)
def test_it_rejects_what_cannot_be_measured(cast: Cast, changed: dict[str, object], field: str) -> None:
    answer = call(cast.alice, "post", "baselines/measure", asked(cast, **changed))
    assert_problem(answer, 400)
    assert list(answer.json()["errors"]) == [field]
    assert not Job.objects.exists()


def test_only_managers_measure(cast: Cast) -> None:
    assert_problem(call(cast.bob, "post", "baselines/measure", asked(cast)), 403)
    assert_charlie_gets_404(cast, "post", "baselines/measure", asked(cast))
    assert not Job.objects.exists()


def test_large_networks_say_that_they_need_a_gpu(cast: Cast) -> None:
    rows = call(cast.alice, "get", f"baselines?project={cast.project.pk}").json()
    need = {row["name"] for row in rows if row["needs_gpu"]}
    assert {"yolov6l6", "deta-swin-l"} <= need
    assert not {"road11t", "yolo11n", "rtdetrv2-t", "yolov6n6"} & need


def test_pictures_are_as_large_as_asked_and_labelled(tmp_path: Path) -> None:
    from PIL import Image

    (first, second) = draw(tmp_path / "new", 2, 96)
    with Image.open(first.path) as picture:
        assert picture.size == (96, 96) == (first.width, first.height)
    assert first.boxes.shape == (5, 4)
    assert (first.boxes[:, 2:] > first.boxes[:, :2]).all()
    assert second.path != first.path
