"""Auto-curate: choose what to label, from images without labels."""

from typing import Any

import numpy as np
import pytest

import curate.tasks  # noqa: F401  registers the jobs
import model.tasks  # noqa: F401
from accounts.models import Role
from curate.autocurate.to_label import run_label_selection
from curate.embeddings import rows
from curate.models import AutoCurate, Evaluation
from dataset.models import Annotation, Dataset, Image, PredictionSet, Slice
from dataset.services.predictions import store_predictions
from label.models import Batch, Task
from tests.curate.factories import Picture, annotation, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs
from tests.model.scene import Scene

pytestmark = pytest.mark.django_db
CAR = (100.0, 100.0, 300.0, 240.0)
UNSURE = (14, 12, 17)  # places of the pictures on which the checkpoint is unsure, the most unsure first
CHOSEN = (19, 14, 12)  # the only one taken at night, which one box makes cheap, then those


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    """Ten labelled by day, ten that wait, of which the last was taken at night."""
    labelled = [Picture(boxes=[("car", *CAR)], metadata={"timeofday": "day"}) for _ in range(10)]
    times = ["day"] * 9 + ["night"]
    return make_images(dataset, labelled + [Picture(metadata={"timeofday": time}, labelled=False) for time in times])


@pytest.fixture
def seen(dataset: Dataset, images: list[Image]) -> PredictionSet:
    """One sure car on each picture that waits, and more or fewer unsure ones on three of them."""
    car = dataset.classes.get(name="car").pk
    found = [(place, 0.97) for place in range(10, 20)]
    found += [(place, 0.5) for rank, place in enumerate(UNSURE) for _ in range(4 - rank)]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images[10:]),
        name="first run",
        kind="run",
        image_ids=[images[place].pk for place, _ in found],
        class_ids=[car] * len(found),
        boxes=[(*CAR[:2], CAR[2] + number, CAR[3]) for number in range(len(found))],
        scores=[score for _, score in found],
    )


def start(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    body = {"kind": "label_selection", "params": params, **source}
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body)
    assert response.status_code == 202, response.content
    return response.json()


def chosen(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    start(cast, dataset, params, **source)
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return call(cast.bob, "GET", f"auto-curates/{job.result['auto_curate']}").json()


def picks_of(cast: Cast, run: dict) -> list[dict[str, Any]]:
    return call(cast.bob, "GET", f"auto-curates/{run['id']}/images").json()["items"]


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet) -> None:
    run = chosen(cast, dataset, {"budget": 3, "prediction_set": seen.pk, "name": "next"})
    made = Slice.objects.get(pk=run["slices"][0]["id"])
    assert (made.name, made.image_count, made.origin) == ("next", 3, {"kind": "auto_curate", "auto_curate": run["id"]})
    picks = picks_of(cast, run)
    assert [pick["image"]["id"] for pick in picks] == [images[place].pk for place in CHOSEN]
    assert set(made.slice_images.values_list("image_id", flat=True)) == {pick["image"]["id"] for pick in picks}
    assert picks[0]["score"] == 1
    assert [pick["reason_code"] for pick in picks] == ["scarce_value", "unsure", "unsure"]
    assert picks[1]["reason"] == "The checkpoint is unsure of 4 objects here."
    assert picks[1]["reason_params"] == {"count": 4}


def test_it_reports_what_was_chosen(cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet) -> None:
    """By hand: three pictures with one car at .97 each, and two of them with four and three at .5."""
    report = chosen(cast, dataset, {"budget": 3, "prediction_set": seen.pk})["report"]
    assert report["looked_at"] == {"images": 10, "labelled": 10}
    assert (report["images"], report["prediction_set"], report["measure"]) == (3, seen.pk, "none")
    assert report["expected_boxes"] == pytest.approx(3 * 0.97 + 7 * 0.5, abs=0.05)
    car, bike = report["classes"]
    assert (car["labelled"], bike["labelled"], bike["chosen"]) == (10, 0, 0)
    assert car["chosen"] == report["expected_boxes"]
    assert car["pool"] == pytest.approx(10 * 0.97 + 9 * 0.5, abs=0.05)
    assert report["strata"] == [
        {
            "key": "timeofday",
            "values": [
                {"value": "day", "labelled": 10, "chosen": 2, "pool": 9},
                {"value": "night", "labelled": 0, "chosen": 1, "pool": 1},
            ],
        }
    ]
    assert report["sequences"] == {"sequences": 0, "most": 0, "alone": 3}
    assert report["by_reason"] == {"scarce_value": 1, "unsure": 2}
    assert "picks" not in report


