"""Auto-curate: find mislabels, by predictions of networks that never saw the images."""

from urllib.parse import quote

import numpy as np
import pytest

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import AutoCurate, Suggestion
from dataset.models import Dataset, Image, PredictionSet, Slice
from dataset.services.predictions import store_predictions
from jobs import running
from jobs.models import Job
from model.models import Checkpoint, Run
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs
from tests.model.scene import FROM_SCRATCH, QUICK, Scene

pytestmark = pytest.mark.django_db
CAR, BIKE, AIR = (100.0, 100.0, 300.0, 240.0), (400.0, 200.0, 460.0, 280.0), (20.0, 300.0, 80.0, 380.0)
ALL, SLIPS = 120, 24  # images, and the first of them whose labels are not right: every fourth in the same way
WRONG, MISSING, SPURIOUS, MOVED = range(4)
MOST_CERTAIN = {"smallest_score": 0, "limit": SLIPS}
BY_JUDGES_ALONE = {"crops": False}  # these images have no pictures
KINDS = {WRONG: "wrong_class", MISSING: "missing", SPURIOUS: "spurious", MOVED: "badly_drawn"}


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


def labels(place: int) -> list[tuple]:
    """A car and a bike, except where somebody slipped."""
    right = [("car", *CAR), ("bike", *BIKE)]
    return {
        WRONG: [("bike", *CAR), ("bike", *BIKE)],
        MISSING: [("car", *CAR)],
        SPURIOUS: [*right, ("bike", *AIR)],
        MOVED: [("car", 160.0, 140.0, 360.0, 280.0), ("bike", *BIKE)],
    }.get(place % 4 if place < SLIPS else -1, right)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(dataset, [Picture(boxes=labels(place), slices=["train"]) for place in range(ALL)])


@pytest.fixture
def judges(dataset: Dataset, images: list[Image]) -> PredictionSet:
    """They see every car and bike, a little off and not always as surely, and some nonsense."""
    chance = np.random.default_rng(7)
    car, bike = dataset.classes.values_list("pk", flat=True)
    found = [
        (image.pk, class_id, np.array(box) + chance.normal(0, 2, 4), chance.uniform(0.75, 0.95))
        for image in images
        for class_id, box in ((car, CAR), (bike, BIKE))
    ]
    found += [
        (image.pk, car, np.array(AIR) + chance.normal(0, 30), chance.uniform(0.02, 0.12)) for image in images[SLIPS:]
    ]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="judges",
        kind=PredictionSet.Kind.FOLD,
        image_ids=[row[0] for row in found],
        class_ids=[row[1] for row in found],
        boxes=[row[2] for row in found],
        scores=[row[3] for row in found],
    )


def start(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    body = {"kind": "mislabels", "params": BY_JUDGES_ALONE | params, **source}
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body)
    assert response.status_code == 202, response.content
    return response.json()


def found_in(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    """The run as its page gets it."""
    start(cast, dataset, params, **source)
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return call(cast.bob, "GET", f"auto-curates/{job.result['auto_curate']}").json()


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet) -> None:
    run = found_in(cast, dataset, {"prediction_set": judges.pk, "name": "doubtful", **MOST_CERTAIN})
    items = call(cast.bob, "GET", f"auto-curates/{run['id']}/suggestions").json()["items"]
    found = {(row["image"]["id"], row["kind"]) for row in items}
    planted = {(images[place].pk, KINDS[place % 4]) for place in range(SLIPS)}
    assert len(planted & found) >= 0.75 * SLIPS
    assert (run["suggestions"], sum(run["report"]["by_kind"].values())) == (len(items), len(items))
    assert run["report"]["out_of_fold"]["AP50"] > 0.8
    assert run["report"]["looked_at"] == {"images": ALL, "boxes": 2 * ALL}  # six missing, six spurious


