"""Each box and each prediction gets one verdict, and each cell of the confusion matrix is a count of rows."""

import numpy as np
import pytest
from hypothesis import given, settings

from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import ERROR_TYPES, FN, FP, TP, VERDICTS, VerdictRows, confusion_matrix, verdicts
from tests.science.evaluation.reference import Case
from tests.science.evaluation.test_average_precision import cases

CAR, TRUCK = 0, 1
OBJECT = [0.0, 0.0, 100.0, 100.0]
SHIFTED = [0.0, 40.0, 100.0, 140.0]  # IoU with OBJECT 60 / 140 = .43
ELSEWHERE = [300.0, 300.0, 400.0, 400.0]


def judge(labelled: list[tuple[int, list[float]]], found: list[tuple[int, list[float], float]]) -> VerdictRows:
    """Judge one image; annotation ids are 100, 101 …, prediction ids 200, 201 …"""
    truth = GroundTruth.of(
        image_ids=[5],
        image_index=[0] * len(labelled),
        class_index=[label for label, _ in labelled],
        boxes=[box for _, box in labelled],
        annotation_ids=[100 + number for number in range(len(labelled))],
    )
    detections = Detections.of(
        image_index=[0] * len(found),
        class_index=[label for label, _, _ in found],
        boxes=[box for _, box, _ in found],
        scores=np.array([score for _, _, score in found], np.float64),
        prediction_ids=[200 + number for number in range(len(found))],
    )
    return verdicts(truth, detections, iou=0.5, confidence=0.1)


