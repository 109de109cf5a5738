"""What an iteration is: a run, what it goes on from, and what it is measured against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Project
from model.models import Run
from model.selectors import run_tree


@dataclass(frozen=True)
class Iteration:
    """One step of the loop: from the run before it to this run."""

    run: Run
    before: Run | None
    line: list[Run] = field(default_factory=list)  # the runs behind `before`, the nearest first
    controls: list[Run] = field(default_factory=list)  # the one with the run's own seed first
    shared: bool = False  # whether the controls are those of another run that goes on from the same one
    repeats: list[Run] = field(default_factory=list)  # the same but for the seed

    @property
    def reference(self) -> Run | None:
        """What the iteration set out from: the run before, or else the control, which has the data unchanged."""
        return self.before or next(iter(self.controls), None)

    @property
    def root(self) -> Run | None:
        """The first run of the line."""
        return self.line[-1] if self.line else self.before

    @property
    def trained(self) -> list[Run]:
        """The runs that this iteration trained: itself, its controls, the repeats with other seeds."""
        return [self.run, *self.controls, *self.repeats]


def iteration_of(run: Run) -> Iteration:
    """The iteration that ends with the run."""
    before = run_tree.run_before(run)
    controls, shared = controls_of(run, before)
    return Iteration(
        run=run,
        before=before,
        line=list(runs_behind(before)),
        controls=sorted(controls, key=lambda one: (one.seed != run.seed, one.pk)),
        shared=shared,
        repeats=run_tree.repeats_of(run),
    )


def controls_of(run: Run, before: Run | None) -> tuple[list[Run], bool]:
    """The run's controls, those of its repeats included; else those of another run from the same one before.

    A control says what more training alone brings from there: that holds for every run that went on from there and is
    judged on the same slice. The second value says whether they are such a neighbour's.
    """
    mine = [run.pk, *(one.pk for one in run_tree.repeats_of(run))]
    own = list(_with_manifests(Run.objects.filter(control_of__in=mine)))
    if own or before is None or run.control_of_id is not None:
        return own, False
    started = Q(start_checkpoint__run=before) | Q(parent=before, start_checkpoint__run=None)
    like = Run.objects.filter(started, control_of__isnull=False, validation_slice=run.validation_slice_id)
    return list(_with_manifests(like.exclude(pk=run.pk))), True


def runs_behind(run: Run | None) -> Iterator[Run]:
    """The runs before it, the nearest first."""
    seen: set[int] = set()
    while run is not None and run.pk not in seen:
        seen.add(run.pk)
        run = run_tree.run_before(run)
        if run is not None:
            yield run


def iterations_of(project: Project) -> QuerySet[Run]:
    """The runs that stand for iterations: they go on from another one or have a control, and are none themselves."""
    measured = Exists(Run.objects.filter(control_of=OuterRef("pk")))
    goes_on = Q(parent__isnull=False) | Q(start_checkpoint__run__isnull=False) | Q(measured)
    return run_tree.runs_of_project(project).filter(goes_on, control_of=None).select_related("dataset")


def _with_manifests(rows: QuerySet[Run]) -> QuerySet[Run]:
    return rows.select_related("train_manifest", "start_checkpoint__run", "parent").defer("train_manifest__image_ids")
