"""What is done to jobs from outside: ask for one, cancel one, take care of those whose worker or message was lost."""

import logging
from datetime import timedelta
from typing import Any, Protocol

import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import Conflict
from accounts.values import mended, mended_text
from jobs.models import Job
from jobs.news.telling import tell_of_job
from jobs.sentences import Sentence
from jobs.titles import Title

logger = logging.getLogger(__name__)

SILENCE = timedelta(seconds=20)  # a running job's heartbeat older than this: its worker is dead
UNSENT = timedelta(seconds=5)  # a job that was never sent after this long: the broker was down
UNCLAIMED = timedelta(seconds=30)  # sent, not claimed, and the broker's queue is empty: its message was lost
GONE_SILENT = "The worker that ran this job stopped without a word (killed, out of memory, or its machine went down)."


class HasId(Protocol):
    pk: Any


def enqueue(
    *,
    kind: str,
    project: Project,
    author: User | None,
    params: dict[str, Any],
    title: str | Title,
    dataset: HasId | None = None,
    queue: str = "cpu",
    link: str = "",
) -> Job:
    """Put a job into its queue; the service that was asked for it has checked who asks.

    It is sent to the workers when the surrounding transaction commits. `author` is who asked for it, None the platform.
    `link` is the front end's address of what it makes. `params` is JSON.
    """
    job = Job.objects.create(
        kind=kind,
        project=project,
        dataset_id=dataset.pk if dataset else None,
        title=mended_text(str(title))[:200],
        title_code=title.code if isinstance(title, Title) else "",
        title_names=mended(title.names) if isinstance(title, Title) else {},
        link=link,
        queue=queue,
        params=mended(params),
        created_by=author,
    )
    tell_of_job(job.pk)
    transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> None:
    """Give the job's id to the broker. If that fails, the clock tries again."""
    try:
        current_app.send_task("jobs.run_job", (job.pk,), queue=job.queue, retry=False)
    except (BrokerError, redis.RedisError) as error:
        logger.warning("Job %s could not be sent yet: %s", job, error)
        return
    Job.objects.filter(pk=job.pk).update(sent_at=Now())


@transaction.atomic
def cancel(*, job: Job, by: User) -> Job:
    """Cancel a queued job, or ask the worker of a running one to stop. Managers and above.

    Raises Conflict when it has ended.
    """
    access.check(by, job.project_id, Role.MANAGER)
    if not (job.cancel_queued() or job.ask_to_cancel()):
        raise Conflict("This job has already ended.")
    audit.record(by=by, action="job.cancel", target=job.title, project=job.project_id, data={"job": job.pk})
    return job


def recover() -> int:
    """Requeue, or fail, running jobs whose worker has fallen silent; returns how many.

    Silence while the database itself was down is forgiven: it must have been up for as long as the silence.
    """
    if not database_up_for(SILENCE):
        return 0
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=Now() - SILENCE)
    return sum(take_back(job) for job in silent)


def database_up_for(span: timedelta) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time() < now() - make_interval(secs => %s)", [span.total_seconds()])
        return bool(cursor.fetchone()[0])


def take_back(job: Job) -> bool:
    """End a dead worker's job in the way that it deserves."""
    logger.warning("Job %s: no heartbeat since %s", job, job.heartbeat_at)
    if job.cancel_requested:
        return job.stop_cancelled(job.worker)
    if job.attempts < job.max_attempts:
        return job.requeue(
            job.worker, message=Sentence.of("gone_silent", GONE_SILENT + " Starting again."), attempt_counts=True
        )
    return job.fail(job.worker, f"{GONE_SILENT} It was started {job.attempts} times.")


def send_lost() -> int:
    """Send queued jobs again whose message never reached the broker, or was lost with it; returns how many.

    Harmless where the message is only late: the second to claim finds nothing to do. While a broker's queue still
    holds messages, the workers are simply busy.
    """
    overdue = Q(sent_at=None, created_at__lt=Now() - UNSENT) | Q(sent_at__lt=Now() - UNCLAIMED)
    queued = list(Job.objects.filter(overdue, state=Job.State.QUEUED).order_by("pk")[:1000])
    empty = {queue for queue in {job.queue for job in queued} if waiting_messages(queue) == 0}
    lost = [job for job in queued if job.queue in empty or job.sent_at is None]
    for job in lost:
        send(job)
    return len(lost)


def waiting_messages(queue: str) -> int:
    """How many messages of this queue wait in the broker."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5) as broker:
        return int(broker.llen(queue))
