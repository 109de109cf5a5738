"""Fates, corrections, places and time saved: rows worked by hand."""

from typing import Any

import numpy as np
import pytest

from label.assists.corrections import by_class, corrections, shares
from label.assists.fates import fate_of
from label.assists.places import counts_from, new_places
from label.assists.saving_time import ENOUGH, Helped, median, saved

CAR, BUS = 1, 2


def box(name: str, class_id: int, *place: float) -> dict[str, Any]:
    return {"id": name, "class_id": class_id, "box": list(place)}


OFFER = {"class_id": CAR, "box": [10, 10, 30, 30]}
LOOSE = OFFER | {"before": [0, 0, 40, 40]}


@pytest.mark.parametrize(
    ("kind", "offered", "now", "fate"),
    [
        ("click", OFFER, box("n1", CAR, 10, 10, 30, 30.004), "unchanged"),  # what a client rounds has not moved
        ("click", OFFER, box("n1", CAR, 10, 10, 30, 31), "changed"),
        ("click", OFFER, box("n1", BUS, 10, 10, 30, 30), "changed"),
        ("fill", OFFER, None, "refused"),
        ("tighten", LOOSE, box("o1", BUS, 10, 10, 30, 30), "unchanged"),  # its class was never offered
        ("tighten", LOOSE, box("o1", CAR, 0, 0, 40, 40), "refused"),  # as it was before
        ("tighten", LOOSE, box("o1", CAR, 10, 10, 33, 30), "changed"),
        ("drawn", None, box("n1", CAR, 1, 1, 5, 5), "unchanged"),
        ("drawn", None, None, "refused"),
    ],
)
def test_what_became_of_an_offer(kind: str, offered: Any, now: Any, fate: str) -> None:
    assert fate_of(kind, offered, now) == fate


def test_what_people_made_of_pre_labels() -> None:
    given = [
        box("m1", CAR, 0, 0, 10, 10),
        box("m2", CAR, 20, 0, 30, 10),
        box("m3", CAR, 40, 0, 50, 10),
        box("m4", CAR, 60, 0, 70, 10),
        box("m5", BUS, 80, 0, 90, 10),
        box("m6", CAR, 0, 50, 10, 60),
    ]
    now = [
        box("o7", BUS, 0, 90, 9, 99),  # a label from before: not theirs
        box("m1", CAR, 0, 0, 10, 10),
        box("m2", CAR, 20, 0, 32, 10),
        box("m3", BUS, 40, 0, 50, 10),
        box("n1", BUS, 81, 0, 90, 10),  # stands for m5, which was deleted: IoU 90 / 100
        box("n2", CAR, 60, 30, 70, 40),  # touches nothing: an object that was missed
    ]
    found = by_class((5, one) for one in corrections(given, now, base=["o7"]))
    assert found[CAR].counts == {"kept": 1, "moved": 1, "relabelled": 1, "deleted": 2, "added": 1}
    assert found[BUS].counts == {"kept": 0, "moved": 1, "relabelled": 0, "deleted": 0, "added": 0}
    assert dict(found[CAR].became) == {BUS: 1}
    assert dict(found[CAR].tasks) == {"moved": [5], "relabelled": [5], "deleted": [5], "added": [5]}
    told = shares(found[CAR])
    # Wilson by hand for 1 of 5: centre (.2 + 3.8415/10) / 1.7683 = .3303, half 1.95996 * sqrt(.032 + .0384) / 1.7683
    assert told["right"] == pytest.approx({"share": 0.2, "low": 0.0362, "high": 0.6245}, abs=1e-4)
    # Objects: five given, two of them none, one added: 1 of 4.
    assert told["missed"] is not None
    assert told["missed"]["share"] == 0.25


def test_nothing_given_says_nothing() -> None:
    assert corrections([], []) == []
    assert by_class([]) == {}


def test_places_are_new_once_and_not_where_a_label_is() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60], [80, 80, 90, 90]], np.float32)
    scores = np.array([0.4, 0.9, 0.3, 0.7])  # the second covers the first by 90 / 100
    assert new_places(boxes, scores, np.zeros((0, 4), np.float32)).tolist() == [1, 3, 2]
    assert new_places(boxes, scores, np.array([[80, 80, 90, 95]], np.float32)).tolist() == [1, 2]  # IoU 100 / 150
    assert new_places(boxes[:0], scores[:0], boxes).tolist() == []


def test_a_preview_counts_from_each_score_on() -> None:
    counts = counts_from(np.array([0.05, 0.5, 0.97], np.float32))
    assert (counts[0], counts[1], counts[2], counts[10], counts[11], counts[19]) == (3, 3, 2, 2, 1, 1)


def test_time_saved() -> None:
    assert median([3.0] * (ENOUGH - 1)) is None
    assert median([2.0] * (ENOUGH // 2) + [4.0] * (ENOUGH // 2)) == 3.0
    # Ten boxes at 3 s by hand are 30 s; the help took 12 s, refused offers included.
    assert saved(Helped(8, 8.0) + Helped(2, 4.0), 3.0) == pytest.approx(18.0)
    assert saved(Helped(0, 5.0), 3.0) == -5.0
    assert saved(Helped(10, 1.0), None) is None


def test_grabcut_finds_the_bright_square_and_is_silent_where_there_is_none() -> None:
    from label.assists.grabcut import tight_in_image
    from label.assists.regions import region_around

    random = np.random.default_rng(0)
    pixels = random.integers(20, 60, (200, 300, 3)).astype(np.uint8)
    pixels[60:100, 100:160] = random.integers(190, 240, (40, 60, 3))
    region = region_around((300, 200), (90, 50, 170, 110))
    crop = np.ascontiguousarray(pixels[region[1] : region[3], region[0] : region[2]])
    assert tight_in_image(crop, (90, 50, 170, 110), region) == pytest.approx([100, 60, 160, 100], abs=2)
    assert tight_in_image(crop, (100, 60, 105, 64), region) is None  # too small to tell colours by
