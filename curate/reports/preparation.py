"""Making ready what takes long in the report of a large evaluation: the intervals of its parts."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from accounts import access, audit
from accounts.models import User
from accounts.problems import Conflict
from curate.evaluations import parts
from curate.evaluations.kept_arrays import judged_evaluation
from curate.models import Evaluation
from curate.reports.content import telling_fields
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from science.evaluation.arrays import FLOOR

KIND = "prepare_report"
SMALL = 1000  # images; up to here a report is made while one waits


def check(evaluation: Evaluation) -> None:
    """Raise Conflict while its intervals are still to come: a figure without one must not be mailed by accident."""
    computed = Job.objects.filter(pk=evaluation.job_id or 0).exclude(state__in=Job.ENDED)
    if evaluation.interval is None and computed.exists():
        name = evaluation.prediction_set.name
        raise Conflict(f"The intervals of {name} are still being computed. Ask for the report when they are there.")


def is_ready(evaluation: Evaluation) -> bool:
    """Whether the report can be asked for without waiting for its intervals."""
    return evaluation.manifest.image_count <= SMALL or cache.get(_name(evaluation)) is not None


def _name(evaluation: Evaluation) -> str:
    return f"curate:report:{evaluation.pk}:{evaluation.location}"


def start(*, evaluation: Evaluation, by: User) -> Job:
    """The job that makes it ready: the one at work, or a new one. Every member may: it only computes what they read."""
    access.check(by, evaluation.dataset.project_id)
    rows = Job.objects.filter(dataset_id=evaluation.dataset_id, kind=KIND, params__evaluation=evaluation.pk)
    at_work = rows.exclude(state__in=Job.ENDED).order_by("-pk").first()
    if at_work is not None:
        return at_work
    name, project = evaluation.prediction_set.name, evaluation.dataset.project
    with transaction.atomic():
        data = {"evaluation": evaluation.pk}
        audit.record(by=by, action="report.prepare", target=name, project=project, data=data)
        return enqueue(
            kind=KIND,
            project=project,
            dataset=evaluation.dataset,
            author=by,
            params=data,
            title=Title.of("report", "Prepare the report of {name}", name=name),
            link=f"/evaluations/{evaluation.pk}",
        )


def prepare(evaluation: Evaluation, report: Report) -> list[str]:
    """What the job does; returns the fields whose parts are kept now, for a day."""
    report(0.0, Sentence.of("reading_labels_and_predictions", "Reading labels and predictions"))
    arrays, conf = judged_evaluation(evaluation), FLOOR if evaluation.conf is None else evaluation.conf
    fields = telling_fields(arrays, evaluation, arrays.verdicts(confidence=conf, iou=evaluation.iou))
    for done, field in enumerate(fields):
        report(
            0.1 + 0.9 * done / len(fields),
            Sentence.of("drawing_by_field", "Drawing resamples for the intervals by {field}", field=field.name),
        )
        parts.part_rows(arrays, evaluation, field.name, confidence=conf, iou=evaluation.iou)
    cache.set(_name(evaluation), True, parts.KEEP)
    return [field.name for field in fields]
