"""Counts at an operating point: those of the rows that `verdicts` gives, without the rows."""

from itertools import pairwise

import numpy as np
import pytest

from science.evaluation.histograms import SIDES
from science.evaluation.overlaps import overlapping
from science.evaluation.tallies import OVERLAP_BINS, SCORE_EDGES, Tally, tally
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import ERROR_TYPES, FN, FP, TP, ErrorType, VerdictRows, confusion_matrix, verdicts

CLASSES, IMAGES = 3, 60
SOME = np.arange(IMAGES) % 3 == 0


def tallied(truth: GroundTruth, found: Detections, *, iou: float, confidence: float, images=None) -> Tally:  # type: ignore[no-untyped-def]
    pairs = overlapping(truth, found, least=0.1)
    return tally(pairs, found.scores, classes=CLASSES, iou=iou, confidence=confidence, images=images)


def test_it_works() -> None:
    """By hand: a car found at 0.9, a car taken for a bus, nothing at 0.06, and a bus that nobody found."""
    truth = GroundTruth.of(
        image_ids=[0, 1], image_index=[0, 0, 1], class_index=[0, 0, 1],
        boxes=[[0, 0, 10, 10], [50, 50, 90, 90], [0, 0, 100, 100]],
    )  # fmt: skip
    found = Detections.of(
        image_index=[0, 0, 0, 0], class_index=[0, 1, 2, 2], scores=np.array([0.9, 0.7, 0.06, 0.04], np.float32),
        boxes=[[0, 0, 10, 10], [50, 50, 90, 90], [200, 200, 220, 220], [300, 300, 320, 320]],
    )  # fmt: skip
    told = tallied(truth, found, iou=0.5, confidence=0.05)
    assert told.counts().tolist() == [1, 2, 2]
    assert told.by_image.tolist() == [[1, 2, 1], [0, 0, 1]]
    assert told.confusion.tolist() == [[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0]]
    kinds = {kind: place for place, kind in enumerate(ERROR_TYPES)}
    assert (told.wrong[1, kinds[ErrorType.CLASS]], told.wrong[2, kinds[ErrorType.BACKGROUND]]) == (1, 1)
    assert (told.missed[0, kinds[ErrorType.CLASS]], told.missed[1, kinds[ErrorType.MISSED]]) == (1, 1)
    assert (told.overlaps[-1], told.overlaps.sum()) == (1, 1)
    assert (told.right_scores[17], told.wrong_scores[13], told.wrong_scores[0]) == (1, 1, 1)
    assert told.sizes[1].tolist() == [1, 0, 0]  # 10 pixels: from 8 to 16
    assert told.sizes[3].tolist() == [0, 1, 1]  # 40 pixels
    assert told.size_images.tolist() == [0, 1, 1, 1, 0, 1, 0, 0, 0]


def world(seed: int) -> tuple[GroundTruth, Detections]:
    """Boxes, a tenth of them crowds, and detections around them; scores in hundredths, so that many are equal."""
    random = np.random.default_rng(seed)
    image, corner = random.integers(0, IMAGES, 400), random.uniform(0, 300, (400, 2))
    boxes = np.concatenate([corner, corner + random.uniform(5, 120, (400, 2))], axis=1)
    source = random.integers(0, 400, 1500)
    label, moved = random.integers(0, CLASSES, 400), boxes[source] + random.normal(0, 9, (1500, 4))
    truth = GroundTruth.of(
        image_ids=range(IMAGES), image_index=image, class_index=label, boxes=boxes.astype(np.float32),
        crowd=random.random(400) < 0.1,
    )  # fmt: skip
    found = Detections.of(
        image_index=image[source],
        class_index=np.where(random.random(1500) < 0.2, random.integers(0, CLASSES, 1500), label[source]),
        boxes=np.maximum(moved, np.tile(moved[:, :2] + 1, 2)).astype(np.float32),
        scores=np.round(random.random(1500), 2).astype(np.float32),
    )
    return truth, found


@pytest.mark.parametrize("images", [None, SOME])
@pytest.mark.parametrize(("iou", "confidence"), [(0.5, 0.05), (0.65, 0.7), (0.9, 0.3), (0.5, 1.0)])
def test_counts_are_those_of_the_rows(iou: float, confidence: float, images: np.ndarray | None) -> None:
    truth, found = world(seed=int(iou * 100))
    told = tallied(truth, found, iou=iou, confidence=confidence, images=images)
    rows = verdicts(truth, found, iou=iou, confidence=confidence)
    rows = rows if images is None else rows.of(images)
    assert told.counts().tolist() == [int((rows.verdict == verdict).sum()) for verdict in (TP, FP, FN)]
    assert told.confusion.tolist() == confusion_matrix(rows, CLASSES).tolist()
    assert told.found.tolist() == np.bincount(rows.gt_class[rows.verdict == TP], minlength=CLASSES).tolist()
    for table, verdict, column in ((told.wrong, FP, rows.pred_class), (told.missed, FN, rows.gt_class)):
        mine = rows.verdict == verdict
        cells = np.bincount(column[mine] * len(ERROR_TYPES) + rows.error_type[mine], minlength=table.size)
        assert table.ravel().tolist() == cells.tolist()
    right = rows.iou[rows.verdict == TP].astype(np.float32)
    edges = np.append(np.linspace(iou, 1, OVERLAP_BINS + 1).astype(np.float32)[:-1], 2)
    assert told.overlaps.tolist() == np.histogram(right, edges)[0].tolist()


def test_scores_and_sizes_are_those_of_the_rows() -> None:
    truth, found = world(seed=1)
    told, rows = tallied(truth, found, iou=0.5, confidence=0.05), verdicts(truth, found, confidence=0.05)
    edges = np.append(SCORE_EDGES[:-1], 2).astype(np.float32)
    for counts, verdict in ((told.right_scores, TP), (told.wrong_scores, FP)):
        assert (
            counts.tolist() == np.histogram(rows.score[rows.verdict == verdict].astype(np.float32), edges)[0].tolist()
        )
    assert told.score_sums.sum() == pytest.approx(rows.score[rows.verdict != FN].sum())
    area = areas(truth, found, rows)
    for place, (low, high) in enumerate(pairwise(SIDES)):
        inside = (area >= low**2) & (area < high**2)
        assert told.sizes[place].tolist() == np.bincount(rows.verdict[inside], minlength=3).tolist()
        assert told.size_images[place] == len(np.unique(rows.image_index[inside]))


def areas(truth: GroundTruth, found: Detections, rows: VerdictRows) -> np.ndarray:
    """Of the label concerned, where there is none of the prediction."""

    def of(boxes: np.ndarray) -> np.ndarray:
        wide = boxes.astype(np.float64)
        return (wide[:, 2] - wide[:, 0]) * (wide[:, 3] - wide[:, 1])

    return np.where(rows.annotation_id >= 0, of(truth.boxes)[rows.annotation_id], of(found.boxes)[rows.prediction_id])


def test_nothing_at_all() -> None:
    told = tallied(GroundTruth.of(image_ids=[]), Detections.of(), iou=0.5, confidence=0.05)
    assert told.counts().tolist() == [0, 0, 0]
    assert not told.confusion.any()
