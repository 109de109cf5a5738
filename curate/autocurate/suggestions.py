"""Reads of suggestions, and how often they were right so far."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet

from accounts.pages import PageRequest, cut_page
from accounts.problems import BadInput
from curate.models import AutoCurate, Suggestion
from science.proportion import wilson

RIGHT = (Suggestion.Verdict.ACCEPTED, Suggestion.Verdict.CORRECTED)


def suggestions_of(run: AutoCurate, **filters: Any) -> QuerySet[Suggestion]:
    """A run's suggestions with their images; filters that are None are left out."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    return run.suggestions.filter(**wanted).select_related("image", "decided_by")


def most_certain_first(rows: QuerySet[Suggestion], wanted: PageRequest) -> tuple[list[Suggestion], str | None]:
    """A page by falling score."""
    if wanted.after is not None:
        score, last = _key(wanted.after)
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=last))
    return cut_page(
        list(rows.order_by("-score", "pk")[: wanted.fetch]), wanted, lambda row: [_exact(row.score), row.pk]
    )


def _exact(score: float) -> float:
    """The four-byte score as Postgres compares it with a number: 0.3 is kept as 0.30000001192…"""
    return float(np.float32(score))


def _key(after: list[Any]) -> tuple[float, int]:
    match after:
        case [int() | float() as score, int() as last]:
            return score, last
    raise BadInput("after must be the `next` of an earlier page.", errors={"after": ["Not a page's `next`."]})


def precision_so_far(run: AutoCurate) -> list[dict[str, Any]]:
    """By kind, and over all kinds first: how many were decided, and which part of those was right.

    Something was wrong where a suggestion was accepted or corrected. The interval is Wilson's.
    """
    verdicts = {verdict.value: Count("id", filter=Q(verdict=verdict)) for verdict in Suggestion.Verdict}
    rows: list[dict[str, Any]] = list(run.suggestions.values("kind").annotate(**verdicts).order_by("kind"))  # type: ignore[arg-type]
    names = [verdict.value for verdict in Suggestion.Verdict]
    total = {"kind": None, **{name: sum(row[name] for row in rows) for name in names}}
    return [_with_precision(row) for row in ([total, *rows] if rows else [])]


def _with_precision(row: dict[str, Any]) -> dict[str, Any]:
    right = sum(row[verdict] for verdict in RIGHT)
    decided = right + row[Suggestion.Verdict.REJECTED]
    precision = right / decided if decided else None
    return {**row, "decided": decided, "precision": precision, "interval": wilson(right, decided)}
