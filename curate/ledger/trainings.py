"""The runs of an iteration: what each was given, and what it reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curate.evaluations.reads import states
from curate.ledger.iterations import Iteration
from curate.ledger.weakness import evaluation_of_run, figures_of
from curate.models import Evaluation
from dataset.models import Slice
from model.models import Run
from model.selectors.run_tree import different_settings


def roles(iteration: Iteration) -> list[tuple[str, Run]]:
    """The runs and what each is: what came before, the run, its controls and repeats."""
    found = [("before", iteration.before)] if iteration.before else []
    found += [("run", iteration.run)]
    found += [("control", one) for one in iteration.controls]
    return [*((role, run) for role, run in found if run), *(("repeat", one) for one in iteration.repeats)]


def evaluations_by_run(iteration: Iteration) -> dict[int, Evaluation]:
    """The evaluation that speaks for each of the runs, by run id."""
    judged = {run.pk: evaluation_of_run(run) for _, run in roles(iteration)}
    return {pk: one for pk, one in judged.items() if one is not None}


def described_runs(iteration: Iteration, judged: Mapping[int, Evaluation]) -> list[dict[str, Any]]:
    """The runs in the order of `roles`."""
    listed = roles(iteration)
    state = states(run for _, run in listed)
    return [
        {
            "role": role,
            "id": run.pk,
            "name": run.name,
            "state": state[run.pk],
            "baseline": run.baseline,
            "weights": run.weights,
            "seed": run.seed,
            "epochs": run.settings.get("epochs"),
            "imgsz": run.settings.get("imgsz"),
            "revision": run.revision,
            "images": run.train_manifest.image_count if run.train_manifest else None,
            "boxes": run.train_manifest.annotation_count if run.train_manifest else None,
            "differs": [vars(one) for one in different_settings(iteration.run, run)] if run != iteration.run else [],
            "started_at": run.started_at,
            "seconds": seconds_of(run),
            "figures": figures_of(judged.get(run.pk)),
        }
        for role, run in listed
    ]


def seconds_of(run: Run) -> float | None:
    """From the start of the training to its end."""
    if run.started_at is None or run.finished_at is None:
        return None
    return round((run.finished_at - run.started_at).total_seconds(), 1)


def used_slices(iteration: Iteration) -> list[tuple[str, Slice]]:
    """The slices: kept, added or removed for training since the reference, and the one that is judged on."""
    now = list(iteration.run.train_slices.order_by("pk"))
    reference = iteration.reference
    then = list(reference.train_slices.order_by("pk")) if reference else []
    had, has = {row.pk for row in then}, {row.pk for row in now}
    kept = [("kept" if row.pk in had else "added", row) for row in now]
    gone = [("removed", row) for row in then if row.pk not in has]
    return [*kept, *gone, ("validation", iteration.run.validation_slice)]


def described_slices(used: Sequence[tuple[str, Slice]]) -> list[dict[str, Any]]:
    return [
        {
            "role": role,
            "id": row.pk,
            "name": row.name,
            "images": row.image_count,
            "origin": row.origin.get("kind") or "hand",
            "auto_curate": row.origin.get("auto_curate"),
            "evaluation": row.origin.get("evaluation"),
            "q": row.origin.get("q"),
        }
        for role, row in used
    ]
