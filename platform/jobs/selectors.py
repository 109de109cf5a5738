"""Reads of jobs."""

from datetime import UTC, datetime

from django.db.models import QuerySet

from accounts import access
from accounts.models import User
from jobs.models import Job, JobLine

ENOUGH_TO_EXTRAPOLATE = 0.02  # progress below which nothing is said about the time left


def jobs_for(user: User, **filters: object) -> QuerySet[Job]:
    """The jobs of the projects that the user sees; filters that are None are left out."""
    wanted = {name: value for name, value in filters.items() if value not in (None, "")}
    rows = Job.objects.filter(project__in=access.visible_projects(user), **wanted)
    return rows.select_related("created_by")


def job_for(user: User, job_id: int) -> Job:
    """The job, if the user may; 404 or 403 otherwise. A token to predict sees its maker's predictions."""
    rows = Job.objects.select_related("created_by")
    if access.only_predicts(user):
        return access.one_to_predict(user, rows.filter(kind="predict", created_by=user), job_id)
    return access.one_of(user, rows, job_id)


def eta_seconds(job: Job) -> float | None:
    """Seconds left if it goes on as it has; None where that cannot be said."""
    if job.state != Job.State.RUNNING or job.started_at is None or job.progress < ENOUGH_TO_EXTRAPOLATE:
        return None
    passed = (datetime.now(UTC) - job.started_at).total_seconds()
    return round(passed * (1 - job.progress) / job.progress, 1)


def log_of(job: Job, *, after: int, limit: int = 1000) -> list[JobLine]:
    """The job's log lines after that one, in order."""
    return list(job.lines.filter(pk__gt=after).order_by("pk")[:limit])
