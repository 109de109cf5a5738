"""What of a dataset is measured already, as far as advice needs it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count, F

from curate.autocurate.forecast import forecast_of
from curate.autocurate.image_order import boxes_by_class, costs_of, pending_doubts
from curate.improve.loop import Loop, open_tasks
from curate.models import AutoCurate
from dataset.bulk import copy_out
from dataset.models import Annotation, Slice
from dataset.selectors import slices as slice_reads
from dataset.selectors.slice_sets import in_slice
from label.models import Batch, Task
from model.models import Run
from science.autocurate.review_order import ReviewSeconds, review_order
from science.guidance.power_law import NORMAL, Range

ENOUGH_TASKS = 10  # finished ones, from which on their median time counts instead of the defaults
TAKEN = ReviewSeconds()
UNUSED_BOXES = """
SELECT label_class_id, count(*) FROM dataset_annotation WHERE image_id = ANY(%s) AND died IS NULL AND ignore = 0
GROUP BY label_class_id
"""
UNUSED_LABELLED = """
SELECT count(DISTINCT image_id) FROM dataset_annotation WHERE image_id = ANY(%s) AND died IS NULL AND ignore = 0
"""


@dataclass(frozen=True)
class Corrections:
    """What reviewing a run's suggestions for so long is expected to bring."""

    suggestions: int
    minutes: float
    worth: float  # points of mAP
    right: Range  # of the suggestions


NOTHING = Corrections(0, 0.0, 0.0, Range(0.0, 0.0, 0.0))


def corrections_within(run: AutoCurate, minutes: float) -> Corrections:
    """What review brings in this time, best first, by the forecast that the run's own page shows.

    Of kinds whose rate is only bounded, and of a judge that sees too little, none may be right: they raise the upper
    end alone. A run of before there were rates has no forecast; its suggestions' chances stand for themselves.
    """
    found = forecast_of(run, minutes)
    if found is None:
        return _by_chances(run, minutes)
    if not found["looks"]:
        return NOTHING
    mended = found["mended"]
    right = Range(mended["value"], _sure_part(run) * mended["low"], mended["high"])
    return Corrections(found["looks"], found["seconds_used"] / 60, 100 * found["gain"]["value"], right)


def _sure_part(run: AutoCurate) -> float:
    """The part of the errors that may be found whose kind has a known rate; 0 where the judges see too little."""
    if run.report.get("weak_judge"):
        return 0.0
    rates: dict[str, Any] = run.report.get("rates") or {}
    scores = [(row.score, rates.get(row.kind, {}).get("known", True)) for row in pending_doubts(run)]
    total = sum(score for score, _ in scores)
    return sum(score for score, known in scores if known) / total if total else 0.0


def _by_chances(run: AutoCurate, minutes: float) -> Corrections:
    """The same from the suggestions alone: their chances, as unsure as chance is, at the costs of generated scenes."""
    rows = pending_doubts(run)
    order = review_order(
        image=[row.image_id for row in rows],
        chance=[row.score for row in rows],
        cost=costs_of(rows, boxes_by_class(run.dataset_id)),
        redrawn=[row.is_drawn for row in rows],
    )
    count = order.within(60 * minutes)
    if not count:
        return NOTHING
    chance = np.array([rows[at].score for at in order.rows[:count]], np.float64)
    expected, spread = float(chance.sum()), NORMAL * float(np.sqrt((chance * (1 - chance)).sum()))
    least = 0.0 if run.report.get("weak_judge") else max(0.0, expected - spread)
    right = Range(expected, least, min(float(count), expected + spread))
    return Corrections(count, float(order.seconds[count - 1] / 60), float(order.worth[count - 1]), right)


@dataclass(frozen=True)
class UnusedImages:
    """The images that the base was neither trained nor judged on."""

    images: int
    labelled: int
    boxes: Counter[int]  # labels by class id


@dataclass(frozen=True, eq=False)
class Measurements:
    """Numbers of a loop, each counted once, when it is asked for. Only for a loop that has a base."""

    loop: Loop
    base: Run

    @property
    def training_minutes(self) -> float | None:
        """The base's training, with its prediction."""
        return minutes_of(self.base)

    @cached_property
    def used(self) -> list[int]:
        """The images that were trained or judged on, or will be judged on."""
        manifests = (self.base.train_manifest, self.base.validation_manifest)
        judged = slice_reads.image_ids(self.judged_on).tolist()
        return sorted({*judged, *(pk for one in manifests if one for pk in one.image_ids)})

    @property
    def judged_on(self) -> Slice:
        """The slice that the next trainings are judged on."""
        return self.loop.validation_slice or self.base.validation_slice

    @cached_property
    def pool(self) -> UnusedImages:
        (ids,) = copy_out("SELECT id FROM dataset_image WHERE dataset_id = %s", [self.loop.dataset.pk], [np.int64])
        unused = np.setdiff1d(ids, np.array(self.used, np.int64)).tolist()
        with connection.cursor() as cursor:
            cursor.execute(UNUSED_BOXES, [unused])
            boxes = Counter(dict(cursor.fetchall()))
            cursor.execute(UNUSED_LABELLED, [unused])
            return UnusedImages(len(unused), int(cursor.fetchone()[0]), boxes)

    @cached_property
    def pool_query(self) -> str:
        """The query line that finds the unused images."""
        named = dict.fromkeys([*self.base.train_slices.order_by("pk"), self.base.validation_slice, self.judged_on])
        return " and ".join(f"not {in_slice(one)}" for one in named)

    @property
    def in_training(self) -> list[str]:
        """The conditions that find the images of the base's training slices, one each."""
        return [in_slice(one) for one in self.base.train_slices.order_by("pk")]

    @cached_property
    def objects_per_image(self) -> float:
        manifest = self.base.train_manifest
        return manifest.annotation_count / max(manifest.image_count, 1) if manifest else 0.0

    @cached_property
    def labelling_seconds(self) -> float:
        """What an image without labels takes a person: the median of those done here, else by its objects."""
        done = Task.objects.filter(batch__dataset=self.loop.dataset, state=Task.State.DONE, active_seconds__gt=0)
        done = done.exclude(batch__auto_curate__kind=AutoCurate.Kind.MISLABELS)
        seconds = list(done.values_list("active_seconds", flat=True))
        if len(seconds) >= ENOUGH_TASKS:
            return float(np.median(seconds))
        return TAKEN.open_image + self.objects_per_image * (TAKEN.decide + TAKEN.redraw)


def minutes_of(run: Run) -> float | None:
    """How long the run took; None where nobody noted when it began."""
    if run.started_at is None or run.finished_at is None:
        return None
    return float((run.finished_at - run.started_at).total_seconds() / 60)


def minutes_left(batch: Batch) -> float:
    """What a batch's open tasks will take: by its own finished ones where there are enough, else by its suggestions."""
    done = batch.tasks.filter(state=Task.State.DONE, active_seconds__gt=0)
    seconds = list(done.values_list("active_seconds", flat=True))
    if len(seconds) >= ENOUGH_TASKS:
        return open_tasks(batch) * float(np.median(seconds)) / 60
    if batch.auto_curate is not None and batch.auto_curate.kind == AutoCurate.Kind.MISLABELS:
        return corrections_within(batch.auto_curate, float("inf")).minutes
    boxes = Annotation.objects.filter(dataset=batch.dataset_id, died=None).aggregate(
        images=Count("image", distinct=True), boxes=Count(F("pk"))
    )
    each = TAKEN.open_image + boxes["boxes"] / max(boxes["images"], 1) * (TAKEN.decide + TAKEN.redraw)
    return float(open_tasks(batch) * each / 60)
