"""Runs with checkpoints, predictions and evaluations, written straight into the tables: nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from dataset.models import Dataset, Image, PredictionSet, Slice
from dataset.services.manifests import freeze
from dataset.services.predictions import store_predictions
from model.models import Checkpoint, Run
from model.services.settings import read_settings, settings_json

numbers = count(1)
BOX = (100.0, 100.0, 300.0, 300.0)


def make_run(
    dataset: Dataset,
    train: Sequence[Slice],
    validation: Slice,
    *,
    start: Checkpoint | None = None,
    seed: int = 0,
    settings: dict[str, Any] | None = None,
    **columns: Any,
) -> Run:
    """A run that has ended, on the newest labels; `start`: the checkpoint that it goes on from."""
    dataset.refresh_from_db()
    run = Run.objects.create(
        dataset=dataset,
        name=columns.pop("name", f"run {next(numbers)}"),
        baseline="road11t",
        weights=Run.Weights.CHECKPOINT if start else Run.Weights.SCRATCH,
        start_checkpoint=start,
        validation_slice=validation,
        train_manifest=freeze(dataset=dataset, slices=train, revision=dataset.head_revision),
        validation_manifest=freeze(dataset=dataset, slices=[validation], revision=dataset.head_revision),
        revision=dataset.head_revision,
        seed=seed,
        settings={**settings_json(read_settings(settings or {})), "seed": seed},
        **columns,
    )
    run.train_slices.set(train)
    return run


def checkpoint_of(run: Run) -> Checkpoint:
    """Its best weights."""
    found = run.checkpoints.filter(kind="best").first()
    return found or Checkpoint.objects.create(
        project=run.dataset.project,
        run=run,
        name=f"{run.name} · best",
        kind="best",
        architecture=run.baseline,
        classes=["car", "bike"],
        location=f"blobs/none/{next(numbers)}",
        sha256=f"{next(numbers):064x}",
        size=1,
    )


def predictions_of(run: Run | None, dataset: Dataset, images: Sequence[Image], found: int) -> PredictionSet:
    """Predictions on the images: the car in the first of them is found; `run` None: they were imported."""
    car = dataset.classes.get(name="car").pk
    ids = sorted(image.pk for image in images)
    slices = [run.validation_slice] if run else []
    return store_predictions(
        dataset=dataset,
        manifest=freeze(dataset=dataset, slices=slices, revision=dataset.head_revision, image_ids=ids),
        name=run.name if run else f"imported {next(numbers)}",
        kind="run" if run else "imported",
        checkpoint_id=checkpoint_of(run).pk if run else None,
        image_ids=ids[:found],
        class_ids=[car] * found,
        boxes=[BOX] * found,
        scores=[0.9] * found,
    )
