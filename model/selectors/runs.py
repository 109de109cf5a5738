"""What the pages of runs show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone

from curate.models import Evaluation
from dataset.models import Dataset, Slice
from jobs.models import Job, JobLine
from jobs.selectors import eta_seconds
from model.class_names import class_mapping
from model.models import Checkpoint, Run, RunEpoch, Trial
from model.progress import RunProgress
from model.selectors.lineage import images_seen, lineage

JOB_KIND = "train"


def runs() -> QuerySet[Run]:
    """All of them, with what their shape shows."""
    rows = Run.objects.select_related(
        "dataset", "parent", "control_of", "validation_slice", "train_manifest", "validation_manifest",
        "start_checkpoint", "created_by",
    )  # fmt: skip
    related: dict[str, QuerySet[Any]] = {
        "train_slices": Slice.objects.order_by("pk"),
        "checkpoints": Checkpoint.objects.order_by("pk"),
        "children": Run.objects.order_by("pk"),
        "controls": Run.objects.order_by("pk"),
    }
    return rows.prefetch_related(*(Prefetch(name, queryset) for name, queryset in related.items()))


def with_progress(rows: Sequence[Run]) -> list[Run]:
    """The runs, each with `progress` set: four queries in all."""
    jobs = Job.objects.select_related("created_by").in_bulk([row.job_id for row in rows if row.job_id])
    judged = Evaluation.objects.in_bulk([row.evaluation_id for row in rows if row.evaluation_id])
    epochs = RunEpoch.objects.filter(run__in=rows).values_list("run_id").annotate(last=Max("epoch")).order_by()
    last = dict(epochs)
    tried = dict(Trial.objects.filter(run__in=rows).values_list("run_id", "state"))
    for row in rows:
        job = jobs.get(row.job_id or 0)
        finished = row.finished_at or (job.finished_at if job else None)
        row.progress = RunProgress(
            job=job,
            state=_state(row, job, tried.get(row.pk)),
            epoch=last.get(row.pk, 0),
            epochs=row.settings["epochs"],
            eta_seconds=eta_seconds(job) if job and row.finished_at is None else None,
            evaluation=judged.get(row.evaluation_id or 0),
            finished_at=finished,
            seconds=_seconds(row, finished),
        )
    return list(rows)


OF_TRIALS = {
    Trial.State.WAITING: Job.State.QUEUED,
    Trial.State.PRUNED: Job.State.CANCELLED,
    Trial.State.FAILED: Job.State.FAILED,
}


def _state(run: Run, job: Job | None, trial: str | None) -> str:
    """Its job's; a job that trains several goes on when this one is finished, or has been given up."""
    if run.finished_at is not None:
        return Job.State.SUCCEEDED
    if trial in OF_TRIALS and (trial != Trial.State.WAITING or (job is not None and job.state == Job.State.RUNNING)):
        return OF_TRIALS[Trial.State(trial)]
    return job.state if job else Job.State.QUEUED


def _seconds(run: Run, finished: datetime | None) -> float | None:
    if run.started_at is None:
        return None
    return round(((finished or timezone.now()) - run.started_at).total_seconds(), 1)


def runs_of(dataset: Dataset) -> QuerySet[Run]:
    return runs().filter(dataset=dataset)


def with_lineage(run: Run) -> Run:
    """The run with `ancestors` (the runs whose weights it started from, the nearest first) and `class_mapping` set."""
    run.ancestors = [
        {
            "id": earlier.pk,
            "name": earlier.name,
            "revision": earlier.revision,
            "slices": earlier.train_manifest.slices if earlier.train_manifest else [],
            "images": earlier.train_manifest.image_count if earlier.train_manifest else 0,
        }
        for earlier in lineage(run.start_checkpoint)
    ]
    known = run.start_checkpoint.classes if run.start_checkpoint else []
    run.images_per_epoch = images_seen(run)
    run.class_mapping = class_mapping(of_weights=known, of_dataset=run.classes)
    return run


def metrics_of(run: Run) -> QuerySet[RunEpoch]:
    """The finished epochs in order."""
    return run.epochs.order_by("epoch")


def checkpoints_for(project_id: int, *, dataset_id: int | None = None) -> QuerySet[Checkpoint]:
    """The project's checkpoints and the base one, newest first; with a dataset, of its runs and those of none."""
    rows = Checkpoint.objects.filter(Q(project=project_id) | Q(project=None))
    if dataset_id is not None:
        rows = rows.filter(Q(run__dataset=dataset_id) | Q(run=None))
    return rows.order_by("-pk")


def log_of_run(run: Run, *, after: int, limit: int = 1000) -> list[JobLine]:
    """The log lines of all the run's jobs after that one, in order."""
    own = Q(kind=JOB_KIND, params__run=run.pk) | Q(pk=run.job_id or 0)
    jobs = Job.objects.filter(own, dataset_id=run.dataset_id)
    return list(JobLine.objects.filter(job__in=jobs, pk__gt=after).order_by("pk")[:limit])
