"""A ledger put together: everything that lies between a run and the one before it, read from what is there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from curate.ledger import batches, gains, label_changes, searches, trainings
from curate.ledger.iterations import Iteration
from curate.ledger.label_changes import LabelChange
from curate.ledger.times import Spell, of_machine, stage_times
from curate.ledger.weakness import weakness_of
from curate.models import AutoCurate, Evaluation
from dataset.models import Dataset, Revision, Slice
from jobs.models import Job
from label.models import Batch
from model.models import Run

VERSION = 1  # of the shape; raised where a reader of the older one would misunderstand


@dataclass(frozen=True)
class IterationFindings:
    """The rows that a ledger is made of."""

    iteration: Iteration
    judged: Mapping[int, Evaluation]  # by run id
    used: list[tuple[str, Slice]]
    revisions: list[Revision]
    batches: list[Batch]
    searches: list[AutoCurate]
    in_training: list[LabelChange] = field(default_factory=list)
    in_validation: list[LabelChange] = field(default_factory=list)

    @property
    def dataset(self) -> Dataset:
        return self.iteration.run.dataset

    @property
    def before(self) -> Evaluation | None:
        """The diagnosis that the iteration set out from."""
        reference = self.iteration.reference
        return self.judged.get(reference.pk) if reference else None


def findings(iteration: Iteration) -> IterationFindings:
    """Read them all."""
    run, reference = iteration.run, iteration.reference
    used = trainings.used_slices(iteration)
    span = (reference.revision, run.revision) if reference else (run.revision, run.revision)
    revisions = label_changes.revisions_between(run.dataset, *span)
    merged = batches.batches_merged(run.dataset, revisions)
    added = [row for role, row in used if role == "added"] if reference else []
    return IterationFindings(
        iteration=iteration,
        judged=trainings.evaluations_by_run(iteration),
        used=used,
        revisions=revisions,
        batches=merged,
        searches=searches.searches_of(iteration, added=added, batched=[row.auto_curate_id for row in merged]),
        in_training=_changes(run, run.train_manifest_id, span),
        in_validation=_changes(run, run.validation_manifest_id, span),
    )


def _changes(run: Run, manifest: int | None, span: tuple[int, int]) -> list[LabelChange]:
    """In the images of one of the run's manifests."""
    if manifest is None or span[0] == span[1]:
        return []
    ids = run.dataset.manifests.values_list("image_ids", flat=True).get(pk=manifest)
    return label_changes.changes_between(run.dataset_id, *span, ids)


def composed(found: IterationFindings) -> dict[str, Any]:
    """The ledger as the API gives it."""
    iteration, run = found.iteration, found.iteration.run
    work = batches.described_batches(found.batches, found.revisions)
    looked = [searches.described_search(row) for row in found.searches]
    worth = gains.described_gains(iteration)
    return {
        "version": VERSION,
        "made_at": timezone.now(),
        "project": name_of(run.dataset.project),
        "dataset": name_of(run.dataset),
        "run": name_of(run),
        "before": name_of(iteration.before),
        "control_of": name_of(run.control_of),
        "shared_control": iteration.shared,
        "earlier": [name_of(one) for one in (iteration.before, *iteration.line) if one and _is_step(one)],
        "weakness": weakness_of(found.before) if found.before else None,
        "searches": looked,
        "batches": work,
        "revisions": label_changes.described_revisions(found.revisions),
        "labels": {
            "training": label_changes.change_totals(found.in_training),
            "validation": label_changes.change_totals(found.in_validation),
        },
        "slices": trainings.described_slices(found.used),
        "runs": trainings.described_runs(iteration, found.judged),
        "gains": worth,
        "seeds": gains.gain_over_seeds(iteration, found.judged),
        "time": stage_times(spells(found, work, looked, worth)),
        "next": next_step(found, worth),
    }


def name_of(row: Any) -> dict[str, Any] | None:
    """A row by id and name."""
    return {"id": row.pk, "name": row.name} if row else None


def _is_step(run: Run) -> bool:
    """Whether it goes on from another run, so that it has a ledger of its own."""
    return run.parent_id is not None or (run.start_checkpoint is not None and run.start_checkpoint.run_id is not None)


def spells(
    found: IterationFindings, work: list[dict[str, Any]], looked: list[dict[str, Any]], worth: Mapping[str, Any]
) -> Iterator[Spell]:
    """All work with its time. The run before counts where it is the first of its line: nothing else counts it."""
    before = found.iteration.before
    if before is not None and not _is_step(before):
        yield of_machine("baseline", before.started_at, before.finished_at)
    if found.before is not None and found.before.job_id:
        yield from of_jobs("diagnosis", [found.before.job_id])
    yield from of_jobs("search", [row.job_id for row in found.searches if row.job_id])
    yield from human_spells(work, looked)
    for run in found.iteration.trained:
        yield of_machine("training", run.started_at, run.finished_at)
    trained = [found.judged.get(run.pk) for run in found.iteration.trained]
    jobs = [one.job_id for one in trained if one and one.job_id]
    yield from of_jobs("proof", [*jobs, *gains.comparison_jobs(list(worth.values()))])


def human_spells(work: list[dict[str, Any]], looked: list[dict[str, Any]]) -> Iterator[Spell]:
    """People's time: in Label, and on verdicts outside it."""
    for row in work:
        yield Spell("correction", row["created_at"], row["merged_at"], human=row["seconds"])
    for row in looked:
        seconds = sum(one["seconds"] for one in row["reviewers"])
        if seconds:
            yield Spell("correction", None, None, human=seconds)


def of_jobs(stage: str, job_ids: list[int]) -> list[Spell]:
    """A spell for each job."""
    rows = Job.objects.filter(pk__in=job_ids).order_by("pk")
    return [of_machine(stage, row.started_at, row.finished_at) for row in rows]


def next_step(found: IterationFindings, worth: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be done next, and where: in this order trained, judged, controlled, compared, diagnosed anew."""
    run, gain = found.iteration.run, worth["control"]
    evaluation, controls = found.judged.get(run.pk), found.iteration.controls
    if run.finished_at is None:
        return {"step": "train", "link": f"/runs/{run.pk}"}
    if evaluation is None:
        return {"step": "judge", "link": f"/curate/{run.dataset_id}/evaluations"}
    if found.iteration.reference is None:
        return {"step": "go_on", "link": f"/evaluations/{evaluation.pk}"}
    if gain is None:
        return {"step": "train_control", "link": f"/model/{run.dataset_id}/new?control_of={run.pk}"}
    if gain["mAP"]:
        return {"step": "go_on", "link": f"/evaluations/{evaluation.pk}"}
    if gain["comparison"]:
        return {"step": "wait", "link": f"/comparisons/{gain['comparison']}"}
    if gain["pair"]:
        return {"step": "compare", "link": f"/evaluations/{evaluation.pk}"}
    return {"step": "wait", "link": f"/runs/{controls[0].pk}"}
