"""The one Celery task. The broker carries a job's id and nothing else."""

from celery import shared_task

from jobs import presence, running

__all__ = ["presence", "run_job"]  # a worker that has this module says that it is there


@shared_task(name="jobs.run_job")
def run_job(job_id: int) -> None:
    running.run(job_id)
