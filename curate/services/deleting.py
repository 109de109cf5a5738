"""Deleting evaluations."""

from __future__ import annotations

from django.db import transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import Conflict
from curate.models import Comparison, Evaluation, Match
from jobs.models import Job
from model.models import Run
from storage import blobs


def delete_evaluation(*, evaluation: Evaluation, by: User) -> None:
    """Delete it with its match rows, its file and the comparisons that it is a side of. Managers and above.

    The predictions stay, so it can be computed again. Raises Conflict while it, or a comparison of it, is computed.
    """
    dataset = evaluation.dataset
    access.check(by, dataset.project_id, Role.MANAGER)
    gone = Evaluation.objects.filter(pk=evaluation.pk)
    compared = Comparison.objects.filter(a__in=gone) | Comparison.objects.filter(b__in=gone)
    jobs = [evaluation.job_id, *compared.values_list("job_id", flat=True)]
    if Job.objects.filter(pk__in=[pk for pk in jobs if pk]).exclude(state__in=Job.ENDED).exists():
        raise Conflict("It is being computed, or compared with another. Cancel that job first.")
    with transaction.atomic():
        data = {"evaluation": evaluation.pk, "revision": evaluation.revision, "comparisons": compared.count()}
        name = evaluation.prediction_set.name
        audit.record(by=by, action="evaluation.delete", target=name, project=dataset.project_id, data=data)
        Run.objects.filter(evaluation_id=evaluation.pk).update(evaluation_id=None)
        Match.objects.filter(evaluation=evaluation.pk).delete()
        evaluation.delete()
    forget_matches(evaluation.location)


def forget_matches(location: str) -> None:
    """Remove a file of matches that no evaluation refers to any more."""
    if location and not Evaluation.objects.filter(location=location).exists():
        blobs.delete(location)
