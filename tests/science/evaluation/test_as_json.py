"""An evaluation as JSON: what does not exist is null."""

import numpy as np
import pytest

from science.evaluation.arrays import Ground
from science.evaluation.as_json import EVERY, Scored, at_operating_point, evaluation_columns
from science.evaluation.average_precision import accumulate
from science.evaluation.confidence import confidence_curves
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import verdicts


def scored(classes: list[int]) -> Scored:
    """Of class 40 two boxes: one found at .9, one missed, and a wrong detection at .6. Of others nothing."""
    any_class = bool(classes)
    truth = GroundTruth.of(
        image_ids=[8, 9],
        **{"image_index": [0, 1], "class_index": [0, 0], "boxes": [[0, 0, 10, 10]] * 2} if any_class else {},  # type: ignore[arg-type]
    )
    found = (
        Detections.of(
            image_index=[0, 0], class_index=[0, 0], boxes=[[0, 0, 10, 10], [50, 0, 60, 10]], scores=[0.9, 0.6]
        )
        if any_class
        else Detections.of()
    )
    matches = match(truth, found, classes=len(classes))
    ground = Ground(np.array([8, 9]), np.array(classes, np.int64), [f"class {pk}" for pk in classes])
    rows = verdicts(truth, found, confidence=0.5)
    return Scored(ground, accumulate(matches), confidence_curves(matches), rows, 0.5)


def test_it_works() -> None:
    """AP: precision 1 up to recall 1/2, 51 of 101 points."""
    found = evaluation_columns(scored([40, 30]))
    assert found["counts"] == {"tp": 1, "fp": 1, "fn": 1, "images": 2, "boxes": 2}
    first, second = found["per_class"]
    assert first == {
        "class_id": 40, "AP": pytest.approx(51 / 101, abs=1e-6), "AP50": pytest.approx(51 / 101, abs=1e-6), "AR": 0.5,
        "interval": {"low": None, "high": None}, "gt": 2, "tp": 1, "fp": 1, "fn": 1,
        "precision": 0.5, "recall": 0.5, "f1": 0.5,
    }  # fmt: skip
    assert second == {
        "class_id": 30, "AP": None, "AP50": None, "AR": None, "interval": {"low": None, "high": None}, "gt": 0,
        "tp": 0, "fp": 0, "fn": 0, "precision": None, "recall": None, "f1": None,
    }  # fmt: skip
    assert (found["interval"], found["interval50"], found["weak_slices"]) == (None, None, None)


def test_curves_by_hand() -> None:
    curves = evaluation_columns(scored([40, 30]))["curves"]
    assert curves["class_ids"] == [40, 30]
    assert (curves["recall"][0], curves["recall"][50], len(curves["recall"])) == (0, 0.5, 101)
    drawn, empty = curves["precision_recall"]
    assert drawn == {"precision": [1.0] * 51 + [0.0] * 50, "score": [0.9] * 51 + [0.0] * 50}
    assert set(empty["precision"]) == {None}
    assert curves["confidence"] == [round(0.01 * k, 5) for k in range(101)]
    assert len(curves["confidence"]) == 1000 // EVERY + 1
    over, nothing = curves["classes"]
    assert [over[name][50] for name in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]
    assert [over[name][70] for name in ("precision", "recall", "f1")] == [1, 0.5, 0.6667]
    assert set(nothing["recall"]) == {None}
    assert curves["mean"] == over  # the class without a box is left out


def test_no_class_has_no_curve() -> None:
    found = evaluation_columns(scored([]))
    assert (found["per_class"], found["curves"]["classes"], found["curves"]["precision_recall"]) == ([], [], [])
    assert set(found["curves"]["mean"]["f1"]) == {None}


@pytest.mark.parametrize(
    ("tp", "fp", "fn", "rates"),
    [(3, 1, 2, (0.75, 0.6, 0.666667)), (0, 2, 0, (0, None, 0)), (0, 0, 2, (None, 0, 0)), (0, 0, 0, (None, None, None))],
)
def test_an_operating_point(tp: int, fp: int, fn: int, rates: tuple[float | None, ...]) -> None:
    precision, recall, f1 = rates
    assert at_operating_point(tp, fp, fn) == {
        "tp": tp, "fp": fp, "fn": fn, "precision": precision, "recall": recall, "f1": f1,
    }  # fmt: skip
