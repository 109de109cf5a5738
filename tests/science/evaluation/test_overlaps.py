"""The pairs that overlap: found once, they give the verdicts and the error budget that each finds alone."""

from dataclasses import fields

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from science.evaluation.error_budget import error_budget
from science.evaluation.overlaps import CROWD, OTHER, SAME, overlapping
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import verdicts
from science.geometry.compiled import compiled_in_place
from tests.science.evaluation.reference import Case
from tests.science.evaluation.test_average_precision import cases

CAR, TRUCK = 0, 1


def test_it_works() -> None:
    truth = GroundTruth.of(
        image_ids=[7, 8],
        image_index=[0, 0, 0, 0, 1],
        class_index=[CAR, TRUCK, CAR, TRUCK, CAR],
        boxes=[[0, 0, 10, 10], [0, 5, 10, 15], [0, 0, 40, 40], [0, 0, 40, 40], [0, 0, 10, 10]],
        crowd=[False, False, True, True, False],
    )
    found = Detections.of(
        image_index=[0, 0], class_index=[CAR, CAR], boxes=[[50, 50, 60, 60], [0, 0, 10, 10]], scores=[0.2, 0.9]
    )
    pairs = overlapping(truth, found, least=0.1)
    assert pairs.dets.row.tolist() == [1, 0]  # by falling score
    assert np.diff(pairs.first).tolist() == [3, 0]
    assert pairs.box.tolist() == [0, 1, 2]  # the crowd of trucks has nothing to do with a car
    assert pairs.kind.tolist() == [SAME, OTHER, CROWD]
    assert pairs.value.tolist() == [1.0, pytest.approx(1 / 3), 1.0]
    assert overlapping(truth, found, least=0.5).box.tolist() == [0, 2]
    assert len(overlapping(truth, found, least=0.1, confidence=0.95).dets.row) == 0


def test_more_pairs_than_it_makes_room_for_at_first() -> None:
    boxes = np.tile([0.0, 0.0, 10.0, 10.0], (9, 1))
    nine = {"image_index": [0] * 9, "class_index": [CAR] * 9, "boxes": boxes}
    pairs = overlapping(
        GroundTruth.of(image_ids=[1], **nine), Detections.of(**nine, scores=np.linspace(0.1, 0.9, 9)), least=0.1
    )
    assert np.diff(pairs.first).tolist() == [9] * 9
    assert pairs.box.tolist() == list(range(9)) * 9


def test_it_rejects_boxes_that_are_apart() -> None:
    with pytest.raises(ValueError, match="above 0"):
        overlapping(GroundTruth.of(image_ids=[1]), Detections.of(), least=0.0)


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([0.0, 0.2, 0.5]))
def test_shared_pairs_change_nothing(case: Case, confidence: float) -> None:
    truth, detections = case.ours()
    shared = overlapping(truth, detections, least=0.1)
    alone = verdicts(truth, detections, confidence=confidence)
    together = verdicts(truth, detections, confidence=confidence, overlaps=shared)
    for column in fields(alone):
        assert np.array_equal(getattr(alone, column.name), getattr(together, column.name), equal_nan=True)
    budgets = [error_budget(truth, detections, classes=case.classes, overlaps=each) for each in (None, shared)]
    assert budgets[0].delta_ap == pytest.approx(budgets[1].delta_ap, nan_ok=True, abs=0)


def test_compiled_in_place_refuses_to_make_an_array() -> None:
    with pytest.raises(numba.core.errors.NumbaError):
        compiled_in_place(_makes_an_array)(3)


def _makes_an_array(count: int) -> int:
    return len(np.zeros(count))
