"""An evaluation: figures, rows for every box, and a confusion matrix whose cells are counts of rows."""

import numpy as np
import pytest
from django.db.models import Count

import curate.tasks  # noqa: F401  registers the job
from accounts.problems import BadInput
from curate.evaluations import creation
from curate.evaluations.creation import Thresholds
from curate.models import Evaluation, Match
from curate.query.image_search import image_ids
from dataset.models import Dataset, Image, PredictionSet
from dataset.services.predictions import store_predictions
from jobs import running
from jobs.models import Job
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice

BIG = (100.0, 100.0, 300.0, 300.0)
SMALL = (10.0, 10.0, 30.0, 30.0)
FAR = (400.0, 300.0, 500.0, 400.0)

# By image: what is labelled, and what is predicted with which score.
SCENES: list[tuple[list[tuple], list[tuple]]] = [
    ([("car", *BIG)], [("car", BIG, 0.9)]),  # found
    ([("car", *BIG)], [("bike", BIG, 0.8)]),  # taken for a bike
    ([("car", *BIG), ("bike", *FAR)], [("car", BIG, 0.7), ("car", SMALL, 0.6)]),  # a miss, and a car in the air
    ([("bike", *BIG)], [("bike", BIG, 0.9), ("bike", BIG, 0.5)]),  # found twice
    ([], []),
    ([("car", *BIG)], [("car", (100.0, 100.0, 300.0, 180.0), 0.9), ("car", SMALL, 0.03)]),  # badly placed
]


@pytest.fixture
def dataset(db: None) -> Dataset:
    return make_dataset(classes=("car", "bike"))


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(dataset, [Picture(boxes=boxes) for boxes, _ in SCENES])


@pytest.fixture
def prediction_set(dataset: Dataset, images: list[Image]) -> PredictionSet:
    classes = dict(dataset.classes.values_list("name", "id"))
    found = [(images[place], *box) for place, (_, boxes) in enumerate(SCENES) for box in boxes]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="first run",
        kind=PredictionSet.Kind.RUN,
        image_ids=[image.pk for image, *_ in found],
        class_ids=[classes[name] for _, name, _, _ in found],
        boxes=[box for _, _, box, _ in found],
        scores=[score for *_, score in found],
    )


def evaluated(prediction_set: PredictionSet, **asked: object) -> Evaluation:
    evaluation = creation.ask(prediction_set=prediction_set, author=None, **asked)
    running.run(evaluation.job_id, beat=False)
    job = Job.objects.get(pk=evaluation.job_id)
    assert job.state == Job.State.SUCCEEDED, job.error
    evaluation.refresh_from_db()
    return evaluation


def test_it_works(prediction_set: PredictionSet) -> None:
    evaluation = evaluated(prediction_set, thresholds=Thresholds(conf=0.3))
    assert evaluation.counts == {"tp": 3, "fp": 4, "fn": 3, "images": 6, "boxes": 6}
    assert evaluation.figures is not None
    assert 0 < evaluation.figures["AP"] <= evaluation.figures["AP50"] < 1
    assert evaluation.interval["low"] <= evaluation.figures["AP"] <= evaluation.interval["high"]
    assert evaluation.interval["groups"] == "image"
    assert evaluation.evaluator == "halfday-2"
    car = evaluation.per_class[0]
    assert (car["gt"], car["tp"], car["fp"], car["fn"]) == (4, 2, 2, 2)
    assert (car["precision"], car["recall"]) == (0.5, 0.5)


def cell(evaluation: Evaluation, down: str, across: str) -> int:
    """The confusion matrix by class names, background last."""
    names = [*evaluation.dataset.classes.order_by("index").values_list("name", flat=True), "background"]
    return evaluation.confusion["matrix"][names.index(down)][names.index(across)]


def rows_of(evaluation: Evaluation, line: str) -> int:
    """The match rows that a query line counts, summed over the images."""
    return sum(number * len(image_ids(evaluation.dataset, f"{line} = {number}")) for number in range(1, 9))


@pytest.mark.parametrize(
    ("down", "across", "line"),
    [
        ("car", "car", "tp(car, evaluation = {})"),
        ("bike", "bike", "tp(bike, evaluation = {})"),
        ("car", "bike", "fn(car, evaluation = {}, predicted = bike)"),
        ("bike", "car", "fn(bike, evaluation = {}, predicted = car)"),
        ("car", "background", "fn(car, evaluation = {}, predicted = background)"),
        ("bike", "background", "fn(bike, evaluation = {}, predicted = background)"),
        ("background", "car", "fp(car, evaluation = {}, truth = background)"),
        ("background", "bike", "fp(bike, evaluation = {}, truth = background)"),
    ],
)
def test_a_confusion_cell_is_a_count_of_rows_that_a_query_line_finds(
    prediction_set: PredictionSet, down: str, across: str, line: str
) -> None:
    evaluation = evaluated(prediction_set, thresholds=Thresholds(conf=0.3))
    assert rows_of(evaluation, line.format(evaluation.pk)) == cell(evaluation, down, across)


