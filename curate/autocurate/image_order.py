"""Which images to review first: expected gain per second of a person's time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count

from curate.autocurate.measurements import MeasuredCosts, measured_costs
from curate.models import AutoCurate, Suggestion
from dataset.models import Annotation
from science.autocurate.review_order import error_costs, worth_per_second

Kind = Suggestion.Kind
DRAWN_ANEW = {Kind.BADLY_DRAWN, Kind.MISSING}  # unless the proposed box is taken as it is


@dataclass(frozen=True)
class DoubtRow:
    """What the order needs of a pending suggestion."""

    image_id: int
    kind: str
    score: float
    given: dict[str, Any] | None
    proposed: dict[str, Any] | None

    @property
    def class_ids(self) -> list[int]:
        """The classes that the error spoils: one, or the given and the true one."""
        return [box["class_id"] for box in (self.given, self.proposed) if box is not None]

    @property
    def is_drawn(self) -> bool:
        """Whether a box has to be drawn where the label is wrong."""
        return self.kind in DRAWN_ANEW and self.proposed is None


def images_by_worth(run: AutoCurate) -> list[int]:
    """Ids of the images that have pending suggestions, those that bring most per second first."""
    rows = pending_doubts(run)
    if not rows:
        return []
    images, rate = worth_per_second(
        image=[row.image_id for row in rows],
        chance=[row.score for row in rows],
        cost=costs_of(rows, boxes_by_class(run.dataset_id), measured_costs(run.dataset)),
        redrawn=[row.is_drawn for row in rows],
    )
    return [int(one) for one in images[np.lexsort((images, -rate))]]


def pending_doubts(run: AutoCurate) -> list[DoubtRow]:
    """Suggestions without a verdict."""
    pending = run.suggestions.filter(verdict=Suggestion.Verdict.PENDING)
    return [DoubtRow(*row) for row in pending.values_list("image_id", "kind", "score", "given", "proposed")]


def boxes_by_class(dataset: int) -> Counter[int]:
    """Labelled objects of each class at the newest revision."""
    alive = Annotation.objects.filter(dataset=dataset, died=None, ignore=0).values("label_class")
    return Counter(dict(alive.annotate(count=Count("pk")).values_list("label_class", "count")))


def costs_of(
    rows: list[DoubtRow], boxes: Counter[int], measured: MeasuredCosts | None = None
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(K,) points of mAP that each error costs: the mean over the classes that it spoils.

    By the dataset's own evaluation where it is given, else as on generated scenes.
    """
    place = {class_id: at for at, class_id in enumerate(sorted({*boxes, *(c for row in rows for c in row.class_ids)}))}
    counts = [boxes[class_id] for class_id in place]
    owner = np.repeat(np.arange(len(rows)), [len(row.class_ids) for row in rows])
    each = error_costs(
        kind=[rows[at].kind for at in owner],
        label=[place[class_id] for row in rows for class_id in row.class_ids],
        boxes=counts,
        sensitivity=measured.of_classes(list(place)) if measured else None,
    )
    return np.bincount(owner, each, len(rows)) / np.maximum(np.bincount(owner, minlength=len(rows)), 1)
