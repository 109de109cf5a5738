"""Searching again with judges that learned the corrected labels: when it pays, and what is not asked again."""

import pytest
from django.utils import timezone

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import AutoCurate, Suggestion
from dataset.models import Annotation, Dataset
from tests.curate.autocurate.judged_search import judges_of, labelled_images, search
from tests.curate.factories import annotation, make_dataset
from tests.factories import NOT_THERE, Cast, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
KINDS = ("wrong_class", "missing", "spurious", "badly_drawn")


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.REVIEWER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


@pytest.fixture
def reviewed(dataset: Dataset) -> AutoCurate:
    """Forty wrong classes promised .5, of which twenty were right and ten not; 200 errors are thought of in all."""
    images = labelled_images(dataset, 40)
    report = {
        "rates": {kind: {"share": 0.1, "known": True} for kind in KINDS},
        "expected_errors": {**dict.fromkeys(KINDS, 0.0), "wrong_class": 200.0},
        "expected_recall": {**dict.fromkeys(KINDS, None), "wrong_class": 0.5},
        "expected_precision": 0.5,
    }
    run = AutoCurate.objects.create(
        dataset=dataset, kind="mislabels", report=report, finished_at=timezone.now(),
        source={"slice": None, "q": "", "revision": 1},
    )  # fmt: skip
    verdicts = ["accepted"] * 20 + ["rejected"] * 10 + ["pending"] * 10
    Suggestion.objects.bulk_create(
        Suggestion(auto_curate=run, image=image, kind="wrong_class", score=0.5, parts={"doubt": 0.5}, verdict=verdict)
        for image, verdict in zip(images, verdicts, strict=True)
    )
    return run


def correct(dataset: Dataset, place: int = 0) -> None:
    """A label of an image with a verdict gets another class, as merging a batch does."""
    was = dataset.images.order_by("pk")[place].annotations.order_by("pk")[0]
    dataset.head_revision += 1
    dataset.save(update_fields=["head_revision"])
    Annotation.objects.filter(pk=was.pk).update(died=dataset.head_revision)
    made = annotation(dataset, was.image, was.label_class_id, (was.x1, was.y1, was.x2, was.y2), None)
    made.born = dataset.head_revision
    Annotation.objects.bulk_create([made])


def second_round(cast: Cast, run: AutoCurate) -> dict:
    found: dict = call(cast.bob, "GET", f"auto-curates/{run.pk}/review").json()["second_round"]
    return found


def test_it_works(cast: Cast, dataset: Dataset, reviewed: AutoCurate) -> None:
    """Two thirds of thirty were right, so at 3 s a look 800 an hour; half of those left are found by such a search."""
    correct(dataset)
    found = second_round(cast, reviewed)
    assert (found["pays"], found["why"], found["revision"]) == (True, "it_pays", 2)
    assert found["per_hour"] == pytest.approx(800)
    assert found["left"]["value"] > 100
    assert found["expected"]["value"] == pytest.approx(found["left"]["value"] / 2)
    assert found["expected"]["low"] < found["expected"]["value"] < found["expected"]["high"]


def test_it_does_not_pay_before_the_corrections_are_merged(cast: Cast, dataset: Dataset, reviewed: AutoCurate) -> None:
    assert second_round(cast, reviewed)["why"] == "not_corrected"
    correct(dataset, place=39)  # of an image that nobody has looked at
    assert second_round(cast, reviewed)["why"] == "not_corrected"


@pytest.mark.parametrize(
    ("change", "verdicts", "why"),
    [
        ({}, "pending", "no_verdict"),
        ({"weak_judge": True}, None, "weak_judge"),
        ({"expected_recall": {}}, None, "few_left"),
        ({}, "rejected", "few_left"),
    ],
)
def test_it_says_why_it_does_not_pay(
    cast: Cast, dataset: Dataset, reviewed: AutoCurate, change: dict, verdicts: str | None, why: str
) -> None:
    correct(dataset)
    AutoCurate.objects.filter(pk=reviewed.pk).update(report={**reviewed.report, **change})
    if verdicts:
        reviewed.suggestions.update(verdict=verdicts)
    found = second_round(cast, reviewed)
    assert (found["pays"], found["why"]) == (False, why)


def test_a_search_of_nothing_worth_a_look_does_not_pay(cast: Cast, dataset: Dataset, reviewed: AutoCurate) -> None:
    """Thirty of forty looked at, three right; thousands of errors may be left, but one look in ten finds one."""
    correct(dataset)
    errors = {**reviewed.report["expected_errors"], "wrong_class": 9000.0}
    AutoCurate.objects.filter(pk=reviewed.pk).update(report={**reviewed.report, "expected_errors": errors})
    rows = list(reviewed.suggestions.order_by("pk").values_list("pk", flat=True)[:30])
    reviewed.suggestions.filter(pk__in=rows[3:]).update(verdict="rejected")
    assert second_round(cast, reviewed)["why"] == "poor_precision"


def test_what_was_rejected_is_not_asked_again_unless_the_label_changed(cast: Cast, dataset: Dataset) -> None:
    """Eight cars are called bikes. Somebody rejects all of it, and one of the labels is changed afterwards."""
    images = labelled_images(dataset, 120, slips=8)
    params = {"prediction_set": judges_of(dataset, images).pk, "kinds": ["wrong_class"]}
    first = search(cast, dataset, params)
    asked = Suggestion.objects.filter(auto_curate=first["id"])
    assert asked.count() >= 4
    assert first["report"]["rejected_before"] == 0
    asked.update(verdict="rejected")
    changed = asked.order_by("pk").first().image
    correct(dataset, place=images.index(changed))
    again = search(cast, dataset, {**params, "after": first["id"]})
    assert again["params"]["after"] == first["id"]
    assert again["report"]["rejected_before"] == asked.count() - 1
    assert [row.image for row in Suggestion.objects.filter(auto_curate=again["id"])] == [changed]
    assert again["report"]["suggestions"] == 1


def test_it_rejects_a_search_after_none(cast: Cast, dataset: Dataset) -> None:
    judges = judges_of(dataset, labelled_images(dataset, 3))
    body = {"kind": "mislabels", "params": {"after": NOT_THERE, "prediction_set": judges.pk}}
    problem = assert_problem(call(cast.alice, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert list(problem["errors"]) == ["params.after"]
