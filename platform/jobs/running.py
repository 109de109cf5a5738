"""What a worker does with a job's id: claim the row, call the kind's handler, write how it ended."""

import logging
import os
import re
import socket
import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from accounts import access
from accounts.models import ROLE_RANK, Role
from accounts.problems import Problem, is_full
from accounts.values import mended, mended_text
from jobs.errors import JobCancelled, JobFailed, JobInterrupted
from jobs.models import Job
from jobs.passing import will_pass
from jobs.registry import HANDLERS
from jobs.reporting import Beat, Report
from jobs.sentences import Sentence
from storage.copies import leasing
from storage.refusals import why

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
FULL = Sentence.of("disk_full", "The server's disk is full. This goes on by itself when there is room.")
STOPPED = Sentence.of("worker_stopped", "Its worker was stopped; it starts again with the next one.")
PATIENCE = 60.0  # seconds that a finished job waits for a database that is being restarted


def patiently(act: Callable[[], Answer]) -> Answer:
    """Do it again, with a fresh connection, while the database does not answer; give up after PATIENCE."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.5)
            close_old_connections()


def worker_name() -> str:
    """Where this attempt runs; unique per attempt, so that a late write of an earlier one finds no row."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run(job_id: int, *, beat: bool = True) -> None:
    """Run the job if it is still queued. Without `beat` (tests) nothing is written until it ends."""
    job, worker = Job.objects.filter(pk=job_id).first(), worker_name()
    if job is None or not job.claim(worker):
        return
    report = Report(job, worker)
    thread = Beat(report) if beat else None
    if thread:
        thread.start()
    outcome: dict[str, Any] | Exception
    try:
        with leasing():
            outcome = call(job, report)
    except Exception as error:
        outcome = error
    finally:
        if thread:
            thread.stop()
    patiently(report.write)
    end(job, worker, outcome)


def call(job: Job, report: Report) -> dict[str, Any]:
    handler = HANDLERS.get(job.kind)
    if handler is None:
        raise JobFailed(f"This worker does not know jobs of the kind {job.kind}.")
    at_least, job.max_attempts = handler.at_least, handler.attempts
    patiently(lambda: prepare(job, at_least))
    try:
        return handler.run(job, report)
    except (JobFailed, JobCancelled, JobInterrupted, OperationalError, InterfaceError):
        raise
    except Exception as error:
        if is_full(error):
            raise
        logger.exception("Job %s failed", job)
        report.log(without_server_paths(traceback.format_exc()))
        raise


def prepare(job: Job, at_least: Role) -> None:
    """What comes before the work itself; the claim stands, so a database that is gone for a moment ends nothing."""
    Job.objects.filter(pk=job.pk).update(max_attempts=job.max_attempts)
    check_asker(job, at_least)


def check_asker(job: Job, at_least: Role) -> None:
    """Raise JobFailed where the person who asked has lost the role for it while the job waited.

    From here on the job writes in their name without asking again. One that nobody asked for is the platform's own.
    """
    person = job.created_by
    if person is None:
        return
    role = access.role_in(person, job.project_id) if person.is_active else None
    if role is None or ROLE_RANK[role] < ROLE_RANK[at_least]:
        raise JobFailed(f"{person} asked for this and has no longer the role {at_least.value} in the project.")


def end(job: Job, worker: str, outcome: dict[str, Any] | Exception) -> None:
    """Write how the handler ended."""
    if not isinstance(outcome, Exception):
        patiently(lambda: job.succeed(worker, mended(outcome)))
    elif isinstance(outcome, JobCancelled):
        patiently(lambda: job.stop_cancelled(worker))
    elif isinstance(outcome, JobInterrupted):
        patiently(lambda: job.requeue(worker, message=STOPPED, attempt_counts=False))
    elif is_full(outcome):
        patiently(lambda: job.requeue(worker, message=FULL, attempt_counts=False, at_once=False))
    elif will_pass(outcome) and job.attempts < job.max_attempts:
        at_once = isinstance(outcome, OperationalError | InterfaceError)
        message = what_was_away(outcome)
        patiently(lambda: job.requeue(worker, message=message, attempt_counts=True, at_once=at_once))
    else:
        patiently(lambda: job.fail(worker, reason_of(outcome)))


def what_was_away(error: Exception) -> Sentence:
    """What the work stood on and lost, and when it goes on."""
    if isinstance(error, OperationalError | InterfaceError):
        return Sentence.of("database_away", "The database did not answer. It starts again.")
    if isinstance(error, MemoryError):
        return Sentence.of("memory_full", "The memory was full. It starts again in half a minute.")
    why = str(error) if isinstance(error, Problem) else f"{type(error).__name__}: {error}."
    return Sentence.of("stumbled", "{why} It starts again in half a minute.", why=why)


def reason_of(error: Exception) -> str:
    """One sentence for the person who asked."""
    if isinstance(error, JobFailed | Problem):
        return mended_text(str(error))
    said = without_server_paths(mended_text(why(error)))
    return f"An unexpected error ended this job: {type(error).__name__}: {said}. Its log says where."


def without_server_paths(text: str) -> str:
    """Where this installation lies on its machine is nobody's business but its administrator's."""
    for folder, name in ((settings.STORAGE_ROOT, "storage"), (settings.HOME, "HALFDAY_HOME"), (settings.ROOT, "")):
        text = text.replace(f"{folder}/", f"{name}/" if name else "").replace(str(folder), name or ".")
    return re.sub(r"/\S*/site-packages/", "", text)
