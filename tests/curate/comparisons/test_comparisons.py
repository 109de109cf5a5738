"""Two evaluations compared: b − a on the same images, with an interval and a word, and on both sets of labels."""

import numpy as np
import pytest

import curate.tasks  # noqa: F401  registers the jobs
from accounts.problems import BadInput, Conflict
from curate.comparisons import compare
from curate.evaluations import creation
from curate.evaluations.creation import Thresholds
from curate.evaluations.deletion import delete_evaluation
from curate.models import Comparison, Evaluation
from curate.query.image_search import image_ids
from dataset.models import Dataset, Image, PredictionSet
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.predictions import store_predictions
from dataset.services.revisions import apply_changes
from jobs import running
from jobs.models import Job
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import owner_of

BOX = (100.0, 100.0, 300.0, 300.0)
FOUND_BY_A = range(12)  # of 40 images with one car each
FOUND_BY_B = range(2, 36)


@pytest.fixture
def dataset(db: None) -> Dataset:
    return make_dataset(classes=("car", "bike"))


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(dataset, [Picture(boxes=[("car", *BOX)]) for _ in range(40)])


def predictions(dataset: Dataset, images: list[Image], name: str, found: range) -> PredictionSet:
    """A car where it is found, one in the air elsewhere."""
    car = dataset.classes.get(name="car").pk
    boxes = [BOX if place in found else (400.0, 10.0, 500.0, 90.0) for place in range(len(images))]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name=name,
        kind="run",
        image_ids=[image.pk for image in images],
        class_ids=[car] * len(images),
        boxes=boxes,
        scores=np.linspace(0.9, 0.5, len(images)),
    )


def run_job(job_id: int) -> None:
    running.run(job_id, beat=False)
    job = Job.objects.get(pk=job_id)
    assert job.state == Job.State.SUCCEEDED, job.error


def evaluated(prediction_set: PredictionSet, revision: int | None = None, iou: float = 0.5) -> Evaluation:
    point = Thresholds(iou=iou, conf=0.3)
    evaluation = creation.ask(prediction_set=prediction_set, author=None, revision=revision, thresholds=point)
    run_job(evaluation.job_id)
    evaluation.refresh_from_db()
    return evaluation


def compared(a: Evaluation, b: Evaluation) -> Comparison:
    comparison, asked = compare.start(a=a, b=b, by=owner_of(a.dataset))
    assert asked
    run_job(comparison.job_id)
    comparison.refresh_from_db()
    return comparison


@pytest.fixture
def pair(dataset: Dataset, images: list[Image]) -> tuple[PredictionSet, PredictionSet]:
    return (
        predictions(dataset, images, "first run", FOUND_BY_A),
        predictions(dataset, images, "last run", FOUND_BY_B),
    )


def test_it_works(pair: tuple[PredictionSet, PredictionSet], dataset: Dataset, images: list[Image]) -> None:
    a, b = map(evaluated, pair)
    comparison = compared(a, b)
    result = comparison.result
    delta = result["delta"]["mAP"]
    assert delta["value"] == pytest.approx(b.figures["AP"] - a.figures["AP"], abs=1e-5)
    assert (delta["a"], delta["b"]) == (a.figures["AP"], b.figures["AP"])
    assert 0 < delta["low"] < delta["value"] < delta["high"]
    assert delta["verdict"] == "proven"
    assert (result["same_labels"], result["table"], result["images"]) == (True, None, 40)
    assert [row["gt"] for row in result["per_class"]] == [40, 0]
    assert result["per_class"][1]["value"] is None
    assert result["fixed"]["boxes"] == len(set(FOUND_BY_B) - set(FOUND_BY_A)) == 24
    assert result["broken"]["boxes"] == len(set(FOUND_BY_A) - set(FOUND_BY_B)) == 2
    assert len(image_ids(dataset, result["fixed"]["q"])) == 24
    assert image_ids(dataset, result["broken"]["q"]) == [images[0].pk, images[1].pk]
    assert image_ids(dataset, f"broken(bike, comparison = {comparison.pk})") == []


def test_the_other_way_round_it_is_a_regression(pair: tuple[PredictionSet, PredictionSet]) -> None:
    a, b = map(evaluated, pair)
    assert compared(b, a).result["delta"]["mAP"]["verdict"] == "regressed"


def test_the_same_predictions_show_nothing(pair: tuple[PredictionSet, PredictionSet]) -> None:
    a, again = evaluated(pair[0]), evaluated(pair[0])
    delta = compared(a, again).result["delta"]["mAP"]
    assert (delta["value"], delta["verdict"]) == (0, "not_shown")


def test_asking_again_gives_the_same_comparison(pair: tuple[PredictionSet, PredictionSet]) -> None:
    a, b = map(evaluated, pair)
    first, _ = compare.start(a=a, b=b, by=owner_of(a.dataset))
    second, asked = compare.start(a=a, b=b, by=owner_of(a.dataset))
    assert (second.pk, asked) == (first.pk, False)
    assert Job.objects.filter(kind="compare").count() == 1


def test_a_failed_one_is_tried_again(pair: tuple[PredictionSet, PredictionSet]) -> None:
    a, b = map(evaluated, pair)
    first, _ = compare.start(a=a, b=b, by=owner_of(a.dataset))
    Job.objects.filter(pk=first.job_id).update(state=Job.State.FAILED)
    second, asked = compare.start(a=a, b=b, by=owner_of(a.dataset))
    assert (second.pk, asked) == (first.pk, True)
    assert second.job_id != first.job_id


