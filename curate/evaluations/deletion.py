"""Deleting evaluations."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import Conflict
from curate.models import Comparison, Evaluation, Match
from jobs.models import Job
from model.models import Run
from storage import blobs


def delete_evaluation(*, evaluation: Evaluation, by: User) -> None:
    """Delete it and its other operating points: verdicts, file, and the comparisons that they are a side of.

    A comparison across two sets of labels also rests on the earlier side judged on the later's labels: without that
    evaluation nothing that it counts could be opened, so it goes too.

    Managers and above. The predictions stay, so it can be computed again. Raises Conflict while it, or a comparison of
    it, is computed.
    """
    project = evaluation.dataset.project_id
    access.check(by, project, Role.MANAGER)
    with transaction.atomic():
        locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)  # against points that are opened just now
        gone = [locked.pk, *locked.points.values_list("pk", flat=True)]
        compared = Comparison.objects.filter(Q(a__in=gone) | Q(b__in=gone) | Q(result__pair__a__in=gone))
        check_at_rest([locked.job_id, *compared.values_list("job_id", flat=True)])
        data = {"evaluation": locked.pk, "revision": locked.revision, "comparisons": compared.count()}
        name = evaluation.prediction_set.name
        audit.record(by=by, action="evaluation.delete", target=name, project=project, data=data)
        Run.objects.filter(evaluation_id=locked.pk).update(evaluation_id=None)
        compared.delete()
        Match.objects.filter(evaluation__in=gone).delete()
        locked.delete()
    forget_matches(evaluation.location)


def check_at_rest(job_ids: list[int | None]) -> None:
    """Raise Conflict while one of the jobs waits or runs."""
    if Job.objects.filter(pk__in=[pk for pk in job_ids if pk]).exclude(state__in=Job.ENDED).exists():
        raise Conflict("It is being computed, or compared with another. Cancel that job first.")


def forget_matches(location: str) -> None:
    """Remove a file of matches that no evaluation refers to any more."""
    if location and not Evaluation.objects.filter(location=location).exists():
        blobs.delete(location)
