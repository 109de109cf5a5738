"""What some minutes of review of a run will bring, and what was promised before it began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from curate.autocurate.image_order import DoubtRow, boxes_by_class, costs_of
from curate.autocurate.measurements import measured_costs, newest_measurement, what_can_be_shown
from curate.autocurate.review import (
    BY_RULE,
    KINDS,
    RIGHT_VERDICTS,
    RunInReview,
    before_any_verdict,
    first_rates,
    in_review,
)
from curate.autocurate.review_seconds import KnownSeconds, minutes_so_far, review_seconds
from curate.models import AutoCurate
from science.autocurate.forecast import (
    Estimate,
    OpenDoubts,
    ReviewForecast,
    errors_in_all,
    forecasts,
    images_for_gain,
)
from science.autocurate.refit import chances
from science.autocurate.review_plan import DRAWS, drawn_chances, drawn_right

MINUTES = 30.0
PROMISED = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0)  # minutes at which the promise is kept
LOWERED = 2 / 3  # of the smallest gain that can be shown now: what more validation images are counted for
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RunAhead:
    """The open suggestions of a run, with draws of what they and all errors may be."""

    doubts: OpenDoubts
    right: Bools  # (DRAWS, K)
    errors: list[Estimate]  # by kind, in all
    evaluation: int | None  # by whose error budget the costs are

    def within(self, minutes: Sequence[float], known: KnownSeconds) -> list[ReviewForecast]:
        return forecasts(self.doubts, self.right, seconds=known.seconds, minutes=minutes)


def forecast_of(run: AutoCurate, minutes: float = MINUTES) -> dict[str, Any] | None:
    """What so many minutes of review will bring from now on; None of a run that kept no rates.

    - ``minutes``, ``looks`` (suggestions answered), ``images`` (opened), ``seconds_used``
    - ``mended``: errors mended in that time, ``{"value", "low", "high"}``; ``gain``: mAP in [0, 1], the same shape
    - ``errors_in_all``: estimated, found or not and mended or not, the same shape
    - ``seconds``: ``decide``, ``redraw``, ``open_image``; ``measured_in`` dataset, project or default, on ``tasks``
    - ``costs``: the ``evaluation`` by whose error budget errors are weighed; null: as on generated scenes
    - ``shown``: null, or ``evaluation``, ``name``, ``slice``, ``images``, the ``smallest`` gain in mAP that they can
      show, and ``more``: how many ``images`` more would lower it to ``smallest``
    - ``came``: null before the first verdict; then ``minutes``, ``looks`` and errors ``mended`` so far, and what was
      ``promised`` for so many minutes, the shape of ``mended``; null where that is not known
    """
    found = in_review(run)
    if found is None:
        return None
    known, ahead = review_seconds(run.dataset), _ahead(run, found)
    (one,) = ahead.within([minutes], known)
    mended = sum(each.right for each in found.refits) + _mended_by_rule(run)
    total = in_all(ahead.errors, at_least=mended)
    return {
        "minutes": minutes,
        "looks": one.looks,
        "images": one.images,
        "seconds_used": one.seconds,
        "mended": asdict(one.mended),
        "gain": {name: value / 100 for name, value in asdict(one.gain).items()},
        "errors_in_all": asdict(total),
        "seconds": {**asdict(known.seconds), "measured_in": known.source, "tasks": known.tasks},
        "costs": {"evaluation": ahead.evaluation},
        "shown": _shown(run),
        "came": _came(run, mended),
    }


def promise_of(run: AutoCurate) -> dict[str, Any] | None:
    """What review is expected to bring at some times, as if nobody had looked at anything yet."""
    found = in_review(run)
    if found is None:
        return None
    ahead = _ahead(run, before_any_verdict(run, found), as_new=True)
    known = review_seconds(run.dataset)
    curve = [
        {"minutes": one.minutes, "looks": one.looks, **asdict(one.mended)} for one in ahead.within(PROMISED, known)
    ]
    errors = asdict(in_all(ahead.errors))
    return {"at": timezone.now().isoformat(), "errors": errors, "curve": curve}


def _ahead(run: AutoCurate, found: RunInReview, *, as_new: bool = False) -> RunAhead:
    """The suggestions that are open, or all of them, as if they were."""
    listed = run.suggestions.order_by("pk")
    columns = listed if as_new else listed.filter(verdict="pending")
    ids, rows = [], []
    for one in columns.values_list("pk", "image_id", "kind", "score", "given", "proposed"):
        ids.append(one[0])
        rows.append(DoubtRow(*one[1:]))
    place = np.searchsorted(found.ids, ids)
    judged = np.isin(ids, found.ids)
    chance = np.array([row.score for row in rows], np.float64)
    chance[judged] = chances(found.reviewed, found.refits)[place[judged]]
    random = np.random.default_rng(0)
    drawn = drawn_chances(found.reviewed, found.refits, random)
    right = random.random((DRAWS, len(rows))) < chance
    right[:, judged] = drawn_right(drawn, found.reviewed, found.refits, random)[:, place[judged]]
    costs = measured_costs(run.dataset)
    doubts = OpenDoubts(
        image=np.array([row.image_id for row in rows], np.int64),
        chance=chance,
        cost=costs_of(rows, boxes_by_class(run.dataset_id), costs),
        redrawn=np.array([row.is_drawn for row in rows], bool),
    )
    first = _first_errors(run)
    errors = errors_in_all(found.reviewed, found.refits, first, drawn)
    return RunAhead(doubts, right, errors, costs.evaluation.pk if costs else None)


def errors_by_kind(run: AutoCurate, found: RunInReview) -> list[Estimate]:
    """How many errors of each kind there are in all: found or not, mended or not."""
    drawn = drawn_chances(found.reviewed, found.refits, np.random.default_rng(0))
    return errors_in_all(found.reviewed, found.refits, _first_errors(run), drawn)


def _first_errors(run: AutoCurate) -> list[tuple[float, float]]:
    """By kind, how many errors were estimated before any verdict, and the rate then."""
    counts = run.report.get("expected_errors", {})
    return [(counts.get(kind) or 0.0, rate.share) for kind, rate in zip(KINDS, first_rates(run), strict=True)]


def in_all(errors: Sequence[Estimate], at_least: float = 0.0) -> Estimate:
    """The sum of the kinds; their ends are added too, as all kinds may be off to one side."""
    value, low, high = (sum(getattr(one, name) for one in errors) for name in ("value", "low", "high"))
    return Estimate(max(value, at_least), max(low, at_least), max(high, at_least))


def _mended_by_rule(run: AutoCurate) -> int:
    """Errors mended by suggestions that needed no judge."""
    return run.suggestions.filter(reason_code=BY_RULE, verdict__in=RIGHT_VERDICTS).count()


def _shown(run: AutoCurate) -> dict[str, Any] | None:
    """What can be shown with the validation images that there are, and how many more would lower it by a third."""
    shown = what_can_be_shown(newest_measurement(run.dataset))
    if shown is None:
        return None
    wanted = LOWERED * shown["smallest"]
    more = images_for_gain(images=shown["images"], shown=shown["smallest"], wanted=wanted)
    return {**shown, "more": {"images": more, "smallest": wanted}}


def _came(run: AutoCurate, mended: int) -> dict[str, Any] | None:
    """What came so far, beside what was promised for as many minutes."""
    looks = run.suggestions.exclude(verdict="pending").count()
    if not looks:
        return None
    minutes = minutes_so_far(run)
    promise = run.report.get("promise")
    return {
        "minutes": minutes,
        "looks": looks,
        "mended": mended,
        "promised": promised_at(promise["curve"], minutes) if promise else None,
    }


def promised_at(curve: Sequence[dict[str, float]], minutes: float) -> dict[str, float]:
    """The promise for so many minutes, straight between the times that were kept; from 0 at 0, level past the last."""
    times = [0.0, *(point["minutes"] for point in curve)]
    return {
        name: float(np.interp(minutes, times, [0.0, *(point[name] for point in curve)]))
        for name in ("value", "low", "high")
    }
