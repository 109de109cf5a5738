"""Whether it pays to search again, with judges that learn the corrected labels."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Q

from curate.autocurate.forecast import errors_by_kind, in_all
from curate.autocurate.review import BY_RULE, KINDS, RIGHT_VERDICTS, RunInReview, in_review
from curate.autocurate.review_seconds import review_seconds
from curate.models import AutoCurate
from dataset.models import Annotation
from science.autocurate.forecast import Estimate
from science.autocurate.review_plan import WORTH

FEWEST = 10.0  # errors that another search must be expected to find
ENOUGH_VERDICTS = 20  # from which on the precision so far stands for that of another search


def second_round_of(run: AutoCurate) -> dict[str, Any] | None:
    """What another search could find, and whether it pays; None of a run that kept no rates.

    - ``pays``, and ``why``: it_pays, no_verdict, not_corrected, weak_judge, few_left or poor_precision
    - ``left``: errors estimated in all without those mended, ``{"value", "low", "high"}``
    - ``expected``: of these, as many as this search found of planted ones, the same shape
    - ``per_hour``: of review, at the precision so far and the seconds that a look and an image take
    - ``revision``: the newest, which it would look at
    """
    found = in_review(run)
    if found is None:
        return None
    left = _left(run, found)
    expected = _findable(run, left)
    per_hour, precision = _per_hour(run)
    why = _why(run, found, expected, precision)
    return {
        "pays": why == "it_pays",
        "why": why,
        "left": asdict(in_all(left)),
        "expected": asdict(expected),
        "per_hour": per_hour,
        "revision": run.dataset.head_revision,
    }


def _left(run: AutoCurate, found: RunInReview) -> list[Estimate]:
    """By kind, the errors in all without those that were mended."""
    mended = [one.right for one in found.refits]
    mended[KINDS.index("spurious")] += run.suggestions.filter(reason_code=BY_RULE, verdict__in=RIGHT_VERDICTS).count()
    return [
        Estimate(*(max(end - gone, 0.0) for end in (one.value, one.low, one.high)))
        for one, gone in zip(errors_by_kind(run, found), mended, strict=True)
    ]


def _findable(run: AutoCurate, left: list[Estimate]) -> Estimate:
    """As many of those left as were found of planted errors of their kind."""
    recall = run.report.get("expected_recall", {})
    parts = [recall.get(kind) or 0.0 for kind in KINDS]
    return in_all(
        [
            Estimate(*(part * end for end in (one.value, one.low, one.high)))
            for part, one in zip(parts, left, strict=True)
        ]
    )


def _per_hour(run: AutoCurate) -> tuple[float, float]:
    """Errors mended in an hour of review, and the precision that this rests on."""
    decided = run.suggestions.exclude(verdict="pending").count()
    right = run.suggestions.filter(verdict__in=RIGHT_VERDICTS).count()
    precision = right / decided if decided >= ENOUGH_VERDICTS else run.report.get("expected_precision") or 0.0
    seconds = review_seconds(run.dataset).seconds
    return precision * 3600 / (seconds.decide + seconds.open_image), precision


def _why(run: AutoCurate, found: RunInReview, expected: Estimate, precision: float) -> str:
    """What stands in the way, the first of several."""
    if not any(one.decided for one in found.refits):
        return "no_verdict"
    if not is_corrected(run):
        return "not_corrected"
    if run.report.get("weak_judge"):
        return "weak_judge"
    if expected.value < FEWEST:
        return "few_left"
    return "poor_precision" if precision < WORTH else "it_pays"


def is_corrected(run: AutoCurate) -> bool:
    """Whether a label on an image with a verdict changed since the revision that the run looked at."""
    decided = run.suggestions.exclude(verdict="pending").values("image")
    since = run.source["revision"]
    changed = Annotation.objects.filter(image__in=decided).filter(Q(born__gt=since) | Q(died__gt=since))
    return changed.exists()
