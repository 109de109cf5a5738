"""Any subset of an evaluation is scored without matching again, and equals an evaluation of the subset alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from science.evaluation.average_precision import accumulate
from science.evaluation.calibration import calibration
from science.evaluation.histograms import by_size, overlap_histogram, score_histogram
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import verdicts
from tests.science.evaluation.reference import Case
from tests.science.evaluation.test_average_precision import cases


def scored(case: Case) -> list[float]:
    figures: list[float] = accumulate(match(*case.ours(), classes=case.classes)).as_coco().tolist()
    return figures


@settings(max_examples=60, deadline=None)
@given(cases(), st.data())
def test_images_classes_and_confidence_are_exact(case: Case, data: st.DataObject) -> None:
    images = data.draw(st.sets(st.sampled_from(case.images), min_size=1))
    labels = data.draw(st.sets(st.sampled_from(case.categories), min_size=1))
    confidence = data.draw(st.sampled_from([0.0, 0.1, 0.3, 0.6]))
    part = Case(
        case.images,
        case.categories,
        [row for row in case.annotations if row["image_id"] in images and row["category_id"] in labels],
        [
            row
            for row in case.results
            if row["image_id"] in images and row["category_id"] in labels and row["score"] >= confidence
        ],
    )
    whole = match(*case.ours(), classes=case.classes)
    subset = whole.of(
        np.array([image in images for image in sorted(case.images)]),
        classes=np.array([label in labels for label in sorted(case.categories)]),
        confidence=confidence,
    )
    assert accumulate(subset).as_coco().tolist() == scored(part)


def three() -> tuple[GroundTruth, Detections]:
    """Sides 10, 50 and 200 pixels; the first two are found exactly, with a wrong one at .35 between."""
    truth = GroundTruth.of(
        image_ids=[1],
        image_index=[0] * 3,
        class_index=[0] * 3,
        boxes=[[0, 0, 10, 10], [100, 0, 150, 50], [200, 200, 400, 400]],
    )
    found = Detections.of(
        image_index=[0] * 3,
        class_index=[0] * 3,
        boxes=[[0, 0, 10, 10], [100, 0, 150, 50], [500, 500, 550, 550]],
        scores=np.array([0.92, 0.31, 0.33]),
    )
    return truth, found


def test_calibration_by_hand() -> None:
    found = calibration(match(*three(), classes=1), bins=10)
    assert found.count.tolist() == [0, 0, 0, 2, 0, 0, 0, 0, 0, 1]
    assert found.precision[[3, 9]].tolist() == [0.5, 1.0]
    assert found.confidence[3] == np.mean([0.31, 0.33])
    assert np.isclose(found.error, (2 * (0.5 - 0.32) + 0.08) / 3)
    assert np.isnan(found.precision[0])
    assert calibration(match(*three(), classes=1), least=0.5).count.sum() == 1
    assert np.isnan(calibration(match(GroundTruth.of(image_ids=[1]), Detections.of(), classes=1)).error)


def test_histograms_by_hand() -> None:
    scores = score_histogram(match(*three(), classes=1), bins=10)
    assert scores.right.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    assert scores.wrong.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    edges, counts = overlap_histogram(verdicts(*three()), bins=5)
    assert edges.tolist() == [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert counts.tolist() == [0, 0, 0, 0, 2]


def test_ap_by_size_by_hand() -> None:
    bands = by_size(*three(), classes=1, sides=[0, 32, 96, 1e5])
    assert bands.boxes.tolist() == [1, 1, 1]
    # Among boxes of middle size the wrong one, also of 50 pixels, counts before the right one.
    assert bands.ap.tolist() == pytest.approx([1.0, 0.5, 0.0])
    assert bands.recall.tolist() == [1.0, 1.0, 0.0]


def test_size_bands_are_cocos_own(shared_data) -> None:
    from science.coco.files import read_results, read_truth

    folder = shared_data / "coco_fakebbox100"
    coco = read_truth(folder / "instances_val2014_100.json")
    found = read_results(folder / "instances_val2014_fakebbox100_results.json", coco).detections
    bands = by_size(coco.truth, found, classes=80, sides=[0, 32, 96, 1e5])
    figures = accumulate(match(coco.truth, found, classes=80)).figures()
    assert bands.ap.tolist() == [figures[name] for name in ("APs", "APm", "APl")]
    assert bands.recall.tolist() == [figures[name] for name in ("ARs", "ARm", "ARl")]
