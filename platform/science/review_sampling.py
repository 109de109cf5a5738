"""Which tasks a second person looks at, and what the looks say about the tasks that nobody looked at."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from science.proportion import Z, wilson


def review_share(base: float, wrong: int, reviewed: int) -> float:
    """The share of a person's next tasks to review: `base` times how far their errors stand above a spotless record.

    min(1, base · U(wrong, reviewed) / U(0, reviewed)), U the upper end of Wilson's 95 % interval. Whoever has no error
    yet, or no review yet, stays at `base` (0–1); U(0, n) = z² / (n + z²).
    """
    highest = wilson(wrong, reviewed)
    if not highest:
        return base
    return min(1.0, base * highest["high"] * (reviewed + Z**2) / Z**2)


def draw_for(seed: int, task: int, round_number: int) -> float:
    """A number in 0–1 for a task's round, the same whenever it is asked for: below the share, the task is reviewed."""
    digest = hashlib.sha256(f"{seed}:{task}:{round_number}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


@dataclass(frozen=True)
class ReviewedWork:
    """One person's tasks: how many were reviewed, how many of these were wrong, how many nobody reviewed."""

    reviewed: int
    wrong: int
    unreviewed: int


@dataclass(frozen=True)
class ErrorsLeft:
    """How many of the unreviewed tasks are expected to be wrong, with the ends of a 95 % interval."""

    expected: float
    low: float
    high: float


def errors_left(people: Sequence[ReviewedWork]) -> ErrorsLeft | None:
    """Sum over people of their unreviewed tasks × their error rate; None where nothing was reviewed at all.

    By person, since those who err more are reviewed more. The ends put the Wilson intervals of the people together by
    the square-and-add rule (Zou and Donner 2008): low = Σ mᵢpᵢ − √Σ mᵢ²(pᵢ − lᵢ)², high alike. Of a person without a
    review the rate is everybody's, and its interval 0–1.
    """
    reviewed = sum(one.reviewed for one in people)
    if not reviewed:
        return None
    everybody = sum(one.wrong for one in people) / reviewed
    expected = below = above = 0.0
    for one in people:
        rate = one.wrong / one.reviewed if one.reviewed else everybody
        ends = wilson(one.wrong, one.reviewed) or {"low": 0.0, "high": 1.0}
        expected += one.unreviewed * rate
        below += (one.unreviewed * (rate - ends["low"])) ** 2
        above += (one.unreviewed * (ends["high"] - rate)) ** 2
    return ErrorsLeft(expected, max(0.0, expected - math.sqrt(below)), expected + math.sqrt(above))
