"""What half an hour of review will bring: before anybody starts, and afterwards."""

import threading

import numpy as np
import pytest
from django.db import connection, connections
from django.test import TestCase
from django.utils import timezone

from accounts.models import Role
from curate.autocurate.review import in_review
from curate.models import AutoCurate, Evaluation, Suggestion
from dataset.models import Dataset, Image, PredictionSet
from label.models import Batch, Task
from model.models import Run
from science.autocurate.refit import OPEN, chances
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast
from tests.processes import until

pytestmark = pytest.mark.django_db
RATES = {kind: {"share": 0.1, "known": True} for kind in ("wrong_class", "missing", "spurious", "badly_drawn")}
ERRORS = {"wrong_class": 80.0, "missing": 40.0, "spurious": 0.0, "badly_drawn": None}


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.REVIEWER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(dataset, [Picture(boxes=[("car", 10, 10, 60, 60)]) for _ in range(60)])


@pytest.fixture
def run(dataset: Dataset, images: list[Image]) -> AutoCurate:
    """Sixty images with a wrong class each, promised .5."""
    source = {"slice": None, "q": "", "revision": 1}
    made = AutoCurate.objects.create(
        dataset=dataset, kind="mislabels", source=source, finished_at=timezone.now(),
        report={"rates": RATES, "expected_errors": ERRORS},
    )  # fmt: skip
    car = dataset.classes.first().pk
    box = {"class_id": car, "box": [10, 10, 60, 60]}
    Suggestion.objects.bulk_create(
        Suggestion(
            auto_curate=made, image=image, kind="wrong_class", score=0.5, reason="So.", reason_code="wrong_class",
            parts={"doubt": 0.5}, given=box, proposed=box,
        )
        for image in images
    )  # fmt: skip
    return made


def forecast(cast: Cast, run: AutoCurate, minutes: float = 30) -> dict:
    found: dict = call(cast.bob, "GET", f"auto-curates/{run.pk}/review?minutes={minutes}").json()["forecast"]
    return found


def decide(cast: Cast, rows: list[Suggestion], verdict: str) -> None:
    body = {"verdicts": [{"id": row.pk, "verdict": verdict} for row in rows]}
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert call(cast.bob, "POST", "suggestions/verdicts", body).status_code == 200


def test_it_works(cast: Cast, run: AutoCurate) -> None:
    """Two seconds and one to open: a minute holds twenty looks, half of them right."""
    found = forecast(cast, run, minutes=1)
    assert (found["looks"], found["images"], found["seconds_used"]) == (20, 20, 60)
    assert found["mended"]["value"] == pytest.approx(10)
    assert found["mended"]["low"] < 8
    assert found["mended"]["high"] > 12
    assert found["errors_in_all"]["value"] == 120
    assert found["seconds"] == {"decide": 2, "redraw": 5, "open_image": 1, "measured_in": "default", "tasks": 0}
    assert (found["shown"], found["came"], found["costs"]) == (None, None, {"evaluation": None})
    # by hand: 9 points of a class of 60 cars, one class with labels of three known: 10 × 9 / 60 / 1 in points
    assert found["gain"]["value"] == pytest.approx(0.015)


def test_more_time_than_there_is_to_look_at(cast: Cast, run: AutoCurate) -> None:
    assert forecast(cast, run)["looks"] == 60
    assert forecast(cast, run)["seconds_used"] == 180


@pytest.mark.parametrize("minutes", ["0", "-1", "100000", "soon"])
def test_it_rejects_times_that_are_none(cast: Cast, run: AutoCurate, minutes: str) -> None:
    assert_problem(call(cast.bob, "GET", f"auto-curates/{run.pk}/review?minutes={minutes}"), 400, mentions="minutes")


def test_seconds_are_those_measured_in_label(cast: Cast, run: AutoCurate, images: list[Image]) -> None:
    """Ten tasks took six seconds where three were expected: everything takes twice as long here."""
    batch = Batch.objects.create(dataset=run.dataset, name="b", base=1, auto_curate=run)
    rows = list(run.suggestions.order_by("pk")[:10])
    Task.objects.bulk_create(
        Task(batch=batch, image=row.image, position=at, base=1, active_seconds=6) for at, row in enumerate(rows)
    )
    assert forecast(cast, run)["seconds"]["measured_in"] == "default"  # nothing answered yet
    decide(cast, rows, "accepted")
    found = forecast(cast, run, minutes=1)
    assert found["seconds"] == {"decide": 4, "redraw": 10, "open_image": 2, "measured_in": "dataset", "tasks": 10}
    assert found["looks"] == 10
    assert found["came"]["minutes"] == pytest.approx(1)
    other = AutoCurate.objects.create(dataset=make_dataset(cast.project), kind="mislabels", report={"rates": RATES})
    assert forecast(cast, other)["seconds"]["measured_in"] == "project"


def evaluated(dataset: Dataset, images: list[Image], smallest: float, name: str) -> Evaluation:
    manifest = make_manifest(dataset, images)
    made = PredictionSet.objects.create(
        dataset=dataset, manifest=manifest, name=name, kind="run", location="none", box_count=0
    )
    return Evaluation.objects.create(
        dataset=dataset, prediction_set=made, manifest=manifest, revision=1, finished_at=timezone.now(),
        interval={"low": 0.3, "high": 0.4, "smallest_shown": smallest},
    )  # fmt: skip


