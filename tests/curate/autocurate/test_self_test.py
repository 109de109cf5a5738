"""The finder tested on somebody's own labels."""

import pytest
from django.utils import timezone

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import AutoCurate, Suggestion
from dataset.models import Annotation, Dataset
from jobs.models import Job
from tests.curate.autocurate.judged_search import judges_of, labelled_images
from tests.curate.factories import make_dataset
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs
from tests.label.scene import at_once
from tests.model.scene import FROM_SCRATCH, QUICK, Scene

pytestmark = pytest.mark.django_db
SLIPS = 8  # of the labels as they are: cars that are called bikes


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


@pytest.fixture
def run(cast: Cast, dataset: Dataset) -> dict:
    """A search as it ended, that suggested to mend the slips."""
    images = labelled_images(dataset, 120, slips=SLIPS)
    judges = judges_of(dataset, images)
    made = AutoCurate.objects.create(
        dataset=dataset, kind="mislabels", finished_at=timezone.now(), report={"prediction_set": judges.pk},
        source={"slice": None, "q": "", "revision": 1}, params={"seed": 0, "prediction_set": judges.pk},
    )  # fmt: skip
    slips = [image.annotations.order_by("pk").first() for image in images[:SLIPS]]
    Suggestion.objects.bulk_create(
        Suggestion(auto_curate=made, image_id=one.image_id, annotation_id=one.pk, kind="wrong_class", score=0.8)
        for one in slips
    )
    return {"id": made.pk}


def ask(cast: Cast, run: dict, body: dict | None = None) -> dict:
    """Test, and return what the page gets."""
    response = call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", body or {})
    assert response.status_code == 202, response.content
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    found: dict = call(cast.bob, "GET", f"auto-curates/{run['id']}/self-test").json()
    assert (found["job"], found["state"]) == (job.pk, "succeeded")
    return found["result"]


def of_kind(rows: list[dict], kind: str | None) -> dict:
    return next(row for row in rows if row["kind"] == kind)


def test_it_works(cast: Cast, run: dict) -> None:
    """Of 240 labels 4, 3, 2 and 3 in a hundred. These judges see everything: most of what was planted is found."""
    before = list(Annotation.objects.order_by("pk").values())
    result = ask(cast, run)
    assert result["planted"] == {"wrong_class": 10, "missing": 7, "spurious": 5, "badly_drawn": 7}
    assert [(cut["by"], cut["value"]) for cut in result["cuts"]] == [("minutes", 30), ("score", 0.2), ("score", 0.5)]
    minutes = result["cuts"][0]
    wrong = of_kind(minutes["found"], "wrong_class")
    assert wrong["whole"] == 10
    assert wrong["part"] >= 8
    assert wrong["low"] < wrong["share"] <= wrong["high"]
    every = of_kind(minutes["found"], None)
    assert every["whole"] == 29
    assert every["part"] == sum(of_kind(minutes["found"], kind)["part"] for kind in result["planted"])
    assert sum(row["whole"] for row in minutes["classes"]) == 29
    assert of_kind(minutes["precision"], None)["promised"] > 0.3
    assert list(Annotation.objects.order_by("pk").values()) == before


def test_what_was_suggested_of_the_labels_as_they_are_is_unknown(cast: Cast, run: dict) -> None:
    """Cars that are called bikes were found before anything was planted. Once somebody rejects that, it is wrong."""
    slips = Suggestion.objects.filter(auto_curate=run["id"])
    first = ask(cast, run, {"rates": {"missing": 0, "spurious": 0, "badly_drawn": 0}})["cuts"][1]
    assert first["unknown"] >= SLIPS - 2
    slips.update(verdict="rejected")
    again = ask(cast, run, {"rates": {"missing": 0, "spurious": 0, "badly_drawn": 0}})["cuts"][1]
    assert again["unknown"] <= first["unknown"] - SLIPS + 2
    assert again["looks"] == first["looks"]
    before, after = (of_kind(cut["precision"], "wrong_class") for cut in (first, again))
    assert after["part"] == before["part"]
    assert after["whole"] >= before["whole"] + SLIPS - 2


