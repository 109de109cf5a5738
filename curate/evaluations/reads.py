"""Reads of evaluations and comparisons, with the names that their pages show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from curate.models import Comparison, Evaluation
from dataset.models import Dataset
from dataset.selectors.slices import slice_briefs
from jobs.models import Job
from model.models import Checkpoint, Run

ERRORS = """
SELECT verdict, error, count(*) FROM curate_match
WHERE evaluation_id = %s AND ((verdict = 'fp' AND error <> '') OR (verdict = 'fn' AND error = 'missed'))
GROUP BY verdict, error
"""
ERROR_ORDER = ("class", "localisation", "both", "duplicate", "background", "missed")
HEAVY = ("per_class", "curves", "confusion", "weak_slices")  # columns that lists leave out


def evaluations_of(dataset: Dataset) -> QuerySet[Evaluation]:
    """Newest first, without what only their own page shows."""
    return with_names(dataset.evaluations.filter(of=None).defer(*HEAVY)).order_by("-pk")


def with_names(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    return rows.select_related("prediction_set", "manifest", "dataset")


def comparisons_of(dataset: Dataset) -> QuerySet[Comparison]:
    """Newest first."""
    return comparisons_with_names(dataset.comparisons.all()).order_by("-pk")


def comparisons_with_names(rows: QuerySet[Comparison]) -> QuerySet[Comparison]:
    sides = [f"{side}__{name}" for side in "ab" for name in ("prediction_set", "manifest", "dataset")]
    heavy = [f"{side}__{name}" for side in "ab" for name in HEAVY]
    return rows.select_related("dataset", *sides).defer(*heavy)


def states(rows: Iterable[Any]) -> dict[int, str]:
    """The state of each row's job, by row id: whatever is finished has succeeded, whatever lost its job has failed."""
    listed = list(rows)
    jobs = dict(Job.objects.filter(pk__in=[row.job_id for row in listed if row.job_id]).values_list("pk", "state"))
    return {
        row.pk: Job.State.SUCCEEDED if row.finished_at else jobs.get(row.job_id, Job.State.FAILED) for row in listed
    }


def runs_by_checkpoint(checkpoint_ids: Iterable[int | None]) -> dict[int, Run]:
    """The training run that each checkpoint is of, by checkpoint id."""
    wanted = [pk for pk in checkpoint_ids if pk is not None]
    found = Checkpoint.objects.filter(pk__in=wanted, run__isnull=False).select_related("run")
    return {checkpoint.pk: checkpoint.run for checkpoint in found if checkpoint.run}


def slices_by_evaluation(rows: Iterable[Evaluation]) -> dict[int, list[dict[str, Any]]]:
    """The slices that each evaluation's images came from, as they are now; deleted ones are left out."""
    named = {row.pk: [one["id"] for one in row.manifest.slices] for row in rows}
    found = {one["id"]: one for one in slice_briefs(sorted({pk for ids in named.values() for pk in ids}))}
    return {row: [found[pk] for pk in ids if pk in found] for row, ids in named.items()}


def error_types(evaluation: Evaluation) -> list[dict[str, Any]]:
    """How many false positives are of each error type, and how many boxes were missed, with their query lines."""
    with connection.cursor() as cursor:
        cursor.execute(ERRORS, [evaluation.pk])
        counts = {error: (verdict, count) for verdict, error, count in cursor.fetchall()}
    return [
        {
            "error": error,
            "count": counts.get(error, ("", 0))[1],
            "q": f'{"fn" if error == "missed" else "fp"}(*, evaluation = {evaluation.pk}, error = "{error}")',
        }
        for error in ERROR_ORDER
    ]


def curves_of(evaluation: Evaluation, class_id: int | None) -> dict[str, Any]:
    """Precision over recall of each class (or of one), and precision, recall and F1 over confidence."""
    stored = evaluation.curves or {}
    places = {pk: place for place, pk in enumerate(stored["class_ids"])}
    chosen = list(places) if class_id is None else [class_id] if class_id in places else []
    over = stored["mean"] if class_id is None else stored["classes"][places[class_id]] if chosen else None
    return {
        "precision_recall": [
            {"class_id": pk, "recall": stored["recall"], **stored["precision_recall"][places[pk]]} for pk in chosen
        ],
        "f1": [
            {"conf": conf, "precision": precision, "recall": recall, "f1": f1}
            for conf, precision, recall, f1 in zip(
                stored["confidence"], over["precision"], over["recall"], over["f1"], strict=True
            )
        ]
        if over
        else [],
    }
