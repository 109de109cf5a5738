"""The scripted reviewer answers as somebody would who sees the image."""

import numpy as np
import pytest

from demo.plant import ImageLabels
from demo.reviewer import ClassBox, ReviewQuestion, judge

CAR, TRUCK, PERSON = 0, 1, 2
BOX, SHIFTED, ELSEWHERE = (10, 10, 60, 50), (25, 15, 75, 55), (100, 100, 130, 140)
TRUTH = ImageLabels("a.jpg", 200, 150, np.array([BOX], np.float32), np.array([TRUCK], np.int32))
NOTHING = np.zeros((0, 4), np.float32)


def drawn(class_index, box):
    return ClassBox(class_index, np.array(box, np.float32))


@pytest.mark.parametrize(
    ("kind", "given", "proposed", "verdict", "label"),
    [
        ("wrong_class", (CAR, BOX), (TRUCK, BOX), "accepted", (TRUCK, BOX)),
        ("wrong_class", (CAR, BOX), (PERSON, BOX), "corrected", (TRUCK, BOX)),
        ("wrong_class", (TRUCK, BOX), (CAR, BOX), "rejected", None),
        ("wrong_class", (CAR, ELSEWHERE), (TRUCK, ELSEWHERE), "corrected", "nothing"),
        ("missing", None, (TRUCK, BOX), "accepted", (TRUCK, BOX)),
        ("missing", None, (CAR, BOX), "corrected", (TRUCK, BOX)),
        ("missing", None, (TRUCK, ELSEWHERE), "rejected", None),
        ("spurious", (CAR, ELSEWHERE), None, "accepted", "nothing"),
        ("spurious", (TRUCK, BOX), None, "rejected", None),
        ("spurious", (CAR, BOX), None, "corrected", (TRUCK, BOX)),
        ("badly_drawn", (TRUCK, SHIFTED), (TRUCK, BOX), "accepted", (TRUCK, BOX)),
        ("badly_drawn", (TRUCK, SHIFTED), (TRUCK, SHIFTED), "corrected", (TRUCK, BOX)),
        ("badly_drawn", (TRUCK, BOX), (TRUCK, SHIFTED), "rejected", None),
    ],
)
def test_it_works(kind, given, proposed, verdict, label):
    asked = ReviewQuestion(kind, given and drawn(*given), proposed and drawn(*proposed))
    answer = judge(asked, TRUTH, NOTHING)
    assert answer.verdict == verdict
    if label == "nothing":
        assert answer.label is None
    elif label is not None:
        assert (answer.label.class_index, tuple(answer.label.box)) == label


def test_it_rejects_a_missing_label_that_is_there():
    asked = ReviewQuestion("missing", None, drawn(TRUCK, BOX))
    assert judge(asked, TRUTH, np.array([BOX], np.float32)).verdict == "rejected"


def test_it_rejects_a_suggestion_about_nothing():
    assert judge(ReviewQuestion("spurious", None, None), TRUTH, NOTHING).verdict == "rejected"


def test_an_image_without_objects_loses_its_label():
    empty = ImageLabels("b.jpg", 200, 150, NOTHING, np.zeros(0, np.int32))
    answer = judge(ReviewQuestion("spurious", drawn(CAR, BOX), None), empty, NOTHING)
    assert (answer.verdict, answer.label) == ("accepted", None)
