"""What the verdicts on a run's suggestions have taught: chances anew, what comes next, when to stop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
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
    rates = run.report.get("rates")
    if not rates:
        return None
    rows = run.suggestions.exclude(reason_code=BY_RULE).order_by("pk")
    columns = list(zip(*rows.values_list("pk", "kind", "parts__doubt", "verdict"), strict=True)) or [(), (), (), ()]
    reviewed = Reviewed(
        kind=np.array([KINDS.index(kind) for kind in columns[1]], np.int64),
        doubt=np.array(columns[2], np.float64),
        verdict=np.array([MEANING[verdict] for verdict in columns[3]], np.int64),
    )
    first = [_rate(rates.get(kind)) for kind in KINDS]
    return RunInReview(np.array(columns[0], np.int64), reviewed, refit(reviewed, first))


def _rate(stored: dict[str, Any] | None) -> Rate:
    return Rate(stored["share"], stored["known"]) if stored else Rate(0.0, known=False)


def rank_anew(run: AutoCurate) -> None:
    """Give the open suggestions the chances that the verdicts leave them. In the caller's transaction, run locked."""
    found = in_review(run)
    if found is None:
        return
    still = found.reviewed.verdict == OPEN
    score = chances(found.reviewed, found.refits)[still]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Suggestion._meta.db_table} AS mine SET score = new.score"
            " FROM unnest(%s::bigint[], %s::real[]) AS new (id, score)"
            " WHERE mine.id = new.id AND mine.score <> new.score",
            [found.ids[still].tolist(), score.tolist()],
        )


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


def seconds_per_look(run: AutoCurate) -> float:
    """The median time that one verdict took a person, pauses left out; SECONDS before there are enough.

    Verdicts that were saved together, as those of an image are in Label, share the time since the save before.
    """
    decided = run.suggestions.exclude(decided_at=None).order_by("decided_by", "decided_at")
    saves = list(Counter(decided.values_list("decided_by", "decided_at")).items())
    each: list[float] = []
    for ((by, at), verdicts), ((then, before), _) in zip(saves[1:], saves[:-1], strict=True):
        gap = _seconds(at, before) / verdicts
        if by == then and 0 < gap < PAUSE:
            each += [gap] * verdicts
    return float(np.median(each)) if len(each) >= ENOUGH_GAPS else SECONDS


def _seconds(at: datetime | None, before: datetime | None) -> float:
    return (at - before).total_seconds() if at and before else 0.0
