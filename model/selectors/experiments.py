"""What the pages of experiments show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from curate.models import Comparison
from dataset.models import Dataset, Slice
from jobs.models import Job
from model.models import Experiment, Run
from model.selectors.runs import runs, with_progress

JUDGING = "judge_experiment"  # the kind of job that judges


@dataclass(frozen=True)
class Standing:
    """Where an experiment is."""

    state: str
    runs: list[Run]  # with progress, by seed, the treatment first
    judging: Job | None  # the job that judges it, while it does or where it failed
    finished_pairs: int


def experiments() -> QuerySet[Experiment]:
    """All of them, with what their shape shows."""
    rows = Experiment.objects.select_related("dataset", "parent", "created_by")
    slices = ("control_slices", "watched")
    return rows.prefetch_related(*(Prefetch(name, Slice.objects.order_by("pk")) for name in slices))


def experiments_of(dataset: Dataset) -> QuerySet[Experiment]:
    return experiments().filter(dataset=dataset)


def standings(rows: Sequence[Experiment]) -> dict[int, Standing]:
    """Where each of them is; the queries do not grow with the rows."""
    own = with_progress(list(runs().filter(experiment__in=rows).order_by("seed", "-arm", "pk")))
    judging: dict[int, Job] = {}
    for job in Job.objects.filter(kind=JUDGING, pk__in=[row.job_id for row in rows if row.job_id]):
        judging[job.params["experiment"]] = job
    for job in Job.objects.filter(kind=JUDGING, dataset_id__in={row.dataset_id for row in rows}).exclude(
        state__in=Job.ENDED
    ):
        judging[job.params["experiment"]] = job
    return {row.pk: _standing(row, [one for one in own if one.experiment_id == row.pk], judging) for row in rows}


def _standing(row: Experiment, own: list[Run], judging: dict[int, Job]) -> Standing:
    job = judging.get(row.pk)
    shown = job if job is not None and job.state != Job.State.SUCCEEDED else None
    return Standing(_state(row, own, job), own, shown, _pairs(row, own))


def _state(row: Experiment, own: list[Run], judging: Job | None) -> str:
    """Its runs', while one moves; then whether it was judged."""
    states = {one.progress.state for one in own}
    if Job.State.RUNNING in states or (judging is not None and not judging.ended):
        return Job.State.RUNNING
    if Job.State.QUEUED in states:
        return Job.State.QUEUED if states == {Job.State.QUEUED} else Job.State.RUNNING
    if judging is not None and judging.state == Job.State.FAILED:
        return Job.State.FAILED
    if row.result is not None:
        return Job.State.SUCCEEDED
    return Job.State.FAILED if Job.State.FAILED in states else Job.State.CANCELLED


def _pairs(row: Experiment, own: list[Run]) -> int:
    """Seeds of which every arm is judged."""
    judged = {
        (one.arm, one.seed)
        for one in own
        if one.progress.evaluation and one.progress.evaluation.finished_at is not None
    }
    arms = [Run.Arm.TREATMENT, *([Run.Arm.CONTROL] if row.control else [])]
    return sum(all((arm, seed) in judged for arm in arms) for seed in row.seeds)


def comparisons_of_pairs(own: Sequence[Run]) -> dict[tuple[int, int], int]:
    """The comparisons that there are of two evaluations (control's, treatment's), by these."""
    ids = [one.evaluation_id for one in own if one.evaluation_id is not None]
    rows: Any = Comparison.objects.filter(a__in=ids, b__in=ids).values_list("a_id", "b_id", "pk")
    return {(a, b): pk for a, b, pk in rows}
