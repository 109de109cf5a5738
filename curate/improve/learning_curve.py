"""Trainings on nested parts of a run's images: asking for them, and the job that makes them one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict, Problem
from curate.autocurate.image_tables import described_images
from curate.evaluations.arrays import ground_of, ground_truth
from curate.improve.curve_points import ORIGIN
from dataset.models import Dataset, Image, Slice
from dataset.selectors import slices as slice_reads
from dataset.services.slices import store_slice
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import PartOfReport, Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from model.models import Run
from model.services.runs import NewRun, create_run, done_by, free_run_name
from model.services.settings import with_equal_compute
from model.services.training import train
from science.guidance.nested import nested_subsets

KIND = "learning_curve"
FRACTIONS = (0.25, 0.5)
MOST_TRAININGS = 20
WHOLE = 1.0


@dataclass(frozen=True)
class NewCurve:
    """Which parts of the run's images are trained on, and with how many seeds each."""

    fractions: Sequence[float] = FRACTIONS
    seeds: int = 1

    @property
    def trainings(self) -> list[tuple[float, int]]:
        """(fraction, seed counted from the run's own); all images with the run's own seed are the run itself."""
        sizes = [*sorted(set(self.fractions) - {WHOLE}), WHOLE]
        pairs = [(size, seed) for seed in range(self.seeds) for size in sizes]
        return [pair for pair in pairs if pair != (WHOLE, 0)]

    def check(self) -> None:
        """Raise BadInput where nothing could be trained so."""
        if not self.fractions or any(not 0.01 <= one <= WHOLE for one in self.fractions):
            raise _bad("fractions", "Fractions are numbers from .01 to 1; give one or more.")
        if not 1 <= self.seeds <= 5:
            raise _bad("seeds", "Give one to five seeds.")
        if not self.trainings or len(self.trainings) > MOST_TRAININGS:
            raise _bad(
                "fractions", f"This means {len(self.trainings)} trainings; 1 to {MOST_TRAININGS} can be asked for."
            )


def _bad(field: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={field: [sentence]})


@transaction.atomic
def start_curve(*, run: Run, new: NewCurve, by: User) -> Job:
    """Ask for the trainings that are not there yet. Managers and above.

    Raises Conflict where the run cannot be taken apart: it is not finished, goes on from a training that saw all
    images, or its validation slice has changed since.
    """
    access.check(by, run.dataset.project_id, Role.MANAGER)
    new.check()
    check_run(run)
    Dataset.objects.select_for_update(no_key=True).get(pk=run.dataset_id)  # one asks at a time
    under_way = Job.objects.filter(kind=KIND, dataset_id=run.dataset_id).exclude(state__in=Job.ENDED)
    if under_way.exists():
        raise Conflict("A learning curve of this dataset is being made already. Wait for it, or cancel it in Jobs.")
    job = enqueue(
        kind=KIND,
        project=run.dataset.project,
        dataset=run.dataset,
        author=by,
        params={"run": run.pk, "fractions": list(new.fractions), "seeds": new.seeds},
        title=Title.of("learning_curve", "Learning curve of {run}", run=run.name),
        queue="gpu",
        link=f"/datasets/{run.dataset_id}/improve",
    )
    data = {"run": run.pk, "trainings": len(new.trainings)}
    audit.record(by=by, action="learning_curve.start", target=run, project=run.dataset.project_id, data=data)
    return job


def check_run(run: Run) -> None:
    """Raise Conflict where parts of the run's images would not be comparable with the run."""
    if run.finished_at is None or run.train_manifest is None or run.validation_manifest is None:
        raise Conflict(f"The run {run.name} is not finished. Wait for it, or choose another one.")
    start = run.start_checkpoint
    if start is not None and start.run_id is not None:
        raise Conflict(
            f"The run {run.name} goes on from weights that have seen more than a part of its images. Choose a run that"
            " started from the base checkpoint, from scratch or from uploaded weights."
        )
    now = slice_reads.image_ids(run.validation_slice).tolist()
    if now != list(run.validation_manifest.image_ids):
        raise Conflict(
            f"The validation slice {run.validation_slice.name} has other images now than when {run.name} was judged on"
            " it. Train a new baseline first."
        )


def run_learning_curve(job: Job, report: Report) -> dict[str, Any]:
    """The job: train each part. What an earlier attempt, or another curve of the run, has trained is kept."""
    run = Run.objects.select_related(
        "dataset__project", "train_manifest", "validation_slice", "start_checkpoint"
    ).filter(pk=job.params["run"])
    found = run.first()
    if found is None or job.created_by is None:
        raise JobFailed("The run was deleted before its learning curve was made.")
    new = NewCurve(job.params["fractions"], job.params["seeds"])
    made = []
    for place, (fraction, seed) in enumerate(new.trainings):
        doing = Sentence.of(
            "curve_training",
            "Training {place} of {count}, {share} of the images",
            place=place + 1,
            count=len(new.trainings),
            share=f"{fraction:.0%}",
        )
        part = PartOfReport(report, (place / len(new.trainings), (place + 1) / len(new.trainings)), doing)
        report(place / len(new.trainings), doing)
        made.append(_trained(found, new, (fraction, seed), part).pk)
    return {"run": found.pk, "runs": made}


