"""Edges of bins."""

from datetime import UTC, datetime

import pytest

from science.analytics.bins import AREA_EDGES, ASPECT_EDGES, PERCENT_EDGES, count_edges, day_edges, nice_edges


@pytest.mark.parametrize(
    ("low", "high", "wanted", "edges"),
    [
        (0, 10, 5, [0, 2, 4, 6, 8, 10, 12]),
        (-3, 3, 3, [-4, -2, 0, 2, 4]),
        (0.13, 0.38, 5, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]),
        (0.1, 0.3, 2, [0.1, 0.2, 0.3, 0.4]),
        (1200, 98_000, 5, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
        (7, 7, 20, [7, 7.5]),
    ],
)
def test_it_works(low: float, high: float, wanted: int, edges: list[float]) -> None:
    """By hand: the smallest step of 1, 2 or 5 × 10^k of which at most `wanted` are the range."""
    assert nice_edges(low, high, wanted) == edges


@pytest.mark.parametrize(("low", "high"), [(0, 1e-6), (-1e12, 1e12), (123.456, 123.457), (0, 0), (-5, -5)])
def test_edges_hold_the_range(low: float, high: float) -> None:
    edges = nice_edges(low, high)
    assert edges[0] <= low
    assert high < edges[-1]
    assert edges == sorted(set(edges))
    assert len(edges) <= 24


def test_it_rejects_no_range() -> None:
    with pytest.raises(ValueError, match="no range"):
        nice_edges(1, 0)
    with pytest.raises(ValueError, match="no range"):
        nice_edges(0, float("inf"))


@pytest.mark.parametrize(
    ("most", "wanted", "edges"),
    [
        (0, 20, [0, 1]),
        (3, 20, [0, 1, 2, 3, 4]),
        (7, 4, [0, 1, 3, 5, 7, 9]),
        (40, 10, [0, 1, 6, 11, 16, 21, 26, 31, 36, 41]),
    ],
)
def test_counts_have_zero_by_itself(most: int, wanted: int, edges: list[int]) -> None:
    assert count_edges(most, wanted) == edges


@pytest.mark.parametrize(
    ("first", "last", "unit", "count"),
    [
        ("2020-06-01T10:20", "2020-06-01T12:00", "hour", 3),
        ("2020-06-01T10:20", "2020-06-30T12:00", "day", 30),
        ("2019-12-24T00:00", "2020-06-30T12:00", "month", 7),
        ("1999-12-24T00:00", "2020-06-30T12:00", "year", 22),
    ],
)
def test_times_are_cut_at_whole_units(first: str, last: str, unit: str, count: int) -> None:
    start, end = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (first, last))
    found, edges = day_edges(start, end)
    assert (found, len(edges) - 1) == (unit, count)
    assert edges[0] <= start
    assert edges[-2] <= end < edges[-1]


def test_fixed_edges_are_those_that_are_named() -> None:
    assert AREA_EDGES[10] == 32**2
    assert 1.0 in ASPECT_EDGES
    assert tuple(sorted(ASPECT_EDGES)) == ASPECT_EDGES
    assert PERCENT_EDGES[0] == 0.001
    assert PERCENT_EDGES[-1] == 100
