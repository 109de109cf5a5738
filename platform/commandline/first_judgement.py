"""The loops that a first evaluation, its charts, a comparison, a report and a search for wrong labels run through.

Called once on made-up boxes, with the types that stored boxes have (float32, all columns contiguous): each loop is
compiled for the types that it is called with, and those of files that the command line reads are other ones.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from science.autocurate.mislabels import find_mislabels
from science.evaluation import charts
from science.evaluation.arrays import Ground, Predicted, Units
from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import bootstrap, compare
from science.evaluation.confidence import confidence_curves
from science.evaluation.judged import JudgedEvaluation
from science.evaluation.matching import Matches, match
from science.evaluation.size_parts import size_parts
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import confusion_matrix, verdicts
from science.evaluation.weak_slices import Fact, weak_slices

IMAGES, BOXES, CLASSES = 80, 6, 3  # boxes on each image; so many that groups of them are compared
IOU, CONFIDENCE = 0.5, 0.3
NAMES = [f"class {c + 1}" for c in range(CLASSES)]
RESAMPLES = 20


def call_loops() -> None:
    """As the jobs do it, and then the pages that show it."""
    truth, predicted = made_up()
    matches = evaluate(truth, predicted)
    show(truth, predicted, matches)
    sizes = np.full((IMAGES, 2), 640.0)
    find_mislabels(truth, predicted.detections, class_names=NAMES, image_sizes=sizes)


def made_up() -> tuple[GroundTruth, Predicted]:
    """Labels, and predictions a little beside them, of which some are of another class and some alone."""
    random = np.random.default_rng(1)
    image = np.repeat(np.arange(IMAGES), BOXES)
    labelled = random.integers(0, CLASSES, len(image))
    corner = np.tile(np.arange(BOXES), IMAGES)[:, None] * 90.0 + random.uniform(0, 40, (len(image), 2))
    boxes = np.hstack([corner, corner + random.uniform(16, 110, (len(image), 2))]).astype(np.float32)
    wrong = random.random(len(image)) < 0.2
    found = Detections.of(
        image_index=image,
        class_index=np.where(wrong, (labelled + 1) % CLASSES, labelled),
        boxes=boxes + random.normal(0, 4, (len(image), 1)).astype(np.float32),
        scores=random.uniform(0.02, 1, len(image)).astype(np.float32),
    )
    shown = (random.random(len(image)) < 0.9) & (image < IMAGES - 2)
    crowd = random.random(int(shown.sum())) < 0.05
    truth = GroundTruth.of(
        image_ids=np.arange(IMAGES) + 7, image_index=image[shown], class_index=labelled[shown], boxes=boxes[shown],
        crowd=crowd,
    )  # fmt: skip
    return truth, Predicted(found, np.where(found.scores >= CONFIDENCE / 6, np.arange(len(image)), -1))


def evaluate(truth: GroundTruth, predicted: Predicted) -> Matches:
    """Match, score, judge, draw resamples, look for weak slices; the matches as they are read from storage."""
    matches = match(truth, predicted.detections, classes=CLASSES)
    accumulate(matches)
    confidence_curves(matches, IOU)
    confusion_matrix(verdicts(truth, predicted.with_rows(), iou=IOU, confidence=CONFIDENCE), CLASSES)
    bootstrap(matches, groups=np.arange(IMAGES), resamples=RESAMPLES)
    areas = np.prod(truth.boxes[:, 2:].astype(np.float64) - truth.boxes[:, :2], axis=1)
    facts = [Fact("time", np.where(np.arange(IMAGES) % 2 == 0, "night", "day"))]
    weak_slices(matches, facts, confidence=CONFIDENCE, iou=IOU, areas=areas, groups=np.arange(IMAGES))
    file = BytesIO()
    matches.save(file)
    return Matches.load(BytesIO(file.getvalue()))


def show(truth: GroundTruth, predicted: Predicted, matches: Matches) -> None:
    """Every chart, on all images and on some, as a page and a report ask for them."""
    ground = Ground(truth.image_ids, np.arange(CLASSES), NAMES)
    judged = JudgedEvaluation(ground, truth, predicted, matches, Units(np.arange(IMAGES), "image"))
    some: NDArray[np.bool_] = np.arange(IMAGES) % 2 == 0
    for images in (None, some):
        charts.at_point(judged, confidence=CONFIDENCE, iou=IOU, images=images)
        charts.over_confidence(judged, iou=IOU, images=images)
        charts.error_budget_chart(judged, iou=IOU, images=images)
        charts.figures(judged, images)
        size_parts(judged, judged.tally(iou=IOU, confidence=CONFIDENCE, images=images), images)
    judged.verdicts(iou=IOU, confidence=CONFIDENCE)
    compare(matches, matches, groups=np.arange(IMAGES), resamples=RESAMPLES)