def _trained(run: Run, new: NewCurve, which: tuple[float, int], report: Report) -> Run:
    """The finished training on this part."""
    part = _part(run, new, which)
    one = _earlier(run, part, run.seed + which[1]) or _new(run, part, which, report.job)
    if one.finished_at is None:
        done_by(one, report.job)
        train(run=one, report=report)
    return one


def _part(run: Run, new: NewCurve, which: tuple[float, int]) -> Slice | None:
    """The slice of this part; None: all images, which the run's own slices hold."""
    fraction, seed = which
    if fraction == WHOLE:
        return None
    found = Slice.objects.filter(dataset=run.dataset, origin=_origin(run, fraction, seed)).first()
    return found or _make_parts(run, new, seed)[fraction]


def _origin(run: Run, fraction: float, seed: int) -> dict[str, Any]:
    return {"kind": ORIGIN, "run": run.pk, "fraction": fraction, "seed": seed}


@transaction.atomic
def _make_parts(run: Run, new: NewCurve, seed: int) -> dict[float, Slice]:
    """Slices of all parts, drawn together with those of an earlier curve of the run: each lies in the larger ones."""
    earlier = list(
        Slice.objects.filter(origin__kind=ORIGIN, origin__run=run.pk, origin__seed=seed, dataset=run.dataset)
    )
    fractions = sorted({*(one.origin["fraction"] for one in earlier), *new.fractions} - {WHOLE})
    ids = np.array(run.train_manifest.image_ids if run.train_manifest else [], np.int64)
    ids = np.intersect1d(ids, list(Image.objects.filter(pk__in=ids.tolist()).values_list("pk", flat=True)))
    ground = ground_of(run.dataset, ids)
    table = described_images(run.dataset, ground, ground_truth(run.dataset, ground, run.revision)).table
    try:
        members = nested_subsets(table, fractions, seed=run.seed + seed)
    except ValueError as error:
        raise JobFailed(f"The images of {run.name} cannot be taken apart: {error}.") from error
    have = {one.origin["fraction"]: one for one in earlier}
    return {
        fraction: have.get(fraction) or _store_part(run, fraction, seed, ground.image_ids[rows])
        for fraction, rows in zip(fractions, members, strict=True)
    }


def _store_part(run: Run, fraction: float, seed: int, image_ids: np.ndarray[Any, np.dtype[np.int64]]) -> Slice:
    again = f", seed {run.seed + seed}" if seed else ""
    return store_slice(
        dataset=run.dataset,
        name=_free_slice_name(run.dataset, f"{run.name[:70]}: {fraction:.0%} for its learning curve{again}"),
        image_ids=image_ids,
        origin=_origin(run, fraction, seed),
        author=run.created_by,
    )


def _free_slice_name(dataset: Dataset, wanted: str) -> str:
    taken = set(Slice.objects.filter(dataset=dataset, name__startswith=wanted).values_list("name", flat=True))
    return next(one for one in [wanted, *(f"{wanted} {n}" for n in range(2, len(taken) + 3))] if one not in taken)


def _earlier(run: Run, part: Slice | None, seed: int) -> Run | None:
    """The training on this part that an earlier attempt began."""
    rows = Run.objects.filter(dataset=run.dataset, seed=seed, revision=run.revision, control_of=None)
    rows = rows.select_related("dataset__project", "prediction_set", "start_checkpoint").exclude(pk=run.pk)
    if part is not None:
        return rows.filter(train_slices=part).order_by("pk").first()
    same = rows.filter(train_manifest=run.train_manifest_id, weights=run.weights, baseline=run.baseline)
    return same.filter(settings__epochs=run.settings["epochs"], parent=None).order_by("pk").first()


def _new(run: Run, part: Slice | None, which: tuple[float, int], job: Job) -> Run:
    """A run like the first, on this part, that sees as many images in all."""
    fraction, seed = which
    images = part.image_count if part is not None else _all_images(run)
    settings = with_equal_compute(run.settings, images=images, instead_of=_all_images(run))
    again = f", seed {run.seed + seed}" if seed else ""
    new = NewRun(
        name=free_run_name(run.dataset, f"{run.name[:80]}, {fraction:.0%} of the images{again}"),
        train_slices=[part.pk] if part is not None else list(run.train_slices.values_list("pk", flat=True)),
        validation_slice=run.validation_slice_id,
        baseline=run.baseline,
        weights={"kind": run.weights, "checkpoint": run.start_checkpoint_id},
        revision=run.revision,
        settings={**settings, "seed": run.seed + seed},
    )
    asker = job.created_by
    if asker is None:
        raise JobFailed("Nobody asks for this curve any more.")
    try:
        return create_run(dataset=run.dataset, new=new, by=asker, within=job)
    except Problem as error:
        raise JobFailed(f"{fraction:.0%} of the images cannot be trained on: {error}") from error


def _all_images(run: Run) -> int:
    return run.train_manifest.image_count if run.train_manifest else 0
