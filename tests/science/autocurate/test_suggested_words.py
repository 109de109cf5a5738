"""What a suggestion says about a label, in figures and in a sentence, worked by hand."""

import numpy as np
import pytest

from science.autocurate.doubts import build_case
from science.autocurate.mislabels import find_mislabels
from science.autocurate.suggestions import LabelErrorKind, Writer
from science.evaluation.types import Detections, GroundTruth

CAR, TRUCK = 0, 1
# On image 0 a car's label of 30 x 30, on which a truck of 30 x 20 is seen; on image 1 a truck's label of 20 x 10, on
# the left half of which a truck is seen, twice; and a lone truck.
TRUTH = GroundTruth.of(
    image_ids=[8, 9],
    image_index=[0, 1],
    class_index=[CAR, TRUCK],
    boxes=[[0, 0, 30, 30], [0, 0, 20, 10]],
    annotation_ids=[70, 71],
)
DETECTIONS = Detections.of(
    image_index=[0, 1, 1, 1],
    class_index=[TRUCK] * 4,
    boxes=[[0, 0, 30, 20], [0, 0, 10, 10], [0, 0, 10, 8], [50, 50, 60, 60]],
    scores=np.array([0.7, 0.6, 0.3, 0.12345]),
    prediction_ids=[500, 501, 502, 503],
)
LEADER = np.array([0, 1, 1, 3])


@pytest.fixture(scope="module")
def writer() -> Writer:
    case = build_case(TRUTH, DETECTIONS, np.array([[100.0, 100.0]] * 2), 2, 0)
    return Writer(case, TRUTH, DETECTIONS, ("car", "truck"), LEADER)


def test_it_works_for_another_class(writer: Writer) -> None:
    said = writer.about_label(LabelErrorKind.WRONG_CLASS, 0, TRUCK, 0.8, {"wrong_class": 0.8})
    assert said.reason == {
        "code": "wrong_class", "given": "car", "proposed": "truck", "iou": 0.667, "score": 0.7, "given_score": 0.0,
    }  # fmt: skip
    assert said.parts == {"wrong_class": 0.8, "iou": 0.667, "score": 0.7, "given_score": 0.0}
    assert (said.kind, said.image_index, said.annotation_id, said.prediction_id) == ("wrong_class", 0, 70, 500)
    assert (said.given_class, said.proposed_class, said.proposed_box, said.score) == (CAR, TRUCK, None, 0.8)
    assert said.why == "Labelled car, but the judge sees truck here with score 0.70 and car with only 0.00."


def test_it_works_for_a_box_that_is_too_large(writer: Writer) -> None:
    """The two detections are averaged by their scores: the bottom is (0.6 · 10 + 0.3 · 8) / 0.9 = 9.333."""
    said = writer.about_label(LabelErrorKind.BADLY_DRAWN, 1, -1, 0.5, {"badly_drawn": 0.5})
    assert said.reason == {"code": "too_large", "given": "truck", "iou": 0.5, "score": 0.6, "usual_iou": 0.667}
    assert said.parts == {"badly_drawn": 0.5, "iou": 0.5, "score": 0.6, "usual_iou": 0.667}
    assert said.proposed_box == pytest.approx((0, 0, 10, 28 / 3))
    assert (said.annotation_id, said.prediction_id, said.given_class, said.proposed_class) == (71, 501, TRUCK, TRUCK)
    assert said.why.startswith("The box is larger than the truck that the judge sees with score 0.60 (IoU 0.50, where")


def test_it_works_for_a_label_without_an_object(writer: Writer) -> None:
    """What a car's label usually gets is drawn towards the mean of all labels, 0.24 (0 and 0.48), as if by ten of them:
    (0 + 10 · 0.24) / 11 = 0.2182."""
    said = writer.about_label(LabelErrorKind.SPURIOUS, 0, -1, 0.9, {"spurious": 0.9})
    assert said.reason == {"code": "spurious", "given": "car", "score": 0.7, "usual_score": 0.218}
    assert said.parts == {"spurious": 0.9, "score": 0.7, "usual_score": 0.218}
    assert (said.prediction_id, said.proposed_class, said.proposed_box, said.score) == (-1, -1, None, 0.9)


def test_it_works_for_a_missing_label(writer: Writer) -> None:
    said = writer.missing(3, 0.4, 0.6)
    assert said.reason == {"code": "missing", "proposed": "truck", "score": 0.123}
    assert said.parts == {"missing": 0.4, "doubt": 0.6, "score": 0.12345, "nearest_iou": 0.0}
    assert (said.image_index, said.annotation_id, said.prediction_id, said.given_class) == (1, -1, 503, -1)
    assert (said.proposed_class, said.proposed_box) == (TRUCK, (50, 50, 60, 60))
    assert said.why == "The judge sees truck here with score 0.12, and no label explains it."


def test_a_suggestion_leads_to_the_detection_that_its_object_is_known_by(writer: Writer) -> None:
    about = [
        writer.about_label(LabelErrorKind.WRONG_CLASS, 0, TRUCK, 0.8, {}),
        writer.about_label(LabelErrorKind.SPURIOUS, 0, -1, 0.8, {}),
        writer.missing(2, 0.5, 0.5),
    ]
    assert [writer.leader_of(each) for each in about] == [0, -1, 1]


@pytest.mark.parametrize(
    ("drawn", "how"), [([0, 0, 20, 10], "too_large"), ([0, 0, 10, 12.5], "shifted"), ([0, 0, 10, 6], "too_small")]
)
def test_how_a_box_is_off_is_told_by_its_area(drawn: list[float], how: str) -> None:
    """Beside the 100 square pixels that are seen: 200, 125 and 60."""
    truth = GroundTruth.of(image_ids=[1], image_index=[0], class_index=[0], boxes=[drawn])
    found = Detections.of(image_index=[0], class_index=[0], boxes=[[0, 0, 10, 10]], scores=[0.9])
    case = build_case(truth, found, np.array([[100.0, 100.0]]), 1, 0)
    said = Writer(case, truth, found, ("car",), np.zeros(1, np.int64)).about_label(
        LabelErrorKind.BADLY_DRAWN, 0, -1, 0.5, {}
    )
    assert said.reason["code"] == how


def test_of_two_labels_of_one_object_the_less_confirmed_one_goes() -> None:
    """The second fits the detection better; where nothing is detected, the later one goes."""
    labels = GroundTruth.of(
        image_ids=[1],
        image_index=[0, 0],
        class_index=[0, 0],
        boxes=[[0, 0, 10, 9], [0, 0, 10, 10]],
        annotation_ids=[71, 72],
    )
    seen = Detections.of(image_index=[0], class_index=[0], boxes=[[0, 0, 10, 10]], scores=[0.9])
    (worse,) = find_mislabels(labels, seen, class_names=["car"]).suggestions
    assert (worse.annotation_id, worse.kind, worse.score) == (71, "spurious", 0.9)
    assert worse.reason == {"code": "labelled_twice", "given": "car", "iou": 0.9, "other_annotation": "72"}
    assert worse.parts == {"spurious": 0.9, "iou": 0.9}
    (later,) = find_mislabels(labels, Detections.of(), class_names=["car"]).suggestions
    assert later.annotation_id == 72