def test_it_says_what_labelling_takes(cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet) -> None:
    """By hand: 6.41 boxes on three images; at random 3 x 14.2 / 10 = 4.26. A second an image, seven a box."""
    params = {"budget": 3, "prediction_set": seen.pk}
    cost = chosen(cast, dataset, params)["report"]["cost"]
    assert (cost["boxes"], cost["pool_boxes"]) == (6.4, 4.3)
    assert cost["minutes"] == pytest.approx((3 + 7 * 6.41) / 60, abs=0.05)
    assert cost["pool_minutes"] == pytest.approx((3 + 7 * 4.26) / 60, abs=0.05)
    assert (cost["measured_in"], cost["tasks"]) == ("default", 0)
    batch = Batch.objects.create(dataset=dataset, name="done", base=1, created_by=cast.bob)
    Task.objects.bulk_create(  # each with one car, for which eight seconds are assumed
        Task(batch=batch, image=image, position=place, base=1, state="done", active_seconds=seconds)
        for place, (image, seconds) in enumerate(zip(images[:10], [20.0] * 9 + [3600.0], strict=True))
    )
    measured = chosen(cast, dataset, params)["report"]["cost"]
    assert (measured["measured_in"], measured["tasks"]) == ("dataset", 10)
    assert measured["minutes"] == pytest.approx(2.5 * (3 + 7 * 6.41) / 60, abs=0.05)


def embed(dataset: Dataset, images: list[Image], directions: list[int]) -> None:
    vectors = np.eye(1280, dtype=np.float16)[directions]
    ids = np.array([image.pk for image in images])
    rows.store({"dataset_id": np.full(len(ids), dataset.pk), "image_id": ids}, vectors)


