"""Evaluations and comparisons over HTTP."""

import pytest

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import Comparison, Evaluation
from dataset.models import Dataset, Image, PredictionSet
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
BOX = (100.0, 100.0, 300.0, 300.0)


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.REVIEWER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(dataset, [Picture(boxes=[("car", *BOX)]) for _ in range(6)])


def predictions(dataset: Dataset, images: list[Image], found: int) -> PredictionSet:
    """The first cars are found; the next is taken for a bike, the others are not seen."""
    car, bike = dataset.classes.values_list("pk", flat=True)
    classes = [car] * found + [bike]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name=f"finds {found}",
        kind="run",
        image_ids=[image.pk for image in images[: found + 1]],
        class_ids=classes,
        boxes=[BOX] * len(classes),
        scores=[0.9] * len(classes),
    )


@pytest.fixture
def judged(dataset: Dataset, images: list[Image]) -> PredictionSet:
    return predictions(dataset, images, 3)


def evaluated(cast: Cast, judged: PredictionSet, **asked: object) -> dict:
    """The evaluation as its page gets it, made by way of the API."""
    response = call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk, **asked})
    assert response.status_code == 202, response.content
    link = response.json()["link"]
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    assert link == f"/evaluations/{job.result['evaluation']}"
    return call(cast.bob, "GET", f"evaluations/{job.result['evaluation']}").json()


def test_it_works(cast: Cast, judged: PredictionSet, dataset: Dataset) -> None:
    body = evaluated(cast, judged)
    car, bike = dataset.classes.values_list("pk", flat=True)
    assert (body["state"], body["revision"], body["evaluator"]) == ("succeeded", 1, "halfday-2")
    assert body["prediction_set"] == {
        "id": judged.pk, "name": "finds 3", "kind": "run", "checkpoint": None, "run": None
    }  # fmt: skip
    assert body["counts"] == {"tp": 3, "fp": 1, "fn": 3, "images": 6, "boxes": 6}
    assert body["figures"]["AP50"] == pytest.approx(0.504950, abs=1e-5)
    assert body["figures"]["APs"] is None
    assert body["interval"]["low"] < body["figures"]["AP"] < body["interval"]["high"]
    assert [row["class_id"] for row in body["per_class"]] == [car, bike]
    assert (body["per_class"][1]["AP"], body["per_class"][1]["fp"]) == (None, 1)


def test_it_is_asked_for_on_a_slice_at_thresholds(
    cast: Cast, judged: PredictionSet, dataset: Dataset, images: list[Image]
) -> None:
    chosen = make_slice(dataset, "first two", images[:2])
    body = evaluated(cast, judged, slice=chosen.pk, iou=0.75, conf=0.5, revision=1)
    assert (body["iou"], body["conf"], body["counts"]["images"]) == (0.75, 0.5, 2)
    assert body["slices"] == [{"id": chosen.pk, "name": "first two", "image_count": 2}]


def test_the_list_is_newest_first_and_shows_those_under_way(
    cast: Cast, judged: PredictionSet, dataset: Dataset
) -> None:
    done = evaluated(cast, judged)
    call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk})
    first, second = call(cast.bob, "GET", f"datasets/{dataset.pk}/evaluations").json()["items"]
    assert (first["state"], first["figures"], first["counts"]) == ("queued", None, None)
    assert (second["id"], second["figures"]) == (done["id"], done["figures"])
    other = f"datasets/{dataset.pk}/evaluations?prediction_set={judged.pk}&limit=1"
    assert len(call(cast.bob, "GET", other).json()["items"]) == 1


def test_curves_are_of_each_class_or_of_one(cast: Cast, judged: PredictionSet, dataset: Dataset) -> None:
    number = evaluated(cast, judged)["id"]
    car, bike = dataset.classes.values_list("pk", flat=True)
    curves = call(cast.bob, "GET", f"evaluations/{number}/curves").json()
    assert [curve["class_id"] for curve in curves["precision_recall"]] == [car, bike]
    of_car = curves["precision_recall"][0]
    assert len(of_car["recall"]) == len(of_car["precision"]) == len(of_car["score"]) == 101
    assert of_car["precision"][0] == 1
    assert curves["precision_recall"][1]["precision"][0] is None
    assert (curves["f1"][0]["conf"], curves["f1"][-1]["conf"]) == (0, 1)
    one = call(cast.bob, "GET", f"evaluations/{number}/curves?class_id={car}").json()
    assert one["precision_recall"] == [of_car]
    assert_problem(call(cast.bob, "GET", f"evaluations/{number}/curves?class_id=999999"), 400, mentions="class")