def test_every_box_and_every_prediction_stands_in_one_cell(prediction_set: PredictionSet) -> None:
    evaluation = evaluated(prediction_set, thresholds=Thresholds(conf=0.05))
    matrix = np.array(evaluation.confusion["matrix"])
    assert matrix[:-1].sum() == evaluation.counts["boxes"]
    assert matrix[:, :-1].sum() == prediction_set.predictions.filter(score__gte=0.05).count()
    assert matrix[-1, -1] == 0


def test_without_a_confidence_the_best_mean_f1_is_taken(prediction_set: PredictionSet) -> None:
    evaluation = evaluated(prediction_set)
    curve = evaluation.curves["mean"]["f1"]
    best = evaluation.curves["confidence"][int(np.argmax(curve))]
    assert abs(evaluation.conf - best) <= 0.1
    assert evaluation.conf >= PredictionSet.ROW_FLOOR


def test_running_its_job_again_replaces_its_rows(prediction_set: PredictionSet) -> None:
    evaluation = evaluated(prediction_set)
    before = Match.objects.filter(evaluation=evaluation).aggregate(rows=Count("id"))
    Job.objects.filter(pk=evaluation.job_id).update(state=Job.State.QUEUED)
    running.run(evaluation.job_id, beat=False)
    assert Match.objects.filter(evaluation=evaluation).aggregate(rows=Count("id")) == before


def test_it_judges_a_slice_of_the_images(prediction_set: PredictionSet, images: list[Image]) -> None:
    chosen = make_slice(prediction_set.dataset, "two", images[:2])
    evaluation = evaluated(prediction_set, within=chosen, thresholds=Thresholds(conf=0.3))
    assert evaluation.counts == {"tp": 1, "fp": 1, "fn": 1, "images": 2, "boxes": 2}
    assert evaluation.manifest.image_ids == sorted(image.pk for image in images[:2])
    assert evaluation.manifest.slices == [{"id": chosen.pk, "name": "two"}]


def test_it_judges_on_the_labels_of_a_revision(prediction_set: PredictionSet, images: list[Image]) -> None:
    dataset = prediction_set.dataset
    first = evaluated(prediction_set, thresholds=Thresholds(conf=0.3))
    images[4].annotations.model.objects.filter(image=images[0]).update(died=2)
    Dataset.objects.filter(pk=dataset.pk).update(head_revision=2)
    dataset.refresh_from_db()
    second = evaluated(prediction_set, thresholds=Thresholds(conf=0.3))
    assert (first.revision, second.revision) == (1, 2)
    assert second.counts["fp"] == first.counts["fp"] + 1
    assert second.manifest != first.manifest
    assert evaluated(prediction_set, revision=1, thresholds=Thresholds(conf=0.3)).counts == first.counts


def test_it_works_without_any_prediction_or_label(dataset: Dataset) -> None:
    images = make_images(dataset, [Picture(), Picture()])
    empty = store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="nothing",
        kind="run",
        image_ids=[],
        class_ids=[],
        boxes=[],
        scores=[],
    )
    evaluation = evaluated(empty)
    assert evaluation.figures["AP"] is None
    assert evaluation.interval["low"] is None
    assert evaluation.counts == {"tp": 0, "fp": 0, "fn": 0, "images": 2, "boxes": 0}


@pytest.mark.parametrize("thresholds", [Thresholds(iou=0.52), Thresholds(conf=0.01), Thresholds(conf=2)])
def test_it_rejects_thresholds_that_cannot_be(prediction_set: PredictionSet, thresholds: Thresholds) -> None:
    with pytest.raises(BadInput):
        creation.ask(prediction_set=prediction_set, author=None, thresholds=thresholds)


def test_it_rejects_a_slice_without_predictions(prediction_set: PredictionSet) -> None:
    empty = make_slice(prediction_set.dataset, "none", [])
    with pytest.raises(BadInput, match="no predictions"):
        creation.ask(prediction_set=prediction_set, author=None, within=empty)


def test_a_lost_file_fails_the_job_with_a_sentence(prediction_set: PredictionSet) -> None:
    PredictionSet.objects.filter(pk=prediction_set.pk).update(location="blobs/none.npz")
    prediction_set.refresh_from_db()
    evaluation = creation.ask(prediction_set=prediction_set, author=None)
    running.run(evaluation.job_id, beat=False)
    job = Job.objects.get(pk=evaluation.job_id)
    assert job.state == Job.State.FAILED
    assert "gone from the storage" in job.error
