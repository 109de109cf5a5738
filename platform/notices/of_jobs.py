"""What jobs come to, told to people and programs: a training or a gate as what it is, any other where it failed."""

from typing import Any

from jobs.models import Job
from notices.events import announce
from notices.services import NewNotice, tell

TRAINING, GATE = "train", "gate"
S = Job.State


def tell_of_move(job: Job) -> None:
    """The job has begun or ended; a part of that move. A cancelled one is no news: somebody did that."""
    if job.project_id is None:
        return
    for event in events_of(job):
        announce(project_id=job.project_id, event=event, about=about(job))
    kind = kind_of(job)
    if kind and job.created_by_id:
        title = {"title": job.title, "title_code": job.title_code, "title_names": job.title_names}
        names = {**title, "why": job.error.partition("\n")[0]}
        tell(NewNotice(job.project_id, kind, names, job.link or f"/jobs/{job.pk}"), [job.created_by_id])


def events_of(job: Job) -> list[str]:
    """The names of what has happened."""
    if job.state == S.FAILED:
        return ["run.failed", "job.failed"] if job.kind == TRAINING else ["job.failed"]
    if job.kind == TRAINING:
        # A second attempt is no second start.
        started = ["run.started"] if job.state == S.RUNNING and job.attempts == 1 else []
        return started + (["run.finished"] if job.state == S.SUCCEEDED else [])
    if job.kind == GATE and job.state == S.SUCCEEDED:
        return ["gate.passed" if passed(job) else "gate.failed"]
    return []


def kind_of(job: Job) -> str:
    """The notice that who asked for the job gets; empty: none."""
    if job.state == S.FAILED:
        return "run_failed" if job.kind == TRAINING else "job_failed"
    if job.state == S.SUCCEEDED and job.kind == TRAINING:
        return "run_finished"
    return "gate_failed" if job.state == S.SUCCEEDED and job.kind == GATE and not passed(job) else ""


def passed(job: Job) -> bool:
    return (job.result or {}).get("verdict") == "passed"


def about(job: Job) -> dict[str, Any]:
    """The thing as a webhook's body has it: the run or the gate's judgement by their own ids, with their job."""
    found = {"job": job.pk, "title": job.title, "state": job.state, "error": job.error, "link": job.link}
    own = "run" if job.kind == TRAINING else "gate_result" if job.kind == GATE else ""
    number = job.link.rpartition("/")[2]
    if own and number.isdecimal():
        verdict = {"verdict": (job.result or {}).get("verdict")} if job.kind == GATE else {}
        return {"type": own, "id": int(number), **verdict, **found}
    return {"type": "job", "id": job.pk, "kind": job.kind, **found}
