"""Exported forms as lists and pages show them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from jobs.models import Job
from model.models import Checkpoint, ExportedForm


def forms() -> QuerySet[ExportedForm]:
    """All of them, with what an answer needs beside them."""
    return ExportedForm.objects.select_related("checkpoint", "created_by")


def forms_of(checkpoint: Checkpoint, project_id: int | None) -> QuerySet[ExportedForm]:
    """A checkpoint's, newest first; of the one that ships with Halfday, those of one project."""
    rows = forms().filter(checkpoint=checkpoint).order_by("-pk")
    return rows if project_id is None else rows.filter(project_id=project_id)


def with_state(rows: Sequence[ExportedForm]) -> list[ExportedForm]:
    """The rows, each with the state of its job; what is finished has succeeded, whatever became of the job's row."""
    states = dict(Job.objects.filter(pk__in=[row.job_id or 0 for row in rows]).values_list("pk", "state"))
    for row in rows:
        unfinished = states.get(row.job_id or 0, Job.State.FAILED)
        row.state = Job.State.SUCCEEDED if row.finished_at else unfinished
    return list(rows)