def test_each_suggestion_says_what_is_given_proposed_and_why(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    run = found_in(cast, dataset, {"prediction_set": judges.pk, **MOST_CERTAIN})
    car, bike = dataset.classes.values_list("pk", flat=True)
    rows = {row.kind: row for row in Suggestion.objects.filter(auto_curate=run["id"], image__in=images[:4])}
    wrong, missing, spurious, moved = (rows[kind] for kind in ("wrong_class", "missing", "spurious", "badly_drawn"))
    assert (wrong.given["class_id"], wrong.proposed["class_id"]) == (bike, car)
    assert wrong.given["box"] == list(CAR)
    assert wrong.object_id == images[WRONG].annotations.order_by("pk").first().object_id
    assert (missing.given, missing.object_id, missing.annotation_id) == (None, None, None)
    assert missing.proposed["class_id"] == bike
    assert missing.proposed["box"] == pytest.approx(BIKE, abs=10)
    assert (spurious.given["box"], spurious.proposed) == (list(AIR), None)
    assert moved.proposed["box"] == pytest.approx(CAR, abs=10)
    assert moved.proposed["class_id"] == moved.given["class_id"] == car
    for row in (wrong, missing, spurious, moved):
        assert row.reason.endswith(".")
        assert row.reason_code
        assert 0 < row.score <= 1
        assert "code" not in row.reason_params


def test_its_slice_holds_the_images_of_the_suggestions(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    run = found_in(cast, dataset, {"prediction_set": judges.pk, "name": "doubtful"})
    made = Slice.objects.get(pk=run["slices"][0]["id"])
    assert (made.name, made.origin) == ("doubtful", {"kind": "auto_curate", "auto_curate": run["id"]})
    line = quote(f"suggested(run = {run['id']})")
    ids = call(cast.bob, "GET", f"datasets/{dataset.pk}/image-ids?q={line}").json()["ids"]
    assert sorted(made.slice_images.values_list("image_id", flat=True)) == ids
    assert run["report"]["images"] == len(ids)


def test_kinds_and_their_number_can_be_limited(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    run = found_in(cast, dataset, {"prediction_set": judges.pk, "kinds": ["missing"]})
    assert {kind for kind, count in run["report"]["by_kind"].items() if count} == {"missing"}
    assert found_in(cast, dataset, {"prediction_set": judges.pk, "limit": 1})["suggestions"] == 1


def test_running_its_job_again_replaces_what_it_made(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    run = found_in(cast, dataset, {"prediction_set": judges.pk})
    Job.objects.filter(pk=run["job"]).update(state=Job.State.QUEUED)
    running.run(run["job"], beat=False)
    again = call(cast.bob, "GET", f"auto-curates/{run['id']}").json()
    assert (again["state"], again["suggestions"], len(again["slices"])) == ("succeeded", run["suggestions"], 1)
    assert AutoCurate.objects.count() == 1
    assert dataset.slices.filter(origin__kind="auto_curate").count() == 1


def test_it_refuses_judges_that_were_trained_on_the_images(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    train = dataset.slices.get(name="train")
    run = Run.objects.create(
        dataset=dataset, name="r", baseline="b", weights="scratch", validation_slice=train, revision=1,
        train_manifest=judges.manifest,
    )  # fmt: skip
    checkpoint = Checkpoint.objects.create(
        project=cast.project, run=run, name="best", kind="best", architecture="b", location="none", sha256="0", size=1
    )
    PredictionSet.objects.filter(pk=judges.pk).update(checkpoint_id=checkpoint.pk)
    start(cast, dataset, {"prediction_set": judges.pk})
    job = run_jobs()[-1]
    assert job.state == "failed"
    assert f"trained on {ALL} of these images" in job.error


def test_it_fails_with_a_sentence_without_labels_or_predictions(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    bare = make_slice(dataset, "bare", make_images(dataset, [Picture(), Picture()]))
    for params, words in [({}, "no labels to doubt"), ({"prediction_set": judges.pk}, "no labels to doubt")]:
        start(cast, dataset, params, slice=bare.pk)
        assert words in run_jobs()[-1].error
    make_images(dataset, [Picture(boxes=[("car", *CAR)])])
    start(cast, dataset, {"prediction_set": judges.pk})
    assert "no predictions for 3 of these images" in run_jobs()[-1].error


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"folds": 1}, "params.folds"),
        ({"epochs": 0}, "params.epochs"),
        ({"settings": {"imgsz": 100}}, "params.imgsz"),
        ({"magic": 1}, "params.magic"),
        ({"kinds": ["odd"]}, "params.kinds.0"),
        ({"prediction_set": 999999}, "params.prediction_set"),
        ({"weights": {"kind": "checkpoint", "checkpoint": 999999}}, "params.weights"),
        ({"name": "train"}, "params.name"),
    ],
)
def test_it_rejects_by_field(cast: Cast, dataset: Dataset, images: list[Image], params: dict, field: str) -> None:
    body = {"kind": "mislabels", "params": params}
    problem = assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert list(problem["errors"]) == [field]


def test_charlie_gets_404(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "mislabels"})


@pytest.mark.slow
@pytest.mark.thorough
def test_it_trains_its_judges() -> None:
    """Two folds of twelve pictures, one epoch each, from scratch: they learn next to nothing, but all parts meet."""
    scene = Scene(bob=Role.MANAGER)
    params = {"folds": 2, "weights": FROM_SCRATCH, "baseline": "road11t", "name": "doubtful", **QUICK}
    asked = start(scene.cast, scene.dataset, params, slice=scene.train.pk)
    assert asked["queue"] == "gpu"
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    run = AutoCurate.objects.get(pk=job.result["auto_curate"])
    fold = PredictionSet.objects.get(pk=job.result["prediction_set"])
    assert (fold.kind, fold.manifest.image_count) == ("fold", 12)
    assert fold.manifest.slices == [{"id": scene.train.pk, "name": "train"}]
    assert run.report["out_of_fold"]["folds"] == 2
    assert run.params["settings"] == QUICK