def test_confusion_and_error_types(cast: Cast, judged: PredictionSet, dataset: Dataset, images: list[Image]) -> None:
    number = evaluated(cast, judged, conf=0.5)["id"]
    confusion = call(cast.bob, "GET", f"evaluations/{number}/confusion").json()
    assert confusion["matrix"] == [[3, 1, 2], [0, 0, 0], [0, 0, 0]]
    assert (confusion["conf"], confusion["iou"]) == (0.5, 0.5)
    errors = {row["error"]: row for row in call(cast.bob, "GET", f"evaluations/{number}/error-types").json()}
    assert {error: row["count"] for error, row in errors.items()} == {
        "class": 1, "localisation": 0, "both": 0, "duplicate": 0, "background": 0, "missed": 2
    }  # fmt: skip
    for error, places in [("class", [3]), ("missed", [4, 5])]:
        found = call(cast.bob, "GET", f"datasets/{dataset.pk}/image-ids?q={errors[error]['q']}").json()
        assert found["ids"] == [images[place].pk for place in places]


def test_what_is_not_finished_has_no_curves_yet(cast: Cast, judged: PredictionSet) -> None:
    call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk})
    number = Evaluation.objects.get().pk
    for path in ("curves", "confusion", "error-types"):
        assert_problem(call(cast.bob, "GET", f"evaluations/{number}/{path}"), 409, mentions="not finished")


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"iou": 0.51}, "iou"), ({"conf": 3}, "conf"), ({"slice": 999999}, "slice"), ({"revision": -1}, "revision")],
)
def test_it_rejects_by_field(cast: Cast, judged: PredictionSet, asked: dict, field: str) -> None:
    problem = assert_problem(call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk, **asked}), 400)
    assert list(problem["errors"]) == [field]


def test_it_rejects_a_revision_that_is_not_there(cast: Cast, judged: PredictionSet) -> None:
    body = {"prediction_set": judged.pk, "revision": 9}
    assert_problem(call(cast.bob, "POST", "evaluations", body), 400, mentions="no revision 9")


def test_a_labeller_may_look_but_not_ask(judged: PredictionSet, cast: Cast) -> None:
    number = evaluated(cast, judged)["id"]
    cast.bob.memberships.update(role=Role.LABELLER)
    assert call(cast.bob, "GET", f"evaluations/{number}").status_code == 200
    assert_problem(call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk}), 403, mentions="reviewer")


def test_charlie_gets_404(cast: Cast, judged: PredictionSet, dataset: Dataset) -> None:
    number = evaluated(cast, judged)["id"]
    assert_charlie_gets_404(cast, "POST", "evaluations", {"prediction_set": judged.pk})
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/evaluations")
    for path in ("", "/curves", "/confusion", "/error-types"):
        assert_charlie_gets_404(cast, "GET", f"evaluations/{number}{path}")


@pytest.fixture
def pair(cast: Cast, judged: PredictionSet, dataset: Dataset, images: list[Image]) -> dict[str, int]:
    better = predictions(dataset, images, 5)
    return {"a": evaluated(cast, judged)["id"], "b": evaluated(cast, better)["id"]}


def test_two_are_compared(cast: Cast, pair: dict[str, int], dataset: Dataset) -> None:
    asked = call(cast.bob, "POST", "comparisons", pair)
    assert asked.status_code == 202
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    body = call(cast.bob, "GET", f"comparisons/{job.result['comparison']}").json()
    assert asked.json()["link"] == f"/comparisons/{body['id']}"
    assert (body["state"], body["a"]["id"], body["b"]["id"]) == ("succeeded", pair["a"], pair["b"])
    delta = body["delta"]["mAP"]
    assert delta["value"] == pytest.approx(body["b"]["figures"]["AP"] - body["a"]["figures"]["AP"], abs=1e-5)
    assert body["fixed"]["boxes"] == 2
    ids = call(cast.bob, "GET", f"datasets/{dataset.pk}/images/count?q={body['fixed']['q']}").json()
    assert ids == {"count": 2}
    again = call(cast.bob, "POST", "comparisons", pair)
    assert (again.status_code, again.json()) == (200, body)
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/comparisons").json()["items"] == [body]


def test_a_comparison_under_way_shows_nothing_computed(cast: Cast, pair: dict[str, int]) -> None:
    call(cast.bob, "POST", "comparisons", pair)
    body = call(cast.bob, "GET", f"comparisons/{Comparison.objects.get().pk}").json()
    assert (body["state"], body["delta"], body["per_class"]) == ("queued", None, None)


def test_comparing_rejects_what_cannot_be(cast: Cast, pair: dict[str, int]) -> None:
    assert_problem(call(cast.bob, "POST", "comparisons", {"a": pair["a"], "b": pair["a"]}), 400, mentions="itself")
    assert_problem(call(cast.bob, "POST", "comparisons", {"a": pair["a"]}), 400, mentions="b")
    assert_problem(call(cast.bob, "POST", "comparisons", {"a": pair["a"], "b": 999999}), 404)


def test_charlie_gets_404_of_comparisons(cast: Cast, pair: dict[str, int], dataset: Dataset) -> None:
    call(cast.bob, "POST", "comparisons", pair)
    assert_charlie_gets_404(cast, "POST", "comparisons", pair)
    assert_charlie_gets_404(cast, "GET", f"comparisons/{Comparison.objects.get().pk}")
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/comparisons")
