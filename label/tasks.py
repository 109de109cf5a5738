"""The kinds of jobs that Label does."""

from typing import Any

from accounts.models import Role
from jobs.models import Job
from jobs.registry import handler
from jobs.reporting import Report
from label.assists import prelabel_jobs
from label.assists.prelabelling import LOOK, WRITE


@handler(LOOK, at_least=Role.MANAGER, queue="gpu", attempts=2)
def look_what_is_proposed(job: Job, report: Report) -> dict[str, Any]:
    return prelabel_jobs.look(prelabel_jobs.prelabel_of(job), report)


@handler(WRITE, at_least=Role.MANAGER, attempts=3)
def write_prelabels(job: Job, report: Report) -> dict[str, Any]:
    return prelabel_jobs.write(prelabel_jobs.prelabel_of(job), report)