def remove_some_labels(dataset: Dataset, images: list[Image]) -> None:
    """Take away what the last run misses: the labels get easier for it, not the run better."""
    missed = [image.pk for place, image in enumerate(images) if place not in FOUND_BY_B]
    changes = [
        AnnotationChange(op="remove", image_id=row.image_id, object_id=row.object_id)
        for image in images
        for row in image.annotations.all()
        if image.pk in missed
    ]
    apply_changes(dataset=dataset, by=owner_of(dataset), kind="edit", message="easier", changes=changes)
    dataset.refresh_from_db()


def test_other_labels_give_a_two_by_two_table(
    pair: tuple[PredictionSet, PredictionSet], dataset: Dataset, images: list[Image]
) -> None:
    a, old_b = evaluated(pair[0]), evaluated(pair[1])
    remove_some_labels(dataset, images)
    b = evaluated(PredictionSet.objects.get(pk=pair[1].pk))
    comparison = compared(a, b)
    table = comparison.result["table"]
    assert comparison.result["same_labels"] is False
    assert (table["old_labels"]["a"], table["old_labels"]["b"]) == (a.figures["AP"], old_b.figures["AP"])
    assert table["new_labels"]["b"] == b.figures["AP"] > table["old_labels"]["b"]
    delta = comparison.result["delta"]["mAP"]
    assert delta["value"] == pytest.approx(table["new_labels"]["b"] - table["new_labels"]["a"], abs=1e-5)
    assert table["new_labels"]["difference"] == delta
    along = table["old_labels"]["difference"]
    assert along["value"] == pytest.approx(old_b.figures["AP"] - a.figures["AP"], abs=1e-5)
    assert (along["low"] > 0, along["verdict"]) == (True, "proven")
    down = table["down"]["b"]  # the labels got easier for the last run
    assert down["value"] == pytest.approx(b.figures["AP"] - old_b.figures["AP"], abs=1e-5)
    assert down["low"] < down["value"] < down["high"]
    assert (table["old_revision"], table["new_revision"]) == (1, 2)
    assert comparison.result["fixed"]["boxes"] == 24
    assert comparison.result["broken"]["boxes"] == 0  # its two labels are gone
    assert len(image_ids(dataset, comparison.result["fixed"]["q"])) == 24


def test_the_evaluation_on_the_new_labels_is_made_once(
    pair: tuple[PredictionSet, PredictionSet], dataset: Dataset, images: list[Image]
) -> None:
    a = evaluated(pair[0])
    remove_some_labels(dataset, images)
    b = evaluated(PredictionSet.objects.get(pk=pair[1].pk))
    comparison = compared(a, b)
    count = Evaluation.objects.count()
    Job.objects.filter(pk=comparison.job_id).update(state=Job.State.QUEUED)
    run_job(comparison.job_id)
    assert Evaluation.objects.count() == count


def test_another_iou_is_judged_again_at_the_newer_ones(pair: tuple[PredictionSet, PredictionSet]) -> None:
    a, b = evaluated(pair[0], iou=0.75), evaluated(pair[1])
    comparison = compared(a, b)
    assert comparison.result["pair"]["a"] != a.pk
    assert Evaluation.objects.get(pk=comparison.result["pair"]["a"]).iou == 0.5
    assert comparison.result["fixed"]["boxes"] == 24


def test_without_the_evaluation_that_it_counts_by_it_goes(pair: tuple[PredictionSet, PredictionSet]) -> None:
    """It was made for the comparison, and is listed as any other: somebody may delete it."""
    comparison = compared(evaluated(pair[0], iou=0.75), evaluated(pair[1]))
    between = Evaluation.objects.get(pk=comparison.result["pair"]["a"])
    assert between.pk not in (comparison.a_id, comparison.b_id)
    delete_evaluation(evaluation=between, by=owner_of(comparison.dataset))
    assert not Comparison.objects.exists()
    assert compared(comparison.a, comparison.b).result["fixed"]["boxes"] == 24


def test_it_is_on_the_common_images(
    pair: tuple[PredictionSet, PredictionSet], dataset: Dataset, images: list[Image]
) -> None:
    half = make_slice(dataset, "half", images[:20])
    b = creation.ask(prediction_set=pair[1], author=None, within=half)
    run_job(b.job_id)
    b.refresh_from_db()
    comparison = compared(evaluated(pair[0]), b)
    assert comparison.result["images"] == 20
    assert comparison.result["fixed"]["boxes"] == 8


def test_it_rejects_what_cannot_be_compared(
    pair: tuple[PredictionSet, PredictionSet], dataset: Dataset, images: list[Image]
) -> None:
    a = evaluated(pair[0])
    with pytest.raises(BadInput, match="itself"):
        compare.start(a=a, b=a, by=owner_of(a.dataset))
    unfinished = creation.ask(prediction_set=pair[1], author=None)
    with pytest.raises(Conflict, match="not finished"):
        compare.start(a=a, b=unfinished, by=owner_of(a.dataset))
    others = make_images(dataset, [Picture(boxes=[("car", *BOX)])])
    elsewhere = evaluated(predictions(dataset, others, "elsewhere", range(1)))
    with pytest.raises(BadInput, match="no image in common"):
        compare.start(a=a, b=elsewhere, by=owner_of(a.dataset))
