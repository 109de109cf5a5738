"""The rule of what may be kept, by itself; tests/accounts/test_gate.py asks it through the API."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest

from accounts.values import DEEPEST, LEAST, MOST, Fault, first_fault, is_kept_moment, mended


def nested(depth: int) -> Any:
    value: Any = "middle"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "도로", "🚗", 0, -0.0, 1e308, LEAST, MOST, [], {}, {"": [1, {"a": "\n\t"}]}, nested(DEEPEST),
        datetime(2026, 11, 30, tzinfo=UTC),
    ],
)  # fmt: skip
def test_it_keeps(value: Any) -> None:
    assert first_fault(value) is None
    assert mended(value) is value


@pytest.mark.parametrize(
    ("value", "place", "mentions", "after"),
    [
        ("a\0b", "", "NUL", "a\ufffdb"),
        ("\ud800", "", "half a letter", "\ufffd"),
        ({"a": [0, {"b": "\udfff!"}]}, "a.1.b", "half a letter", {"a": [0, {"b": "\ufffd!"}]}),
        ({"k\0": 1}, "k\ufffd", "NUL", {"k\ufffd": 1}),
        (MOST + 1, "", "64 bits", "18446744073709551616"),
        ([LEAST - 1], "0", "64 bits", ["-9223372036854775809"]),
        ({"v": float("nan")}, "v", "nan", {"v": None}),
        ([1.5, float("-inf")], "1", "inf", [1.5, None]),
        (nested(DEEPEST + 1), ".".join(["0"] * 12), "deep", None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "", "years", None),
    ],
)  # fmt: skip
def test_it_names_the_first_fault_and_mends_it(value: Any, place: str, mentions: str, after: Any) -> None:
    fault = first_fault(value)
    assert isinstance(fault, Fault)
    assert (fault.place, mentions in fault.reason) == (place, True), fault
    found: list[Fault] = []
    better = mended(value, found)
    assert first_fault(better) is None
    assert found[0] == fault
    assert after is None or better == after
    assert orjson.loads(orjson.dumps(better)) == better


def test_depth_cannot_break_it() -> None:
    assert "deep" in first_fault(nested(50_000)).reason  # type: ignore[union-attr]
    assert first_fault(mended(nested(50_000))) is None


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (datetime(1826, 6, 4, tzinfo=UTC), True),
        (datetime(999, 12, 31, 23, tzinfo=UTC), False),
        (datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-12))), False),
    ],
)
def test_moments(moment: datetime, kept: bool) -> None:
    assert is_kept_moment(moment) == kept
