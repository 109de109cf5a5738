"""Kinds of jobs that only tests ask for. A test's worker imports them with `celery --include tests.jobs.handlers`."""

import os
import time
from pathlib import Path
from typing import Any

from accounts.models import Role
from jobs import registry
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import PartOfReport, Report
from jobs.sentences import Sentence


@registry.handler("test_add", at_least=Role.MANAGER)
def add(job: Job, report: Report) -> dict[str, Any]:
    report(0.5, Sentence.of("adding", "Adding"))
    report.log(f"{job.params['a']} + {job.params['b']}")
    return {"sum": job.params["a"] + job.params["b"]}


@registry.handler("test_refuse", at_least=Role.MANAGER)
def refuse(job: Job, report: Report) -> dict[str, Any]:
    raise JobFailed("There is nothing to add.")


@registry.handler("test_break", at_least=Role.MANAGER)
def break_down(job: Job, report: Report) -> dict[str, Any]:
    raise ZeroDivisionError("seven by nothing")


@registry.handler("test_wait", at_least=Role.MANAGER, attempts=2)
def wait(job: Job, report: Report) -> dict[str, Any]:
    """Until the file of params exists; notes each attempt's process in the job's log."""
    report.log(f"attempt {job.attempts} in {os.getpid()}")
    while not Path(job.params["file"]).exists():
        report(0.25, Sentence.of("waiting", "Waiting"))
        time.sleep(0.05)
    return {"attempt": job.attempts}


@registry.handler("test_say", at_least=Role.MANAGER)
def say(job: Job, report: Report) -> dict[str, Any]:
    """What it is doing, of the first of two folds."""
    part = PartOfReport(report, (0.0, 0.5), Sentence.of("fold", "Fold {fold} of {folds}", fold=1, folds=2))
    part(0.5, Sentence.of("reading", "Reading {name}", name="a{b}\0"))
    return {}
