"""The kinds of jobs that Model does."""

from typing import Any

from accounts.models import Role
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.registry import handler
from jobs.reporting import Report
from model.models import Run
from model.services import conversion, exporting, judging, predicting, runs, training


@handler(runs.JOB_KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def run_training(job: Job, report: Report) -> dict[str, Any]:
    run = (
        Run.objects.select_related("dataset__project", "prediction_set", "experiment")
        .filter(pk=job.params["run"])
        .first()
    )
    if run is None:
        raise JobFailed("The run was deleted before it was trained.")
    return training.train(run=run, report=report)


@handler(predicting.JOB_KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def run_prediction(job: Job, report: Report) -> dict[str, Any]:
    return predicting.predict(job, report)


@handler(conversion.JOB_KIND, at_least=Role.OWNER, attempts=3)
def convert_weights(job: Job, report: Report) -> dict[str, Any]:
    return conversion.run(job, report)


@handler(judging.JOB_KIND, at_least=Role.MANAGER, attempts=3)
def judge_experiment(job: Job, report: Report) -> dict[str, Any]:
    return judging.judge(job, report)


@handler(exporting.JOB_KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def export_checkpoint(job: Job, report: Report) -> dict[str, Any]:
    return exporting.run(job, report)