def read(rows: VerdictRows) -> list[tuple[str, str, int, int, int, int]]:
    """Return (verdict, error, annotation, prediction, class down, class across) of each row."""
    return sorted(
        (VERDICTS[v].value, ERROR_TYPES[e].value, int(a), int(p), int(g), int(c))
        for v, e, a, p, g, c in zip(
            rows.verdict, rows.error_type, rows.annotation_id, rows.prediction_id, rows.gt_class, rows.pred_class,
            strict=True,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("labelled", "found", "expected"),
    [
        pytest.param([(CAR, OBJECT)], [(CAR, OBJECT, 0.9)], [("tp", "", 100, 200, CAR, CAR)], id="found"),
        pytest.param([(CAR, OBJECT)], [], [("fn", "missed", 100, -1, CAR, -1)], id="missed"),
        pytest.param([], [(CAR, OBJECT, 0.9)], [("fp", "background", -1, 200, -1, CAR)], id="background"),
        pytest.param(
            [(CAR, OBJECT)],
            [(CAR, OBJECT, 0.05)],
            [("fn", "missed", 100, -1, CAR, -1)],
            id="below the confidence",
        ),
        pytest.param(
            [(CAR, OBJECT)],
            [(TRUCK, OBJECT, 0.9)],
            [("fn", "class", 100, 200, CAR, TRUCK), ("fp", "class", 100, 200, CAR, TRUCK)],
            id="taken for another class",
        ),
        pytest.param(
            [(CAR, OBJECT)],
            [(CAR, OBJECT, 0.9), (CAR, OBJECT, 0.5)],
            [("fp", "duplicate", 100, 201, -1, CAR), ("tp", "", 100, 200, CAR, CAR)],
            id="found twice",
        ),
        pytest.param(
            [(CAR, OBJECT)],
            [(TRUCK, OBJECT, 0.9), (CAR, OBJECT, 0.5)],
            [("fp", "class", 100, 200, -1, TRUCK), ("tp", "", 100, 201, CAR, CAR)],
            id="another class on an object that is found",
        ),
        pytest.param(
            [(CAR, OBJECT)],
            [(CAR, SHIFTED, 0.9)],
            [("fn", "localisation", 100, 200, CAR, -1), ("fp", "localisation", 100, 200, -1, CAR)],
            id="poorly placed",
        ),
        pytest.param(
            [(CAR, OBJECT)],
            [(TRUCK, SHIFTED, 0.9)],
            [("fn", "both", 100, 200, CAR, -1), ("fp", "both", 100, 200, -1, TRUCK)],
            id="poorly placed and another class",
        ),
        pytest.param(
            [(CAR, OBJECT)],
            [(CAR, ELSEWHERE, 0.9)],
            [("fn", "missed", 100, -1, CAR, -1), ("fp", "background", -1, 200, -1, CAR)],
            id="somewhere else",
        ),
        pytest.param([], [], [], id="nothing"),
    ],
)
def test_verdicts_by_hand(labelled, found, expected) -> None:
    assert read(judge(labelled, found)) == expected


def test_scores_and_overlaps_stand_in_the_rows() -> None:
    rows = judge([(CAR, OBJECT), (CAR, ELSEWHERE)], [(CAR, SHIFTED, 0.9)])
    by_annotation = {
        int(a): (float(i), float(s)) for a, i, s in zip(rows.annotation_id, rows.iou, rows.score, strict=True)
    }
    assert by_annotation[100] == (pytest.approx(60 / 140), 0.9)
    overlap, score = by_annotation[101]
    assert overlap == 0
    assert np.isnan(score)


def test_a_crowd_is_neither_missed_nor_found() -> None:
    truth = GroundTruth.of(image_ids=[5], image_index=[0], class_index=[CAR], boxes=[OBJECT], crowd=[True])
    on_it = Detections.of(image_index=[0], class_index=[CAR], boxes=[[10, 10, 50, 50]], scores=[0.9])
    assert len(verdicts(truth, on_it)) == 0
    other_class = Detections.of(image_index=[0], class_index=[TRUCK], boxes=[[10, 10, 50, 50]], scores=[0.9])
    assert read(verdicts(truth, other_class)) == [("fp", "background", -1, 0, -1, TRUCK)]


def test_the_confusion_matrix_by_hand() -> None:
    rows = judge(
        [(CAR, OBJECT), (TRUCK, ELSEWHERE), (CAR, [600, 0, 700, 100])],
        [(CAR, OBJECT, 0.9), (CAR, OBJECT, 0.4), (CAR, ELSEWHERE, 0.8)],
    )
    assert confusion_matrix(rows, classes=2).tolist() == [
        [1, 0, 1],  # cars: one found, one missed
        [1, 0, 0],  # the truck was taken for a car
        [1, 0, 0],  # the second detection of the first car
    ]


@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_box_and_prediction_stands_in_one_cell(case: Case) -> None:
    truth, detections = case.ours()
    rows = verdicts(truth, detections, confidence=0.2)
    cells = confusion_matrix(rows, case.classes)
    real = truth.class_index[~truth.crowd]
    assert cells[:-1].sum(axis=1).tolist() == np.bincount(real, minlength=case.classes).tolist()
    kept = detections.scores >= 0.2
    judged = np.unique(rows.prediction_id[rows.verdict != FN])
    assert len(judged) == np.count_nonzero(rows.verdict != FN)
    assert cells[:, :-1].sum() == len(judged) <= np.count_nonzero(kept)
    assert cells[-1, -1] == 0
    if not truth.crowd.any():
        assert len(judged) == np.count_nonzero(kept)
    found, missed = rows.annotation_id[rows.verdict == TP], rows.annotation_id[rows.verdict == FN]
    assert sorted([*found, *missed]) == sorted(truth.annotation_ids[~truth.crowd])


@settings(max_examples=100, deadline=None)
@given(cases())
def test_true_positives_are_those_of_the_evaluator(case: Case) -> None:
    truth, detections = case.ours()
    matches = match(truth, detections, classes=case.classes)
    hits = detections.prediction_ids[matches.det_row[(matches.hit[0] & 1) > 0]]
    rows = verdicts(truth, detections)
    assert sorted(rows.prediction_id[rows.verdict == TP]) == sorted(hits)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_confused_pair_gives_two_rows_of_which_one_is_counted(case: Case) -> None:
    rows = verdicts(*case.ours())
    left_out = ~rows.counted()
    pairs = set(zip(rows.annotation_id[left_out], rows.prediction_id[left_out], strict=True))
    confused = (rows.verdict == FN) & (rows.pred_class >= 0)
    assert pairs == set(zip(rows.annotation_id[confused], rows.prediction_id[confused], strict=True))
    assert (rows.verdict[left_out] == FP).all()
