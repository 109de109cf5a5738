"""The error budget equals tidecv's, and every count is a number of boxes."""

import json
from pathlib import Path

import numpy as np
import pytest

from science.evaluation.error_budget import error_budget
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import ERROR_TYPES
from tests.science.evaluation.tide_cases import CASES, IOUS, tide_case

RECORDED = json.loads((Path(__file__).parent / "tide_reference.json").read_text())
THEIR_NAMES = {
    "class": "Cls", "localisation": "Loc", "both": "Both", "duplicate": "Dupe", "background": "Bkg", "missed": "Miss",
    "false_positive": "FalsePos", "false_negative": "FalseNeg",
}  # fmt: skip
CAR, TRUCK = 0, 1
OBJECT = [0.0, 0.0, 100.0, 100.0]
SHIFTED = [0.0, 40.0, 100.0, 140.0]  # IoU with OBJECT .43


@pytest.mark.parametrize("number", range(CASES))
def test_it_equals_tidecv(number: int) -> None:
    case, theirs = tide_case(number), RECORDED[number]
    ours = error_budget(*case.ours(), classes=case.classes, iou=IOUS[number])
    assert ours.ap * 100 == pytest.approx(theirs["ap"], abs=1e-9)
    assert {name: gain * 100 for name, gain in ours.delta_ap.items()} == pytest.approx(
        {name: theirs["delta"][short] for name, short in THEIR_NAMES.items()}, abs=1e-9
    )
    assert ours.counts == {name: theirs["counts"][THEIR_NAMES[name]] for name in ours.counts}


def test_counts_are_the_boxes_behind_them() -> None:
    case = tide_case(1)
    budget = error_budget(*case.ours(), classes=case.classes)
    assert sum(budget.counts.values()) > 100
    for number, kind in enumerate(ERROR_TYPES):
        if kind.value:
            behind = budget.explained.box_error if kind.value == "missed" else budget.explained.error
            assert budget.counts[kind.value] == np.count_nonzero(behind == number)


def judge(labelled: list[tuple[int, list[float]]], found: list[tuple[int, list[float], float]]) -> dict[str, float]:
    truth = GroundTruth.of(
        image_ids=[1],
        image_index=[0] * len(labelled),
        class_index=[label for label, _ in labelled],
        boxes=[box for _, box in labelled],
    )
    detections = Detections.of(
        image_index=[0] * len(found),
        class_index=[label for label, _, _ in found],
        boxes=[box for _, box, _ in found],
        scores=np.array([score for _, _, score in found], np.float64),
    )
    budget = error_budget(truth, detections, classes=2)
    return {kind: count for kind, count in budget.counts.items() if count} | {
        f"gain {kind}": round(gain, 4) for kind, gain in budget.delta_ap.items() if gain
    }


@pytest.mark.parametrize(
    ("labelled", "found", "expected"),
    [
        pytest.param([(CAR, OBJECT)], [(CAR, OBJECT, 0.9)], {}, id="found"),
        pytest.param([(CAR, OBJECT)], [], {"missed": 1}, id="missed, and no class is left once it is taken away"),
        pytest.param(
            [(CAR, OBJECT)],
            [(CAR, SHIFTED, 0.9)],
            {"localisation": 1, "gain localisation": 1.0},
            id="poorly placed: mended, all is right",
        ),
        pytest.param(
            [(CAR, OBJECT), (TRUCK, [300, 300, 400, 400])],
            [(TRUCK, OBJECT, 0.9), (TRUCK, [300, 300, 400, 400], 0.8)],
            {"class": 1, "gain class": 0.75, "gain false_positive": 0.25, "gain false_negative": 0.25},
            id="taken for another class: a car more, and a wrong truck less",
        ),
        pytest.param(
            [(CAR, OBJECT), (CAR, [300, 300, 400, 400])],
            [(CAR, OBJECT, 0.9), (CAR, OBJECT, 0.85), (CAR, [300, 300, 400, 400], 0.8)],
            {"duplicate": 1, "gain duplicate": 0.165, "gain false_positive": 0.165},
            id="found twice: precision 2/3 for the upper 50 of 101 points",
        ),
        pytest.param([], [], {}, id="nothing"),
    ],
)
def test_by_hand(labelled, found, expected) -> None:
    assert judge(labelled, found) == expected
