"""What was rejected is not asked again."""

import pytest

from science.autocurate.asked_before import RejectedSuggestion, not_asked_before
from science.autocurate.suggestions import LabelErrorKind, SuggestedLabel

WRONG, MISSING, SPURIOUS, DRAWN = LabelErrorKind
BOX, NEAR, FAR = (0.0, 0.0, 10.0, 10.0), (0.0, 0.0, 10.0, 9.0), (50.0, 50.0, 60.0, 60.0)


def suggestion(kind, image=0, annotation_id=7, proposed_class=1, box=None):
    return SuggestedLabel(
        kind=kind, image_index=image, annotation_id=annotation_id, prediction_id=-1, given_class=0,
        proposed_class=proposed_class, proposed_box=box, score=0.5, parts={}, reason={"code": kind.value}, why="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        (suggestion(WRONG), RejectedSuggestion(WRONG, 0, 7, 1, None), False),
        (suggestion(WRONG), RejectedSuggestion(WRONG, 0, 8, 1, None), True),  # another version of the label
        (suggestion(WRONG), RejectedSuggestion(WRONG, 0, 7, 2, None), True),  # another class proposed
        (suggestion(WRONG), RejectedSuggestion(SPURIOUS, 0, 7, 1, None), True),  # another kind
        (suggestion(DRAWN, box=BOX), RejectedSuggestion(DRAWN, 0, 7, 1, NEAR), False),
        (suggestion(DRAWN, box=BOX), RejectedSuggestion(DRAWN, 0, 7, 1, FAR), True),
        (suggestion(MISSING, annotation_id=-1, box=BOX), RejectedSuggestion(MISSING, 0, -1, 1, NEAR), False),
        (suggestion(MISSING, annotation_id=-1, box=BOX), RejectedSuggestion(MISSING, 1, -1, 1, NEAR), True),
        (suggestion(SPURIOUS, proposed_class=-1), RejectedSuggestion(SPURIOUS, 0, 7, -1, None), False),
    ],
)
def test_the_same_is_not_asked_again(now, before, asked):
    kept, left_out = not_asked_before([now], [before])
    assert (kept, left_out) == ([now], 0) if asked else (kept, left_out) == ([], 1)


def test_it_keeps_the_order_of_the_others():
    first, second, third = suggestion(WRONG, 0), suggestion(WRONG, 1), suggestion(WRONG, 2)
    kept, left_out = not_asked_before([first, second, third], [RejectedSuggestion(WRONG, 1, 7, 1, None)])
    assert (kept, left_out) == ([first, third], 1)
