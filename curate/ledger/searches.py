"""Which auto-curate runs had a part in an iteration, and what became of what they found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Count, Q

from accounts.api.people import PersonSerializer
from accounts.models import User
from curate.autocurate.review import seconds_per_look
from curate.autocurate.suggestions import precision_so_far
from curate.ledger.iterations import Iteration
from curate.models import AutoCurate, Suggestion
from dataset.models import Slice
from dataset.selectors.slices import slice_briefs
from label.selectors.work import timed_images

NO_WORK = (AutoCurate.Kind.SPLIT,)  # sets up what all iterations use


def searches_of(iteration: Iteration, *, added: Sequence[Slice], batched: Iterable[int | None]) -> list[AutoCurate]:
    """Finished auto-curate runs: those that made a slice which was added to the training, those whose suggestions went
    to Label, and those that never went there and on which somebody gave verdicts between the two runs. Oldest first.
    """
    ids = {*auto_curates_behind(added), *(one for one in batched if one is not None)}
    decided = Suggestion.objects.filter(auto_curate__dataset=iteration.run.dataset_id, auto_curate__batches=None)
    if iteration.reference is not None:
        since = min(iteration.reference.created_at, iteration.run.created_at)
        decided = decided.filter(decided_at__gte=since, decided_at__lt=iteration.run.created_at)
        ids |= set(decided.values_list("auto_curate", flat=True).distinct())
    rows = AutoCurate.objects.filter(pk__in=ids, finished_at__isnull=False).exclude(kind__in=NO_WORK)
    return list(rows.select_related("created_by").order_by("pk"))


def auto_curates_behind(slices: Iterable[Slice]) -> Iterator[int]:
    """The auto-curate runs that the slices came from, also through slices that were made of other slices."""
    left, seen = list(slices), set[int]()
    while left:
        row = left.pop()
        if row.pk in seen:
            continue
        seen.add(row.pk)
        if "auto_curate" in row.origin:
            yield int(row.origin["auto_curate"])
        parts = [one["id"] for one in row.origin.get("slices", [])]
        left += Slice.objects.filter(pk__in=parts, dataset=row.dataset_id)


def described_search(row: AutoCurate) -> dict[str, Any]:
    """What was asked and found, and how right it was by the verdicts."""
    whole = next(iter(precision_so_far(row)), None)
    return {
        "id": row.pk,
        "kind": row.kind,
        "params": row.params,
        "revision": row.source.get("revision"),
        "source": (row.source.get("slice") or {}).get("name") or row.source.get("q") or "",
        "by": PersonSerializer(row.created_by).data if row.created_by else None,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "slices": slice_briefs(row.slice_ids),
        "suggestions": sum(whole[name] for name in Suggestion.Verdict.values) if whole else 0,
        "verdicts": {name: whole[name] if whole else 0 for name in Suggestion.Verdict.values},
        "precision": {
            "value": whole["precision"] if whole else None,
            **((whole["interval"] if whole else None) or {"low": None, "high": None}),
        },
        "expected_precision": row.report.get("expected_precision"),
        "reviewers": reviewers_of(row),
    }


def reviewers_of(row: AutoCurate) -> list[dict[str, Any]]:
    """Who gave verdicts, and for how long where no batch counted it: looks × the median time of one.

    Verdicts in Label are part of a task's time and have none of their own.
    """
    counted = Q(image__in=list(timed_images(row.pk)))
    decided = row.suggestions.exclude(decided_by=None).values("decided_by")
    rows = decided.annotate(verdicts=Count("pk"), outside=Count("pk", filter=~counted)).order_by("-verdicts")
    people = User.objects.in_bulk([one["decided_by"] for one in rows])
    each = seconds_per_look(row) if any(one["outside"] for one in rows) else 0.0
    return [
        {
            "person": PersonSerializer(people[one["decided_by"]]).data,
            "verdicts": one["verdicts"],
            "seconds": round(one["outside"] * each, 1),
        }
        for one in rows
    ]
