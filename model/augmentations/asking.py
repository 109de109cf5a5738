"""Asking for pictures as a training under some settings would feed them to its network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

import jobs.services
from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.models import Dataset
from jobs.models import Job
from jobs.titles import Title
from model.services import runs
from model.services.runs import NewRun

KIND = "show_augmentations"
MOST_PICTURES = 16


@dataclass(frozen=True)
class PicturesWish:
    """Whose pictures, and under which settings; as of a run."""

    train_slices: Sequence[int]
    baseline: str | None = None
    weights: Mapping[str, Any] | None = None
    revision: int | None = None  # None: the newest
    parent: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None  # None: the settings'
    count: int = 8


@transaction.atomic
def show_augmentations(*, dataset: Dataset, wish: PicturesWish, by: User) -> Job:
    """Have a worker draw them. Managers and above; nothing is stored, so there is no audit line.

    Raises BadInput as create_run does for slices, revision, weights and settings.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    if not 1 <= wish.count <= MOST_PICTURES:
        raise BadInput("That many are not shown.", errors={"count": [f"Give 1 to {MOST_PICTURES} pictures."]})
    dataset.refresh_from_db(fields=["head_revision"])
    parent = runs.run_of(dataset, wish.parent, "parent")
    given = wish.settings if wish.seed is None else {**wish.settings, "seed": wish.seed}
    new = NewRun("", wish.train_slices, 0, wish.baseline, wish.weights, parent=wish.parent, settings=given)
    baseline, settings = runs.start_settings(dataset, new, parent)
    slices = runs.slices_of(dataset, wish.train_slices, "train_slices")
    params = {
        "baseline": baseline,
        "settings": settings,
        "slices": [one.pk for one in slices],
        "revision": runs.revision_of(dataset, wish.revision),
        "count": wish.count,
    }
    return jobs.services.enqueue(
        kind=KIND,
        project=dataset.project,
        dataset=dataset,
        author=by,
        params=params,
        title=Title.of("show_augmentations", "Show training pictures"),
    )
