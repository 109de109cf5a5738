"""The iterations of a project, each in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.cache import cache

from curate.evaluations.reads import states
from curate.history.run_steps import worth_json, worth_of
from curate.ledger import batches, label_changes, searches, trainings
from curate.ledger.composing import name_of
from curate.ledger.iterations import Iteration, iteration_of
from curate.ledger.weakness import class_names, evaluation_of_run, weakest_classes
from model.models import Run
from model.selectors import run_tree

KEEP = 24 * 3600  # seconds; what changed between two revisions never changes


def lines(rows: Sequence[Run]) -> list[dict[str, Any]]:
    """Runs as iterations, without those that only repeat an earlier one with another seed."""
    steps = [step for step in run_tree.steps(rows) if step.repeat_of is None]
    iterations = [iteration_of(step.run) for step in steps]
    pairs = [(one.controls[0].pk, one.run.pk) for one in iterations if one.controls]
    worth = worth_of(pairs)
    compared = states(one.comparison for one in worth.values() if one.comparison)
    state = states(step.run for step in steps)
    over = {pair[1]: worth_json(worth[pair], compared) for pair in pairs}
    return [
        {
            **line(iteration),
            "state": state[step.run.pk],
            "changes": asdict(step.changes) if step.changes else None,
            "over_control": over.get(step.run.pk),
        }
        for step, iteration in zip(steps, iterations, strict=True)
    ]


def line(iteration: Iteration) -> dict[str, Any]:
    """What is read for one iteration alone."""
    run = iteration.run
    evaluation = evaluation_of_run(iteration.reference)
    return {
        "run": name_of(run),
        "dataset": name_of(run.dataset),
        "before": name_of(iteration.before),
        "weakest": weakest_classes(evaluation, class_names(run.dataset)) if evaluation else [],
        "labels_changed": labels_changed(iteration),
        "human_seconds": human_seconds(iteration),
        "created_at": run.created_at,
    }


def labels_changed(iteration: Iteration) -> int:
    """Labels of the training images that are not what they were."""
    run, reference = iteration.run, iteration.reference
    if reference is None or run.train_manifest_id is None or reference.revision == run.revision:
        return 0
    name = f"curate:ledger:labels:{run.train_manifest_id}:{reference.revision}:{run.revision}"
    if (known := cache.get(name)) is not None:
        return int(known)
    ids = run.dataset.manifests.values_list("image_ids", flat=True).get(pk=run.train_manifest_id)
    changed = len(label_changes.changes_between(run.dataset_id, reference.revision, run.revision, ids))
    cache.set(name, changed, KEEP)
    return changed


def human_seconds(iteration: Iteration) -> float:
    """People's time in its batches, and on verdicts outside them."""
    run, reference = iteration.run, iteration.reference
    if reference is None:
        return 0.0
    revisions = label_changes.revisions_between(run.dataset, reference.revision, run.revision)
    merged = batches.batches_merged(run.dataset, revisions)
    added = [row for role, row in trainings.used_slices(iteration) if role == "added"]
    looked = searches.searches_of(iteration, added=added, batched=[row.auto_curate_id for row in merged])
    verdicts = sum(one["seconds"] for row in looked for one in searches.reviewers_of(row))
    labelled = sum(row["seconds"] for row in batches.described_batches(merged, revisions))
    return round(verdicts + labelled, 1)
