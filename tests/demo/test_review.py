"""What the scripted reviewer does to a task's boxes, and which planted errors a suggestion has reached."""

import numpy as np
import pytest

from demo.plant import ImageLabels, Planted
from demo.review import Review, ReviewHabits, _review_task, points_at

CAR, TRUCK = 0, 1
CLASS_IDS = [70, 71]  # the platform's ids, in the order of the class indices
BOX, ELSEWHERE = [10.0, 10.0, 60.0, 50.0], [100.0, 100.0, 130.0, 140.0]
TRUTH = ImageLabels("a.jpg", 200, 150, np.array([BOX], np.float32), np.array([TRUCK], np.int32))


class Tasks:
    """Takes what is saved."""

    def save(self, task, **saved):
        self.saved = saved


class Platform:
    def __init__(self):
        self.tasks = Tasks()


def suggestion(number, kind, given, proposed, object_id=5):
    shapes = {"given": given and {"class_id": given[0], "box": given[1]}}
    shapes["proposed"] = proposed and {"class_id": proposed[0], "box": proposed[1]}
    return {"id": number, "kind": kind, "object_id": object_id, "verdict": "pending", **shapes}


def reviewed(boxes, suggestions, errors=(), habits=None):
    platform, review = Platform(), Review()
    task = {"id": 1, "version": 3, "boxes": boxes, "suggestions": suggestions}
    _review_task(platform, task, TRUTH, CLASS_IDS, review, list(errors), habits or ReviewHabits())
    return platform.tasks.saved, review


def box(class_id, coordinates, object_id=5):
    return {"id": f"o{object_id}", "object_id": object_id, "class_id": class_id, "box": coordinates, "attributes": {}}


def test_it_works():
    saved, review = reviewed([box(70, BOX)], [suggestion(9, "wrong_class", (70, BOX), (71, BOX))])
    assert saved["boxes"][0]["class_id"] == 71
    assert saved["boxes"][0]["object_id"] == 5
    assert saved["verdicts"] == [{"id": 9, "verdict": "accepted"}]
    assert saved["state"] == "done"
    assert saved["active_seconds"] == review.seconds == 3  # one image opened, one decision
    assert (review.images, review.suggestions, review.verdicts["accepted"]) == (1, 1, 1)


def test_a_spurious_label_goes_and_a_missing_one_comes():
    suggestions = [
        suggestion(1, "spurious", (70, ELSEWHERE), None, object_id=6),
        suggestion(2, "missing", None, (71, BOX), object_id=None),
    ]
    saved, _ = reviewed([box(70, ELSEWHERE, 6)], suggestions)
    (added,) = saved["boxes"]
    assert (added["class_id"], added["object_id"], added["box"]) == (71, None, BOX)
    assert added["id"].startswith("n")


def test_a_rejected_suggestion_changes_nothing():
    saved, review = reviewed([box(71, BOX)], [suggestion(1, "spurious", (71, BOX), None)])
    assert saved["boxes"] == [box(71, BOX)]
    assert review.verdicts == {"accepted": 0, "corrected": 0, "rejected": 1}


def test_a_thing_is_added_once_even_if_suggested_twice():
    twice = [suggestion(n, "missing", None, (71, BOX), object_id=None) for n in (1, 2)]
    saved, review = reviewed([], twice)
    assert len(saved["boxes"]) == 1
    assert review.verdicts == {"accepted": 1, "corrected": 0, "rejected": 1}


def test_decided_suggestions_are_left_alone():
    decided = suggestion(1, "spurious", (71, BOX), None) | {"verdict": "accepted"}
    saved, review = reviewed([box(71, BOX)], [decided])
    assert saved["verdicts"] == []
    assert review.suggestions == 0


@pytest.mark.parametrize(
    ("kind", "given", "proposed", "error", "reached"),
    [
        ("wrong_class", (70, BOX), (71, BOX), Planted("a", "wrong_class", tuple(BOX), TRUCK, tuple(BOX), CAR), True),
        ("spurious", (70, BOX), None, Planted("a", "wrong_class", tuple(BOX), TRUCK, tuple(BOX), CAR), True),
        ("missing", None, (71, BOX), Planted("a", "missing", tuple(BOX), TRUCK, None, None), True),
        ("missing", None, (71, BOX), Planted("a", "wrong_class", tuple(BOX), TRUCK, tuple(BOX), CAR), False),
        ("spurious", (70, BOX), None, Planted("a", "spurious", None, None, tuple(ELSEWHERE), CAR), False),
    ],
)
def test_which_planted_errors_a_suggestion_reaches(kind, given, proposed, error, reached):
    assert points_at(suggestion(1, kind, given, proposed), error) is reached


def test_a_persons_seconds_are_counted():
    """By hand: 1 to open; 2 to take a proposal as it is; 2 and 5 to draw a box that nobody proposed."""
    _, accepted = reviewed([box(70, BOX)], [suggestion(9, "wrong_class", (70, BOX), (71, BOX))])
    assert accepted.seconds == 3
    off, worse = [10.0, 10.0, 45.0, 40.0], [10.0, 10.0, 40.0, 38.0]
    _, drawn = reviewed([box(71, off)], [suggestion(9, "badly_drawn", (71, off), (71, worse))])
    assert (drawn.verdicts["corrected"], drawn.seconds) == (1, 8)
    _, rejected = reviewed([box(71, BOX)], [suggestion(9, "spurious", (71, BOX), None)])
    assert (rejected.verdicts["rejected"], rejected.seconds) == (1, 3)


def test_only_what_is_asked_is_mended():
    saved, review = reviewed([box(70, BOX), box(70, ELSEWHERE, 6)], [])
    assert (saved["boxes"][1]["box"], review.mended_unasked) == (ELSEWHERE, 0)


def test_a_careful_reviewer_mends_all_that_is_wrong():
    """A class wrong, a box around nothing: 1 + 2 + 2 seconds. Nothing labelled at all: 1 + 2 + 5."""
    careful = ReviewHabits(careful=True)
    saved, review = reviewed([box(70, BOX), box(70, ELSEWHERE, 6)], [], habits=careful)
    assert [(one["class_id"], one["box"]) for one in saved["boxes"]] == [(71, BOX)]
    assert (review.mended_unasked, review.seconds) == (2, 5)
    saved, review = reviewed([], [], habits=careful)
    assert [(one["class_id"], one["box"]) for one in saved["boxes"]] == [(71, BOX)]
    assert (review.mended_unasked, review.seconds) == (1, 8)


@pytest.mark.parametrize(("seconds", "over"), [(0.0, False), (59.0, False), (60.0, True)])
def test_no_image_is_opened_once_time_is_up(seconds, over):
    assert ReviewHabits(minutes=1).is_over(Review(seconds=seconds)) is over
    assert not ReviewHabits().is_over(Review(seconds=seconds))
