"""Auto-curate: find edge cases, the images that a checkpoint finds hardest."""

import numpy as np
import pytest

import curate.tasks  # noqa: F401  registers the jobs
import model.tasks  # noqa: F401
from accounts.models import Role
from curate.embeddings import rows
from dataset.models import Dataset, Image, PredictionSet, Slice
from dataset.services.predictions import store_predictions
from model.models import Checkpoint
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs
from tests.model.scene import Scene

pytestmark = pytest.mark.django_db
CAR = (100.0, 100.0, 300.0, 240.0)
HARD = range(5)  # images whose car is not found, or only faintly


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(dataset, [Picture(boxes=[("car", *CAR)]) for _ in range(40)])


@pytest.fixture
def seen(dataset: Dataset, images: list[Image]) -> PredictionSet:
    car = dataset.classes.get(name="car").pk
    scores = [0.35 if place in HARD else 0.9 for place in range(len(images))]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="first run",
        kind="run",
        image_ids=[image.pk for image in images],
        class_ids=[car] * len(images),
        boxes=[(110.0, 110.0, 200.0, 200.0) if place in HARD else CAR for place in range(len(images))],
        scores=scores,
    )


def start(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    body = {"kind": "edge_cases", "params": params, **source}
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body)
    assert response.status_code == 202, response.content
    return response.json()


def found_in(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    start(cast, dataset, params, **source)
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return call(cast.bob, "GET", f"auto-curates/{job.result['auto_curate']}").json()


@pytest.mark.parametrize("use_labels", [True, False])
def test_it_works(cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet, use_labels: bool) -> None:
    run = found_in(cast, dataset, {"budget": 5, "prediction_set": seen.pk, "name": "hard", "use_labels": use_labels})
    made = Slice.objects.get(pk=run["slices"][0]["id"])
    assert (made.name, made.image_count) == ("hard", 5)
    assert set(made.slice_images.values_list("image_id", flat=True)) == {images[place].pk for place in HARD}
    assert (run["report"]["images"], run["report"]["with_labels"]) == (5, use_labels)
    assert "picks" not in run["report"]
    assert sum(run["report"]["by_reason"].values()) == 5


def test_each_image_comes_with_a_reason(cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet) -> None:
    run = found_in(cast, dataset, {"budget": 5, "prediction_set": seen.pk})
    path = f"auto-curates/{run['id']}/images"
    first = call(cast.bob, "GET", f"{path}?limit=3").json()
    rest = call(cast.bob, "GET", f"{path}?limit=3&after={first['next']}").json()
    picks = first["items"] + rest["items"]
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 2, None)
    assert {pick["image"]["id"] for pick in picks} == {images[place].pk for place in HARD}
    scores = [pick["score"] for pick in picks]
    assert scores == sorted(scores, reverse=True)
    for pick in picks:
        assert pick["reason"].endswith(".")
        assert pick["reason_code"]
        assert pick["image"]["thumb"]


def test_each_stands_beside_the_other_labelled_image_that_is_most_like_it(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    """Only the first five are looked at; a labelled image outside of them looks like each of these."""
    ids = [image.pk for image in images]
    looks = np.eye(1280, dtype=np.float16)[np.arange(len(ids)) % 20]  # every image has a twin twenty places on
    rows.store({"dataset_id": np.full(len(ids), dataset.pk), "image_id": np.array(ids)}, looks)
    run = found_in(cast, dataset, {"budget": 5, "prediction_set": seen.pk}, q=f"id <= {ids[4]}")
    picks = call(cast.bob, "GET", f"auto-curates/{run['id']}/images").json()["items"]
    twins = {pick["image"]["id"]: pick["nearest"] for pick in picks}
    assert {pk: near["image"]["id"] for pk, near in twins.items()} == {ids[n]: ids[n + 20] for n in HARD}
    assert {(near["measure"], near["distance"]) for near in twins.values()} == {("embedding", 0.0)}


def test_frames_of_one_sequence_are_not_all_taken(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    Image.objects.filter(pk__in=[images[place].pk for place in HARD]).update(sequence="one drive")
    run = found_in(cast, dataset, {"budget": 5, "prediction_set": seen.pk})
    chosen = Slice.objects.get(pk=run["slices"][0]["id"]).slice_images.values_list("image_id", flat=True)
    assert len(set(chosen) & {images[place].pk for place in HARD}) == 1


def test_images_that_look_the_same_are_not_taken_twice(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    """Of the five hard ones the first two have one embedding, the others each their own."""
    ids = np.array([images[place].pk for place in HARD])
    vectors = np.eye(1280, dtype=np.float16)[[0, 0, 1, 2, 3]]
    rows.store({"dataset_id": np.full(len(ids), dataset.pk), "image_id": ids}, vectors)
    run = found_in(cast, dataset, {"budget": 5, "prediction_set": seen.pk})
    chosen = Slice.objects.get(pk=run["slices"][0]["id"]).slice_images.values_list("image_id", flat=True)
    assert len(set(chosen) & set(ids[:2].tolist())) == 1
    assert len(set(chosen) & set(ids.tolist())) == 4


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "params.checkpoint"),
        ({"checkpoint": 1, "prediction_set": 1}, "params.checkpoint"),
        ({"checkpoint": 999999}, "params.checkpoint"),
        ({"prediction_set": 999999}, "params.prediction_set"),
        ({"prediction_set": 1, "budget": 0}, "params.budget"),
    ],
)
def test_it_rejects_by_field(cast: Cast, dataset: Dataset, images: list[Image], params: dict, field: str) -> None:
    body = {"kind": "edge_cases", "params": params}
    problem = assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert list(problem["errors"]) == [field]


def test_another_projects_checkpoint_is_unknown(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    theirs = Checkpoint.objects.create(
        project=cast.charlie.memberships.get().project, name="theirs", kind="uploaded", architecture="b",
        location="none", sha256="0", size=1,
    )  # fmt: skip
    body = {"kind": "edge_cases", "params": {"checkpoint": theirs.pk}}
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400, mentions="no checkpoint")


def test_charlie_gets_404(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "edge_cases"})


@pytest.mark.slow
@pytest.mark.thorough
def test_it_predicts_with_the_checkpoint() -> None:
    """A training of one epoch, then its best checkpoint looks at four more pictures."""
    scene = Scene(bob=Role.MANAGER)
    trained = scene.run()
    assert run_jobs()[-1].state == "succeeded"
    checkpoint = trained.checkpoints.get(kind="best")
    asked = start(scene.cast, scene.dataset, {"budget": 2, "checkpoint": checkpoint.pk}, slice=scene.more.pk)
    assert asked["queue"] == "gpu"
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    predictions = PredictionSet.objects.get(pk=job.result["prediction_set"])
    assert (predictions.checkpoint_id, predictions.manifest.image_count) == (checkpoint.pk, 4)
    assert len(job.result["slices"]) == 1
