"""What a client may save as a box."""

from typing import Any

import pytest

from label.boxes import BoxLimits, check_boxes, differs
from label.merge import ObjectState

CAR, BUS = 1, 2
BASE = {123: ObjectState(CAR, (10.100000381469727, 10.0, 20.0, 20.0), {"occluded": True})}
CANVAS = BoxLimits(width=100, height=50, class_ids=frozenset({CAR, BUS}), base=BASE)


def box(name: str = "n1", **fields: Any) -> dict[str, Any]:
    return {"id": name, "object_id": None, "class_id": CAR, "box": [1.0, 2.0, 3.0, 4.0], "attributes": {}} | fields


def test_it_works() -> None:
    checked = check_boxes([box("o123", class_id=BUS), box("n1")], CANVAS)
    assert not checked.errors
    assert not checked.notes
    assert [b["object_id"] for b in checked.boxes] == [123, None]
    assert checked.boxes[1]["provenance"] == "human"


@pytest.mark.parametrize(
    ("given", "stored", "clipped"),
    [
        ([0.0, 0.0, 100.0, 50.0], [0.0, 0.0, 100.0, 50.0], False),
        ([-5.0, -1.0, 30.0, 20.0], [0.0, 0.0, 30.0, 20.0], True),
        ([90.0, 40.0, 130.0, 60.0], [90.0, 40.0, 100.0, 50.0], True),
    ],
)
def test_a_box_that_leaves_the_image_is_cut_and_noted(given: list, stored: list, clipped: bool) -> None:
    checked = check_boxes([box(box=given)], CANVAS)
    assert checked.boxes[0]["box"] == stored
    assert [note["id"] for note in checked.notes] == (["n1"] if clipped else [])


REJECTED = {
    "a class of another dataset": box(class_id=99),
    "a corner that is not a number": box(box=[0.0, 0.0, float("nan"), 4.0]),
    "an infinite corner": box(box=[0.0, 0.0, float("inf"), 4.0]),
    "three corners": box(box=[0.0, 0.0, 4.0]),
    "no width": box(box=[5.0, 0.0, 5.0, 4.0]),
    "turned over": box(box=[5.0, 5.0, 1.0, 9.0]),
    "outside the image": box(box=[200.0, 10.0, 220.0, 20.0]),
    "so thin that float32 sees no width": box(box=[90.0, 0.0, 90.0000001, 4.0]),
    "an object of another image": box("o124"),
    "an id and an object id that differ": box("o123", object_id=124),
    "a new id with an object id": box("n1", object_id=123),
    "an id of no known form": box("x1"),
    "attributes with a zero character": box(attributes={"a": "\x00"}),
    "attributes with half a pair": box(attributes={"a": "\ud800"}),
    "attributes without end": box(attributes={"a": "x" * 9000}),
}


@pytest.mark.parametrize("name", REJECTED)
def test_it_rejects(name: str) -> None:
    bad = REJECTED[name]
    checked = check_boxes([box("n0"), bad], CANVAS)
    assert list(checked.errors) == [f"boxes.{bad['id']}"]
    assert all(message.endswith(".") for message in checked.errors[f"boxes.{bad['id']}"])


def test_it_rejects_an_id_given_twice() -> None:
    assert list(check_boxes([box("n1"), box("n1")], CANVAS).errors) == ["boxes.n1"]


def test_attributes_may_speak_of_a_backslash_u() -> None:
    assert not check_boxes([box(attributes={"note": "a \\u0041 b"})], CANVAS).errors


def test_a_rounded_box_has_not_moved() -> None:
    rounded = box("o123", box=[10.1, 10.0, 20.0, 20.0], attributes={"occluded": True})
    checked = check_boxes([rounded], CANVAS)
    assert checked.boxes[0]["box"] == list(BASE[123].box)
    assert not differs(checked.boxes, BASE)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([], True),
        ([box("o123", box=list(BASE[123].box), attributes={"occluded": True})], False),
        ([box("o123", box=list(BASE[123].box))], True),
        ([box("o123", box=list(BASE[123].box), attributes={"occluded": True}), box("n1")], True),
    ],
)
def test_a_working_copy_differs_from_its_base(boxes: list, expected: bool) -> None:
    assert differs(boxes, BASE) is expected
