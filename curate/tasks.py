"""Curate's kinds of jobs. Each calls one service."""

from __future__ import annotations

from typing import Any

from accounts.models import Role
from curate.autocurate import self_test
from curate.autocurate.edge_cases import run_edge_cases
from curate.autocurate.mislabels import run_mislabels
from curate.autocurate.rare_classes import run_rare_classes
from curate.autocurate.split import run_split
from curate.autocurate.to_label import run_label_selection
from curate.comparisons.compare import compute_comparison
from curate.duplicates import search
from curate.evaluations import evaluate, weak_slices
from curate.improve import learning_curve
from curate.map.embed import JOB_KIND as EMBEDDINGS
from curate.map.embed import run_embeddings
from curate.models import AutoCurate, Comparison, Evaluation
from curate.reports import preparation
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.registry import handler
from jobs.reporting import Report
from jobs.sentences import Sentence


@handler("evaluate", at_least=Role.REVIEWER, queue="cpu")
def run_evaluation(job: Job, report: Report) -> dict[str, Any]:
    """Compute an evaluation that was asked for."""
    evaluation = evaluation_of(job)
    evaluate.evaluate(evaluation, report)
    return {"evaluation": evaluation.pk, "figures": evaluation.figures}


def evaluation_of(job: Job) -> Evaluation:
    """The evaluation that the job is of."""
    found = Evaluation.objects.select_related("dataset", "prediction_set", "manifest")
    evaluation = found.filter(pk=job.params["evaluation"]).first()
    if evaluation is None:
        raise JobFailed("The evaluation was deleted before it was computed.")
    return evaluation


@handler(weak_slices.KIND, at_least=Role.REVIEWER, queue="cpu")
def find_weak_slices(job: Job, report: Report) -> dict[str, Any]:
    """Look for the groups of images on which an evaluation is weak."""
    report(0.1, Sentence.of("looking_for_weak_slices", "Looking for weak slices"))
    found = weak_slices.search(evaluation_of(job))
    return {"evaluation": job.params["evaluation"], "weak_slices": len(found)}


@handler(preparation.KIND, at_least=Role.VIEWER, queue="cpu")
def prepare_report(job: Job, report: Report) -> dict[str, Any]:
    """Compute what takes long in an evaluation's report."""
    evaluation = evaluation_of(job)
    return {"evaluation": evaluation.pk, "fields": preparation.prepare(evaluation, report)}


@handler("compare", at_least=Role.REVIEWER, queue="cpu")
def run_comparison(job: Job, report: Report) -> dict[str, Any]:
    """Compute a comparison that was asked for."""
    found = Comparison.objects.select_related("a__prediction_set", "b__prediction_set", "a__manifest", "b__manifest")
    comparison = found.select_related("a__dataset", "b__dataset").filter(pk=job.params["comparison"]).first()
    if comparison is None:
        raise JobFailed("The comparison was deleted before it was computed.")
    result = compute_comparison(comparison, report)
    return {"comparison": comparison.pk, "delta": result["delta"]}


def auto_curate_of(job: Job) -> AutoCurate:
    """The run that the job is of."""
    found = AutoCurate.objects.select_related("dataset", "created_by").filter(pk=job.params["auto_curate"]).first()
    if found is None:
        raise JobFailed("The auto-curate run was deleted before it was done.")
    return found


@handler(search.KIND, at_least=Role.MANAGER, queue="cpu")
def find_duplicates(job: Job, report: Report) -> dict[str, Any]:
    """Look for images that show the same."""
    return search.run_search(job, report)


@handler("split", at_least=Role.MANAGER, queue="cpu")
def split(job: Job, report: Report) -> dict[str, Any]:
    """Split images into two slices."""
    return run_split(auto_curate_of(job), report)


@handler("find_mislabels", at_least=Role.MANAGER, queue="gpu")
def find_mislabels(job: Job, report: Report) -> dict[str, Any]:
    """Find labels that are probably wrong."""
    return run_mislabels(auto_curate_of(job), report)


@handler(self_test.KIND, at_least=Role.MANAGER, queue="cpu")
def test_finder(job: Job, report: Report) -> dict[str, Any]:
    """Plant errors in a copy of a run's labels, and see which of them it finds."""
    return self_test.run_self_test(auto_curate_of(job), self_test.SelfTestWish.of(job.params), report)


@handler("find_edge_cases", at_least=Role.MANAGER, queue="gpu")
def find_edge_cases(job: Job, report: Report) -> dict[str, Any]:
    """Find the images that a checkpoint finds hardest."""
    return run_edge_cases(auto_curate_of(job), report)


@handler("choose_what_to_label", at_least=Role.MANAGER, queue="cpu")
def choose_what_to_label(job: Job, report: Report) -> dict[str, Any]:
    """Choose images without labels that are worth labelling."""
    return run_label_selection(auto_curate_of(job), report)


@handler("find_rare_classes", at_least=Role.MANAGER, queue="cpu")
def find_rare_classes(job: Job, report: Report) -> dict[str, Any]:
    """Find the images that show most of what there is least of."""
    return run_rare_classes(auto_curate_of(job), report)


@handler(EMBEDDINGS, at_least=Role.MANAGER, queue="gpu", attempts=5)
def compute_embeddings(job: Job, report: Report) -> dict[str, Any]:
    """Compute the embeddings that are missing, then the map. What was stored before a worker died is not done again."""
    return run_embeddings(job, report)


@handler(learning_curve.KIND, at_least=Role.MANAGER, queue="gpu", attempts=5)
def make_learning_curve(job: Job, report: Report) -> dict[str, Any]:
    """Train on nested parts of a run's images. Those trained before a worker died are not trained again."""
    return learning_curve.run_learning_curve(job, report)
