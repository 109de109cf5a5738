"""A save that is taken without a serializer is understood as the serializer understands it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rest_framework.exceptions import ValidationError

from accounts.problems import validated
from label.api.plain_saves import plain_save
from label.api.tasks import TaskSaveSerializer
from label.services.tasks import LONGEST_SITTING

BOX = {"id": "o12", "object_id": 12, "class_id": 3, "box": [1, 2.5, 30.25, 40]}
FULL = BOX | {"attributes": {"occluded": True}, "ignore": "crowd", "provenance": "model"}


def plain(body: Any) -> dict[str, Any] | None:
    return plain_save(body, LONGEST_SITTING)


def test_it_works() -> None:
    body = {"boxes": [BOX, FULL], "verdicts": [{"id": 4, "verdict": "accepted"}], "state": "done", "active_seconds": 2}
    found = plain(body)
    assert found == validated(TaskSaveSerializer, body)
    assert found is not None
    assert all(type(value) is float for value in found["boxes"][0]["box"])


ODD = [
    None, [], "x", {"box": []}, {"boxes": None}, {"boxes": {}}, {"boxes": [[]]}, {"boxes": [{}]}, {"state": "lost"},
    {"state": 1}, {"state": None}, {"active_seconds": -1}, {"active_seconds": True}, {"active_seconds": "3"},
    {"active_seconds": LONGEST_SITTING * 2}, {"verdicts": [{"id": 1}]}, {"verdicts": [{"id": 1, "verdict": "no"}]},
    {"verdicts": [{"id": True, "verdict": "accepted"}]},
]  # fmt: skip
ODD_FIELDS = [
    {"id": ""}, {"id": " n1"}, {"id": "n" * 81}, {"id": 7}, {"class_id": "3"}, {"class_id": 3.0}, {"class_id": None},
    {"class_id": True}, {"object_id": "12"}, {"object_id": 1.5}, {"box": [1, 2, 3]}, {"box": [1, 2, 3, "4"]},
    {"box": [1, 2, 3, None]}, {"box": (1, 2, 3, 4)}, {"box": [1, 2, 3, float("nan")]}, {"box": [1, 2, 3, True]},
    {"attributes": None}, {"attributes": []}, {"ignore": ""}, {"ignore": None}, {"ignore": "most"}, {"provenance": 1},
    {"score": 0.5},
]  # fmt: skip


@pytest.mark.parametrize("body", [*ODD, *({"boxes": [BOX | odd]} for odd in ODD_FIELDS)], ids=str)
def test_it_leaves_to_the_serializer_what_is_odd(body: Any) -> None:
    assert plain(body) is None


FIELDS = {
    "id": some.one_of(some.just("o12"), some.text(max_size=3)),
    "object_id": some.one_of(some.none(), some.integers(), some.booleans()),
    "class_id": some.one_of(some.integers(), some.floats(allow_nan=False), some.just("4")),
    "box": some.lists(some.one_of(some.integers(), some.floats(), some.booleans(), some.none()), max_size=5),
    "attributes": some.one_of(some.none(), some.dictionaries(some.text(max_size=2), some.integers())),
    "ignore": some.sampled_from(["no", "region", "crowd", "anything", "", "much", None, 0]),
    "provenance": some.sampled_from(["imported", "human", "model", "", None]),
}
BOXES = some.fixed_dictionaries({}, optional=FIELDS).map(lambda fields: BOX | fields)
BODIES = some.fixed_dictionaries(
    {},
    optional={
        "boxes": some.lists(BOXES, max_size=2),
        "state": some.sampled_from(["done", "skipped", "in_review", "", "lost", None, 3]),
        "active_seconds": some.one_of(some.floats(), some.integers(-1, 10), some.booleans()),
        "verdicts": some.lists(some.fixed_dictionaries({"id": some.integers(), "verdict": some.text(max_size=1)})),
    },
)


@given(BODIES)
def test_what_it_takes_the_serializer_understands_alike(body: dict[str, Any]) -> None:
    found = plain(body)
    if found is None:
        return
    try:
        assert found == validated(TaskSaveSerializer, body)
    except ValidationError as refused:
        raise AssertionError(f"The serializer refuses {body}: {refused.detail}") from refused