def test_it_says_what_the_validation_slice_can_show(cast: Cast, run: AutoCurate, images: list[Image]) -> None:
    """The newest on a validation slice, not the newest; to show two thirds takes 9/4 of its 40 images, 50 more."""
    dataset = run.dataset
    val = make_slice(dataset, "val", images[:40])
    Run.objects.create(dataset=dataset, name="r", baseline="b", weights="scratch", validation_slice=val, revision=1)
    on_val = evaluated(dataset, images[:40], 0.012, "of the run")
    on_val.manifest.slices = [{"id": val.pk, "name": "val"}]
    on_val.manifest.save(update_fields=["slices"])
    evaluated(dataset, images[:5], 0.05, "of something else")
    shown = forecast(cast, run)["shown"]
    assert shown.pop("more") == {"images": 50, "smallest": pytest.approx(0.008)}
    assert shown == {
        "evaluation": on_val.pk, "name": "of the run", "slice": "val", "images": 40, "smallest": 0.012
    }  # fmt: skip


def test_what_came_stands_beside_what_was_promised(cast: Cast, run: AutoCurate) -> None:
    rows = list(run.suggestions.order_by("pk"))
    decide(cast, rows[:12], "accepted")
    at = run.suggestions.exclude(decided_at=None).values_list("decided_at", flat=True)[0]
    decide(cast, rows[10:12], "rejected")
    run.suggestions.exclude(decided_at=None).update(decided_at=at)  # all in one save
    came = forecast(cast, run)["came"]
    assert (came["looks"], came["mended"]) == (12, 10)
    # twelve looks without a time of their own took five seconds each: a minute, a fifth of the promise of five
    assert came["minutes"] == pytest.approx(1)
    assert came["promised"]["value"] == pytest.approx(30 / 5)
    run.refresh_from_db()
    assert [point["looks"] for point in run.report["promise"]["curve"]][:2] == [60, 60]
    assert "promise" not in call(cast.bob, "GET", f"auto-curates/{run.pk}").json()["report"]


def test_the_promise_is_that_of_before_the_first_verdict(cast: Cast, run: AutoCurate) -> None:
    decide(cast, list(run.suggestions.order_by("pk")[:20]), "rejected")
    run.refresh_from_db()
    kept = run.report["promise"]
    assert kept["errors"]["value"] == 120
    assert kept["curve"][0]["value"] == pytest.approx(30)
    decide(cast, list(run.suggestions.order_by("pk")[20:30]), "rejected")
    run.refresh_from_db()
    assert run.report["promise"] == kept


def test_verdicts_change_the_forecast(cast: Cast, run: AutoCurate) -> None:
    before = forecast(cast, run)
    decide(cast, list(run.suggestions.order_by("pk")[:20]), "rejected")
    after = forecast(cast, run)
    assert after["errors_in_all"]["value"] < 0.7 * before["errors_in_all"]["value"]
    assert after["mended"]["value"] < 0.4 * before["mended"]["value"]


def test_a_run_without_rates_has_no_forecast(cast: Cast, run: AutoCurate) -> None:
    AutoCurate.objects.filter(pk=run.pk).update(report={})
    assert forecast(cast, run) is None


def test_it_rejects_strangers(cast: Cast, run: AutoCurate) -> None:
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run.pk}/review?minutes=10")


@pytest.mark.django_db(transaction=True)
def test_the_last_verdict_is_followed_by_a_ranking(cast: Cast, run: AutoCurate) -> None:
    """Six reviewers at once: whoever comes last, the open suggestions are ranked by all of their verdicts."""
    rows = list(run.suggestions.order_by("pk"))

    def review(mine: list[Suggestion]) -> None:
        for row in mine:
            body = {"verdicts": [{"id": row.pk, "verdict": "rejected"}]}
            assert call(cast.bob, "POST", "suggestions/verdicts", body).status_code == 200
        connections.close_all()

    threads = [threading.Thread(target=review, args=(rows[at : at + 5],)) for at in range(0, 30, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_ranked_by_all_verdicts(run)


def assert_ranked_by_all_verdicts(run: AutoCurate) -> None:
    found = in_review(run)
    assert found is not None
    still = found.reviewed.verdict == OPEN
    assert 0 < still.sum() < len(still)
    scores = run.suggestions.filter(verdict="pending").order_by("pk").values_list("score", flat=True)
    np.testing.assert_allclose(list(scores), chances(found.reviewed, found.refits)[still], atol=1e-6)


@pytest.mark.django_db(transaction=True)
def test_a_verdict_does_not_wait_for_those_who_rank(cast: Cast, run: AutoCurate) -> None:
    """Somebody ranks for long, and somebody waits to be next: a third verdict is saved, and its giver goes on."""
    saved: list[int] = []

    def review(row: Suggestion) -> None:
        body = {"verdicts": [{"id": row.pk, "verdict": "accepted"}]}
        saved.append(call(cast.bob, "POST", "suggestions/verdicts", body).status_code)
        connections.close_all()

    first, second = run.suggestions.order_by("pk")[:2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1729002, %s)", [run.pk])  # one ranks
        next_one = threading.Thread(target=review, args=(first,))
        next_one.start()
        until(lambda: _waits_in_line(run))
        third = threading.Thread(target=review, args=(second,))
        third.start()
        third.join()
        assert saved == [200]
        cursor.execute("SELECT pg_advisory_unlock(1729002, %s)", [run.pk])
        next_one.join()
    assert saved == [200, 200]
    assert_ranked_by_all_verdicts(run)


def _waits_in_line(run: AutoCurate) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s", [run.pk]
        )
        return bool(cursor.fetchone()[0])
