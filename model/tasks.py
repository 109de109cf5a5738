"""The kinds of jobs that Model does."""

from typing import Any

from accounts.models import Role
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.registry import handler
from jobs.reporting import Report
from model.augmentations import asking as augmentations
from model.augmentations import showing
from model.endpoints import bringing, deploying, lifecycle
from model.gate import asking
from model.gate import judging as gating
from model.measurements import measuring
from model.models import Deployment, Endpoint, GateResult, Run
from model.searches import asking as searches
from model.searches import searching
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


@handler(asking.KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def judge_candidate(job: Job, report: Report) -> dict[str, Any]:
    rows = GateResult.objects.select_related("dataset", "manifest__dataset", "candidate", "incumbent", "created_by")
    result = rows.filter(pk=job.params["result"]).first()
    if result is None:
        raise JobFailed("The result was deleted before it was judged.")
    return gating.judge(result, report)


@handler(deploying.KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def deploy_version(job: Job, report: Report) -> dict[str, Any]:
    rows = Deployment.objects.select_related(
        "endpoint__validation_slice__dataset", "endpoint__project", "checkpoint__run", "form", "created_by"
    )
    version = rows.filter(pk=job.params["deployment"]).first()
    if version is None:
        raise JobFailed("The endpoint was deleted before this version was deployed.")
    return deploying.deploy(version, report)


@handler(lifecycle.BRING, at_least=Role.MANAGER)
def bring_kept_pictures(job: Job, report: Report) -> dict[str, Any]:
    rows = Endpoint.objects.select_related("project", "dataset", "sample_dataset")
    endpoint = rows.filter(pk=job.params["endpoint"]).first()
    if endpoint is None:
        raise JobFailed("The endpoint was deleted.")
    return bringing.bring(endpoint, job, report)


@handler(exporting.JOB_KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def export_checkpoint(job: Job, report: Report) -> dict[str, Any]:
    return exporting.run(job, report)


@handler(measuring.KIND, at_least=Role.MANAGER, queue="gpu", attempts=2)
def measure_baseline(job: Job, report: Report) -> dict[str, Any]:
    return measuring.run(job, report)


@handler(augmentations.KIND, at_least=Role.MANAGER, attempts=2)
def show_augmentations(job: Job, report: Report) -> dict[str, Any]:
    return showing.draw(job, report)


@handler(searches.KIND, at_least=Role.MANAGER, queue="gpu", attempts=5)
def search_settings(job: Job, report: Report) -> dict[str, Any]:
    return searching.search(job, report)