def test_rates_are_those_asked_for(cast: Cast, run: dict) -> None:
    rates = {"wrong_class": 0.1, "missing": 0, "spurious": 0, "badly_drawn": 0}
    result = ask(cast, run, {"rates": rates, "seed": 3, "hard": True})
    assert (result["rates"], result["seed"], result["retrain"], result["hard"]) == (rates, 3, False, True)
    assert result["planted"] == {"wrong_class": 24, "missing": 0, "spurious": 0, "badly_drawn": 0}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"rates": {"wrong_class": 0.3, "missing": 0.3}}, "at most 0.5 together"),
        ({"rates": dict.fromkeys(("wrong_class", "missing", "spurious", "badly_drawn"), 0)}, "more than 0"),
        ({"retrain": True}, "no networks to train again"),
        ({"rates": {"wrongclass": 0.1}}, "rates.wrongclass"),
    ],
)
def test_it_rejects_what_cannot_be_done(cast: Cast, run: dict, body: dict, words: str) -> None:
    assert_problem(call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", body), 400, mentions=words)


def test_it_rejects_a_run_that_is_not_done_and_a_second_test_at_once(cast: Cast, run: dict) -> None:
    assert call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", {}).status_code == 202
    assert_problem(call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", {}), 409, mentions="is running")
    AutoCurate.objects.filter(pk=run["id"]).update(finished_at=None)
    assert_problem(call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", {}), 409, mentions="not finished")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_ask_at_once_one_gets_a_test(cast: Cast, run: dict) -> None:
    answers = at_once(*[lambda: call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", {}).status_code] * 4)
    assert sorted(answers) == [202, 409, 409, 409]
    assert Job.objects.filter(kind="test_finder").count() == 1


def test_it_fails_with_a_sentence_where_its_predictions_are_gone(cast: Cast, run: dict) -> None:
    AutoCurate.objects.filter(pk=run["id"]).update(report={})
    assert call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", {}).status_code == 202
    assert "are gone" in run_jobs()[-1].error
    found = call(cast.bob, "GET", f"auto-curates/{run['id']}/self-test").json()
    assert (found["state"], found["result"]) == ("failed", None)


def test_a_run_that_was_never_tested_says_so(cast: Cast, run: dict) -> None:
    found = call(cast.bob, "GET", f"auto-curates/{run['id']}/self-test").json()
    assert found == {"job": None, "state": None, "result": None}


def test_it_rejects_strangers_and_labellers(cast: Cast, run: dict) -> None:
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run['id']}/self-test")
    assert_charlie_gets_404(cast, "POST", f"auto-curates/{run['id']}/self-test", {})
    cast.project.members.filter(user=cast.bob).update(role=Role.LABELLER)
    assert call(cast.bob, "POST", f"auto-curates/{run['id']}/self-test", {}).status_code == 403
    assert Job.objects.filter(kind="test_finder").count() == 0


@pytest.mark.slow
@pytest.mark.thorough
def test_it_trains_its_judges_on_the_planted_labels() -> None:
    """Two folds of twelve pictures, one epoch each, from scratch: they learn next to nothing, but all parts meet."""
    scene = Scene(bob=Role.MANAGER)
    judges = judges_of(scene.dataset, list(scene.dataset.images.filter(slice_images__slice=scene.train)))
    params = {"folds": 2, "seed": 0, "weights": FROM_SCRATCH, "baseline": "road11t", "settings": QUICK}
    run = AutoCurate.objects.create(
        dataset=scene.dataset, kind="mislabels", finished_at=timezone.now(), report={"prediction_set": judges.pk},
        source={"slice": {"id": scene.train.pk, "name": "train"}, "q": "", "revision": scene.dataset.head_revision},
        params=params,
    )  # fmt: skip
    rates = {"wrong_class": 0.2, "missing": 0.1, "spurious": 0.1, "badly_drawn": 0.1}
    result = ask(scene.cast, {"id": run.pk}, {"retrain": True, "rates": rates})
    assert result["retrain"] is True
    assert result["planted"]["wrong_class"] > 0
    assert Job.objects.get(kind="test_finder").queue == "gpu"
