"""What the verdicts on a run's suggestions have taught: chances anew, what comes next, when to stop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from curate.models import AutoCurate, Suggestion
from science.autocurate.density_ratio import Rate
from science.autocurate.mislabels import LabelErrorKind
from science.autocurate.refit import OPEN, RIGHTLY_DOUBTED, WRONGLY_DOUBTED, Refit, Reviewed, chances, refit
from science.autocurate.review_plan import NEXT, WORTH, expected_next, first_to_review, when_to_stop

KINDS = [kind.value for kind in LabelErrorKind]
MEANING = {
    Suggestion.Verdict.PENDING: OPEN,
    Suggestion.Verdict.REJECTED: WRONGLY_DOUBTED,
    Suggestion.Verdict.ACCEPTED: RIGHTLY_DOUBTED,
    Suggestion.Verdict.CORRECTED: RIGHTLY_DOUBTED,
}
RIGHT_VERDICTS = [Suggestion.Verdict.ACCEPTED, Suggestion.Verdict.CORRECTED]
BY_RULE = "labelled_twice"  # a suggestion without a judge's chance
SECONDS = 5.0  # a look takes, until verdicts tell
PAUSE = 120.0  # seconds between two verdicts from which on somebody was away
ENOUGH_GAPS = 10


@dataclass(frozen=True, eq=False)
class RunInReview:
    """A run's suggestions as the refit takes them."""

    ids: NDArray[np.int64]  # (S,)
    reviewed: Reviewed
    refits: list[Refit]


def in_review(run: AutoCurate) -> RunInReview | None:
    """The run's suggestions, refitted; None of a run that kept no rates (another kind, or before there were any)."""
    if not run.report.get("rates"):
        return None
    rows = run.suggestions.exclude(reason_code=BY_RULE).order_by("pk")
    columns = list(zip(*rows.values_list("pk", "kind", "parts__doubt", "verdict"), strict=True)) or [(), (), (), ()]
    reviewed = Reviewed(
        kind=np.array([KINDS.index(kind) for kind in columns[1]], np.int64),
        doubt=np.array(columns[2], np.float64),
        verdict=np.array([MEANING[verdict] for verdict in columns[3]], np.int64),
    )
    return RunInReview(np.array(columns[0], np.int64), reviewed, refit(reviewed, first_rates(run)))


def before_any_verdict(run: AutoCurate, found: RunInReview) -> RunInReview:
    """The same, as if nobody had looked at anything yet."""
    untouched = replace(found.reviewed, verdict=np.full(len(found.ids), OPEN))
    return RunInReview(found.ids, untouched, refit(untouched, first_rates(run)))


def first_rates(run: AutoCurate) -> list[Rate]:
    """By kind, how frequent errors were thought to be before any verdict."""
    rates = run.report.get("rates", {})
    return [_rate(rates.get(kind)) for kind in KINDS]


def _rate(stored: dict[str, Any] | None) -> Rate:
    return Rate(stored["share"], stored["known"]) if stored else Rate(0.0, known=False)


def first_suggestions(run: AutoCurate) -> list[int]:
    """The suggestions that teach most about the rates when they are looked at first, decided or not."""
    found = in_review(run)
    if found is None:
        return []
    ids: list[int] = found.ids[first_to_review(found.reviewed.kind, found.reviewed.doubt)].tolist()
    return ids


def review_plan(run: AutoCurate) -> dict[str, Any] | None:
    """What the verdicts so far say of each kind, what the next hundred will bring, and when to stop."""
    found = in_review(run)
    if found is None:
        return None
    still = found.reviewed.verdict == OPEN
    first = first_to_review(found.reviewed.kind, found.reviewed.doubt)
    seconds = seconds_per_look(run)
    stop = when_to_stop(chances(found.reviewed, found.refits)[still], seconds)
    expected = expected_next(found.reviewed, found.refits)
    return {
        "first": len(first),
        "first_left": int(still[first].sum()),
        "rates": [
            {"kind": kind, "share": one.rate.share, "known": one.rate.known, "decided": one.decided}
            for kind, one in zip(KINDS, found.refits, strict=True)
        ],
        "next": [
            {
                "kind": KINDS[one.kind] if one.kind >= 0 else None,
                "suggestions": one.suggestions,
                "right": one.right,
                "low": one.low,
                "high": one.high,
            }
            for one in expected
        ],
        "looked_ahead": NEXT,
        "stop": {
            "suggestions": stop.suggestions,
            "minutes": stop.minutes,
            "right": stop.right,
            "worth": WORTH,
            "seconds": seconds,
        },
    }


@dataclass(frozen=True)
class SavedVerdicts:
    """Verdicts that a person gave at once, as those of an image are in Label."""

    verdicts: int
    seconds: float | None  # since the save before; None where there is none, or somebody was away


def seconds_per_look(run: AutoCurate) -> float:
    """The median time that one verdict took a person, pauses left out; SECONDS before there are enough.

    Verdicts that were saved together share the time since the save before.
    """
    each = [
        one.seconds / one.verdicts
        for one in saves_of(run.suggestions.all())
        if one.seconds
        for _ in range(one.verdicts)
    ]
    return float(np.median(each)) if len(each) >= ENOUGH_GAPS else SECONDS


def saves_of(suggestions: QuerySet[Suggestion]) -> list[SavedVerdicts]:
    """What was saved at once, by person and time."""
    decided = suggestions.exclude(decided_at=None).order_by("decided_by", "decided_at")
    groups = Counter(decided.values_list("decided_by", "decided_at"))
    found: list[SavedVerdicts] = []
    person, before = None, None
    for (by, at), verdicts in groups.items():
        gap = (at - before).total_seconds() if at and before and by == person else 0.0
        found.append(SavedVerdicts(verdicts, gap if 0 < gap < PAUSE else None))
        person, before = by, at
    return found


def seconds_since(saves: list[SavedVerdicts]) -> float:
    """What they took in all; what has no time of its own took as long as a look usually does."""
    timed = [one.seconds / one.verdicts for one in saves if one.seconds]
    usual = float(np.median(timed)) if len(timed) >= ENOUGH_GAPS else SECONDS
    return sum(one.seconds or usual * one.verdicts for one in saves)
