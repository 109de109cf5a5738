"""What an evaluation's job does: match, score, judge, store."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from accounts.wording import worded
from curate.evaluations import weak_slices
from curate.evaluations.arrays import detections, ground_of, ground_truth, predicted_boxes, resampling_units
from curate.evaluations.match_rows import replace_matches
from curate.models import Evaluation
from dataset.models import PredictionSet
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.models import Checkpoint
from model.selectors.lineage import shared_images, training_image_ids
from science.evaluation.arrays import Ground, Predicted
from science.evaluation.as_json import Scored, evaluation_columns, intervals
from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import bootstrap
from science.evaluation.confidence import ConfidenceCurves, confidence_curves
from science.evaluation.matching import Matches, match
from science.evaluation.types import GroundTruth
from science.evaluation.verdicts import VerdictRows, confusion_matrix, verdicts
from storage import blobs

STORED = [
    "figures", "per_class", "interval", "interval50", "intervals", "curves", "counts", "conf", "confusion",
    "on_training_images", "weak_slices", "location", "finished_at",
]  # fmt: skip
INTERVALS = ["interval", "interval50", "intervals", "per_class"]


@dataclass(frozen=True, eq=False)
class Inputs:
    """What is judged: images and classes by position, their labels, and the predictions."""

    ground: Ground
    truth: GroundTruth
    predicted: Predicted


def evaluate(evaluation: Evaluation, report: Report, progress: tuple[float, float] = (0.0, 1.0)) -> Evaluation:
    """Compute and store the evaluation, in place of what an earlier attempt stored: its figures and boxes first.

    `progress` is the part of the job's progress that this takes.
    """
    low, high = progress

    def say(part: float, message: Sentence) -> None:
        report(low + (high - low) * part, message)

    say(0.0, Sentence.of("reading_labels_and_predictions", "Reading labels and predictions"))
    if evaluation.unlabelled:
        report.log(worded("{n} {n:image is|images are} not labelled and left out.", n=evaluation.unlabelled))
    inputs = read_inputs(evaluation)
    say(
        0.2,
        Sentence.of(
            "matching",
            "Matching {predictions} {predictions:prediction|predictions} to {objects} {objects:object|objects}",
            predictions=len(inputs.predicted.detections),
            objects=(~inputs.truth.crowd).sum(),
        ),
    )
    matches = match(inputs.truth, inputs.predicted.detections, classes=len(inputs.ground.class_ids))
    say(0.4, Sentence.of("computing_precision", "Computing average precision"))
    accumulated, curves = accumulate(matches), confidence_curves(matches, evaluation.iou)
    say(0.5, Sentence.of("judging", "Judging every box"))
    confidence = operating_point(evaluation, curves)
    rows = judge(evaluation, inputs, confidence)
    say(0.55, Sentence.of("storing_verdicts", "Storing the verdicts"))
    scored = Scored(inputs.ground, accumulated, curves, rows, confidence)
    store(evaluation, inputs, matches, scored)
    say(0.65, Sentence.of("drawing_resamples", "Drawing resamples for the intervals"))
    store_intervals(evaluation, inputs.ground, matches)
    say(0.9, Sentence.of("looking_for_weak_slices", "Looking for weak slices"))
    weak_slices.store(evaluation, weak_slices.find(evaluation, inputs.ground, inputs.truth, matches))
    return evaluation


def read_inputs(evaluation: Evaluation) -> Inputs:
    """The evaluation's labels at its revision, and its predictions. Raises JobFailed where the predictions are gone."""
    ground = ground_of(evaluation.dataset, evaluation.manifest.image_ids)
    try:
        found = predicted_boxes(ground, evaluation.prediction_set)
    except FileNotFoundError as error:
        raise JobFailed(f"The predictions of {evaluation.prediction_set.name} are gone from the storage.") from error
    return Inputs(ground, ground_truth(evaluation.dataset, ground, evaluation.revision), found)


def operating_point(evaluation: Evaluation, curves: ConfidenceCurves) -> float:
    """The confidence asked for, or that of the best mean F1; never below what has rows to show."""
    wanted = curves.best if evaluation.conf is None else evaluation.conf
    return max(wanted, PredictionSet.ROW_FLOOR)


def judge(evaluation: Evaluation, inputs: Inputs, confidence: float) -> VerdictRows:
    """The verdict rows at the operating point, which name predictions by their rows."""
    return verdicts(inputs.truth, inputs.predicted.with_rows(), iou=evaluation.iou, confidence=confidence)


def store(evaluation: Evaluation, inputs: Inputs, matches: Matches, scored: Scored) -> None:
    """Write the matches' file, the match rows and the figures. The file is written first, outside the transaction."""
    file = BytesIO()
    matches.save(file)
    location = blobs.put_bytes(file.getvalue(), suffix=".npz").key
    for name, value in evaluation_columns(scored).items():
        setattr(evaluation, name, value)
    evaluation.conf = scored.confidence
    evaluation.confusion = {
        "class_ids": inputs.ground.class_ids.tolist(),
        "matrix": confusion_matrix(scored.rows, len(inputs.ground.class_ids)).tolist(),
    }
    evaluation.on_training_images = seen_in_training(evaluation, inputs.ground)
    evaluation.location = location
    evaluation.finished_at = timezone.now()
    with transaction.atomic():
        replace_matches(evaluation, inputs.ground, scored.rows)
        evaluation.save(update_fields=STORED)


def store_intervals(evaluation: Evaluation, ground: Ground, matches: Matches) -> None:
    """Draw the resamples and add the intervals: figures and boxes are there to be looked at meanwhile."""
    drawn_by = resampling_units(ground.image_ids)
    drawn = bootstrap(matches, groups=drawn_by.groups)
    for name, value in intervals(evaluation.per_class or [], drawn, drawn_by.kind).items():
        setattr(evaluation, name, value)
    evaluation.save(update_fields=INTERVALS)


def seen_in_training(evaluation: Evaluation, ground: Ground) -> int:
    """How many of the images the checkpoint, or one that it came from, was trained on."""
    checkpoint = Checkpoint.objects.filter(pk=evaluation.prediction_set.checkpoint_id or 0).first()
    trained = training_image_ids(checkpoint)
    return shared_images(judged=ground.image_ids.tolist(), trained=sorted(trained))


def matches_on(prediction_set: PredictionSet, ground: Ground, revision: int) -> Matches:
    """A prediction set matched anew to the labels of some images at a revision."""
    truth = ground_truth(prediction_set.dataset, ground, revision)
    return match(truth, detections(ground, prediction_set), classes=len(ground.class_ids))