def test_it_works_without_a_checkpoint(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    """Five waiting pictures look like the labelled ones, four like each other, one like none."""
    embed(dataset, images, [0] * 15 + [1] * 4 + [2])
    run = chosen(cast, dataset, {"budget": 10})
    picks = picks_of(cast, run)
    assert (run["report"]["measure"], run["report"]["expected_boxes"], run["report"]["classes"]) == (
        "embedding",
        None,
        [],
    )
    assert {pick["image"]["id"] for pick in picks} == {images[15].pk, images[19].pk}
    assert picks[0]["nearest"]["measure"] == "embedding"
    assert picks[0]["nearest"]["distance"] == pytest.approx(1)
    assert picks[0]["nearest"]["image"]["id"] in {image.pk for image in images[:10]}
    assert run["report"]["left_out"] == {"near_duplicate": 8, "sequence": 0}


def test_it_works_with_neither_checkpoint_nor_embeddings(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    """The picture taken at night comes first; of two with nearly the same hash one is left out."""
    for place, phash in enumerate([0] * 10 + [255 << 8 * (place % 5) for place in range(10)]):
        Image.objects.filter(pk=images[place].pk).update(phash=phash)
    run = chosen(cast, dataset, {"budget": 10})
    picks = picks_of(cast, run)
    assert picks[0]["image"]["id"] == images[19].pk
    assert picks[0]["reason_code"] == "scarce_value"
    assert picks[0]["nearest"] == {**picks[0]["nearest"], "distance": 8, "measure": "hash"}
    assert (len(picks), run["report"]["measure"]) == (5, "hash")


def test_labelled_images_of_the_slice_are_left_out(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    both = make_slice(dataset, "both", images[8:12])
    picks = picks_of(cast, chosen(cast, dataset, {}, slice=both.pk))
    assert {pick["image"]["id"] for pick in picks} == {images[10].pk, images[11].pk}


def test_frames_of_one_sequence_are_not_all_taken(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    Image.objects.filter(pk__in=[images[place].pk for place in UNSURE]).update(sequence="one drive")
    params = {"budget": 3, "prediction_set": seen.pk}
    one = chosen(cast, dataset, params)
    assert len({pick["image"]["id"] for pick in picks_of(cast, one)} & {images[place].pk for place in UNSURE}) == 1
    two = chosen(cast, dataset, {**params, "per_sequence": 2})
    assert len({pick["image"]["id"] for pick in picks_of(cast, two)} & {images[place].pk for place in UNSURE}) == 2


def test_weak_classes_come_from_the_evaluation(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    """As many bikes as cars are labelled, and one may be on a picture where nothing else is unsure."""
    car, bike = dataset.classes.order_by("index")
    Annotation.objects.bulk_create(annotation(dataset, image, bike.pk, CAR) for image in images[:10])
    seen = store_predictions(
        dataset=dataset, manifest=make_manifest(dataset, images[10:]), name="sure", kind="run",
        image_ids=[image.pk for image in images[10:]], class_ids=[car.pk] * 9 + [bike.pk], boxes=[CAR] * 10,
        scores=[0.99] * 10,
    )  # fmt: skip
    evaluation = Evaluation.objects.create(
        dataset=dataset, prediction_set=seen, manifest=seen.manifest, revision=1,
        per_class=[{"class_id": car.pk, "AP": 0.9}, {"class_id": bike.pk, "AP": 0.2}],
    )  # fmt: skip
    run = chosen(cast, dataset, {"budget": 1, "prediction_set": seen.pk, "evaluation": evaluation.pk})
    (pick,) = picks_of(cast, run)
    assert (pick["image"]["id"], pick["reason_code"]) == (images[19].pk, "weak_class")
    assert pick["reason_params"] == {"class_name": "bike", "ap": 0.2}


def test_label_shows_them_in_the_order_of_the_run(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    run = chosen(cast, dataset, {"budget": 3, "prediction_set": seen.pk})
    body = {"slice": run["slices"][0]["id"], "name": "to do", "auto_curate": run["id"]}
    sent = call(cast.bob, "POST", "batches", body)
    assert sent.status_code == 201, sent.content
    tasks = Batch.objects.get(pk=sent.json()["id"]).tasks.order_by("position")
    assert list(tasks.values_list("image_id", flat=True)) == [images[place].pk for place in CHOSEN]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"checkpoint": 1, "prediction_set": 1}, "params.checkpoint"),
        ({"checkpoint": 999999}, "params.checkpoint"),
        ({"prediction_set": 999999}, "params.prediction_set"),
        ({"evaluation": 999999}, "params.evaluation"),
        ({"budget": 0}, "params.budget"),
        ({"per_sequence": 0}, "params.per_sequence"),
        ({"imgsz": 5}, "params.imgsz"),
        ({"seed": -1}, "params.seed"),
    ],
)
def test_it_rejects_by_field(cast: Cast, dataset: Dataset, images: list[Image], params: dict, field: str) -> None:
    body = {"kind": "label_selection", "params": params}
    problem = assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert list(problem["errors"]) == [field]


def test_it_rejects_an_evaluation_without_figures(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    waiting = Evaluation.objects.create(dataset=dataset, prediction_set=seen, manifest=seen.manifest, revision=1)
    body = {"kind": "label_selection", "params": {"evaluation": waiting.pk}}
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400, mentions="no figures yet")


def test_it_rejects_a_slice_in_which_all_is_labelled(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    done = make_slice(dataset, "done", images[:10])
    body = {"kind": "label_selection", "slice": done.pk}
    problem = assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert problem["errors"] == {"slice": ["No image without labels."]}


def test_a_prediction_set_must_know_all_images_that_wait(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    make_images(dataset, [Picture(labelled=False)])
    start(cast, dataset, {"prediction_set": seen.pk})
    job = run_jobs()[-1]
    assert (job.state, "no predictions for 1 of these images" in job.error) == ("failed", True)


def test_run_again_it_replaces_its_slice(
    cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet
) -> None:
    run = chosen(cast, dataset, {"budget": 3, "prediction_set": seen.pk, "name": "next"})
    run_label_selection(AutoCurate.objects.get(pk=run["id"]), lambda *_: None)  # type: ignore[arg-type]
    assert Slice.objects.filter(dataset=dataset, name="next").count() == 1


def test_charlie_gets_404(cast: Cast, dataset: Dataset, images: list[Image], seen: PredictionSet) -> None:
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "label_selection"})
    run = chosen(cast, dataset, {"budget": 3, "prediction_set": seen.pk})
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run['id']}/images")


def test_a_viewer_may_not_start_it(dataset: Dataset, images: list[Image], cast: Cast) -> None:
    cast.project.members.filter(user=cast.bob).update(role=Role.VIEWER)
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "label_selection"}).status_code == 403


@pytest.mark.slow
@pytest.mark.thorough
def test_it_predicts_with_the_checkpoint() -> None:
    """A training of one epoch, then its best checkpoint looks at the pictures whose labels are gone."""
    scene = Scene(bob=Role.MANAGER)
    trained = scene.run()
    assert run_jobs()[-1].state == "succeeded"
    checkpoint = trained.checkpoints.get(kind="best")
    waiting = scene.more.slice_images.values_list("image_id", flat=True)
    Annotation.objects.filter(image_id__in=waiting).delete()
    Image.objects.filter(pk__in=waiting).update(labelled_since=None)
    asked = start(scene.cast, scene.dataset, {"budget": 2, "checkpoint": checkpoint.pk}, slice=scene.more.pk)
    assert asked["queue"] == "gpu"
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    run = AutoCurate.objects.get(pk=job.result["auto_curate"])
    predictions = PredictionSet.objects.get(pk=run.report["prediction_set"])
    assert (predictions.checkpoint_id, predictions.manifest.image_count) == (checkpoint.pk, 4)
