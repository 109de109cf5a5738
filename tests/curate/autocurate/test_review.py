"""The plan of a review: what verdicts teach about the suggestions that are still open."""

from datetime import timedelta

import pytest
from django.test import TestCase
from django.utils import timezone

from accounts.models import Role
from curate.models import AutoCurate, Suggestion
from dataset.models import Image
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast, assert_charlie_gets_404, call, make_cast

pytestmark = pytest.mark.django_db
RATES = {
    "wrong_class": {"share": 0.05, "known": True},
    "missing": {"share": 0.1, "known": True},
    "spurious": {"share": 0.01, "known": False},
    "badly_drawn": {"share": 0.02, "known": True},
}


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.REVIEWER)


@pytest.fixture
def image(cast: Cast) -> Image:
    return make_images(make_dataset(cast.project), [Picture(boxes=[("car", 10, 10, 60, 60)])])[0]


@pytest.fixture
def run(image: Image) -> AutoCurate:
    """Thirty wrong classes and thirty missing labels, each promised .5, and a label twice on one object at .9."""
    source = {"slice": None, "q": "", "revision": 0}
    made = AutoCurate.objects.create(
        dataset=image.dataset, kind=AutoCurate.Kind.MISLABELS, source=source, report={"rates": RATES}
    )
    rows = [(kind, 0.5, kind, {"doubt": 0.5}) for kind in ["wrong_class"] * 30 + ["missing"] * 30]
    rows.append(("spurious", 0.9, "labelled_twice", {}))
    Suggestion.objects.bulk_create(
        Suggestion(auto_curate=made, image=image, kind=kind, score=score, reason="So.", reason_code=code, parts=parts)
        for kind, score, code, parts in rows
    )
    return made


def plan_of(cast: Cast, run: AutoCurate) -> dict:
    return call(cast.bob, "GET", f"auto-curates/{run.pk}/review").json()["plan"]


def decide(cast: Cast, run: AutoCurate, verdicts: dict[str, str], count: int = 20) -> None:
    """Give so many suggestions of each kind one verdict."""
    rows = [
        {"id": pk, "verdict": verdict}
        for kind, verdict in verdicts.items()
        for pk in run.suggestions.filter(kind=kind).order_by("pk").values_list("pk", flat=True)[:count]
    ]
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert call(cast.bob, "POST", "suggestions/verdicts", {"verdicts": rows}).status_code == 200


def test_it_works(cast: Cast, run: AutoCurate) -> None:
    plan = plan_of(cast, run)
    assert (plan["first"], plan["first_left"]) == (40, 40)
    every, wrong, missing = plan["next"]
    assert (every["kind"], wrong["kind"], missing["kind"]) == (None, "wrong_class", "missing")
    assert (every["suggestions"], every["right"], wrong["right"]) == (60, pytest.approx(30), pytest.approx(15))
    assert every["low"] < 30 < every["high"]
    assert plan["stop"] == {
        "suggestions": 60, "minutes": pytest.approx(5), "right": pytest.approx(30), "worth": 0.2, "seconds": 5
    }  # fmt: skip
    assert {row["kind"]: row["known"] for row in plan["rates"]} == {kind: rate["known"] for kind, rate in RATES.items()}


def test_verdicts_rank_the_open_suggestions_anew(cast: Cast, run: AutoCurate) -> None:
    decide(cast, run, {"wrong_class": "accepted", "missing": "rejected"})
    pending = call(cast.bob, "GET", f"auto-curates/{run.pk}/suggestions?verdict=pending").json()["items"]
    assert [row["kind"] for row in pending[1:11]] == ["wrong_class"] * 10
    assert pending[1]["score"] > 0.7
    assert pending[-1]["score"] < 0.3
    assert pending[0]["score"] == pytest.approx(0.9)  # the label twice needs no judge
    decided = run.suggestions.exclude(verdict="pending").values_list("score", flat=True)
    assert set(decided) == {0.5}  # what was promised when it was decided


def test_verdicts_change_what_is_expected_and_when_to_stop(cast: Cast, run: AutoCurate) -> None:
    before = plan_of(cast, run)
    decide(cast, run, {"missing": "rejected"})
    plan = plan_of(cast, run)
    assert plan["first_left"] < 40
    rates = {row["kind"]: row for row in plan["rates"]}
    assert (rates["missing"]["decided"], rates["wrong_class"]["decided"]) == (20, 0)
    assert rates["missing"]["share"] < 0.5 * RATES["missing"]["share"]
    assert plan["stop"]["suggestions"] < before["stop"]["suggestions"] - 20


def test_a_verdict_taken_back_gives_the_first_chances_back(cast: Cast, run: AutoCurate) -> None:
    decide(cast, run, {"missing": "rejected"})
    decide(cast, run, {"missing": "pending"})
    assert set(run.suggestions.filter(kind="missing").values_list("score", flat=True)) == {0.5}


def test_the_first_to_look_at_are_of_every_kind(cast: Cast, run: AutoCurate) -> None:
    page = call(cast.bob, "GET", f"auto-curates/{run.pk}/suggestions?first=true").json()
    kinds = [row["kind"] for row in page["items"]]
    assert (kinds.count("wrong_class"), kinds.count("missing")) == (20, 20)


def test_a_look_takes_what_the_median_one_took(cast: Cast, run: AutoCurate) -> None:
    """Eleven verdicts twelve seconds apart, and a lunch."""
    now = timezone.now()
    for turn, row in enumerate(run.suggestions.order_by("pk")[:12]):
        row.decided_by, row.verdict = cast.bob, "accepted"
        row.decided_at = now + timedelta(seconds=12 * turn, hours=turn == 11)
        row.save(update_fields=["decided_by", "verdict", "decided_at"])
    assert plan_of(cast, run)["stop"]["seconds"] == 12


def test_verdicts_saved_together_share_the_time_since_the_save_before(cast: Cast, run: AutoCurate) -> None:
    """Five images of three suggestions each, twelve seconds apart: four seconds a look."""
    now = timezone.now()
    for turn, row in enumerate(run.suggestions.order_by("pk")[:15]):
        row.decided_by, row.verdict = cast.bob, "accepted"
        row.decided_at = now + timedelta(seconds=12 * (turn // 3))
        row.save(update_fields=["decided_by", "verdict", "decided_at"])
    assert plan_of(cast, run)["stop"]["seconds"] == 4


def test_a_run_without_rates_has_no_plan_and_keeps_its_scores(cast: Cast, run: AutoCurate) -> None:
    AutoCurate.objects.filter(pk=run.pk).update(report={})
    decide(cast, run, {"missing": "rejected"})
    assert plan_of(cast, run) is None
    assert set(run.suggestions.filter(kind="missing").values_list("score", flat=True)) == {0.5}
    assert call(cast.bob, "GET", f"auto-curates/{run.pk}/suggestions?first=true").json()["items"] == []


def test_it_rejects_strangers(cast: Cast, run: AutoCurate) -> None:
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run.pk}/review")
