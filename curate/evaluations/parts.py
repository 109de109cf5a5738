"""An evaluation in parts: by what is known of its images, by slice, by tag, by the size of the object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from django.core.cache import cache

from accounts.natural_names import by_name
from accounts.problems import BadInput
from curate.analytics.fields import ChartField, fields_of
from curate.analytics.images import bin_bounds
from curate.analytics.shown_images import ShownImages
from curate.evaluations.kept_arrays import mask_of
from curate.models import Evaluation
from curate.query import image_search, query_lines
from dataset.models import Image
from science.evaluation.as_json import at_operating_point, interval_ends, json_number
from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import bootstrap
from science.evaluation.charts import FEW_RESAMPLES, boxes_of, image_count, verdict_counts
from science.evaluation.judged import JudgedEvaluation, Mask
from science.evaluation.size_parts import size_parts
from science.evaluation.tallies import Tally

KEEP = 24 * 3600  # seconds; an evaluation never changes, but slices, tags and metadata may: their masks are in the name
MOMENT = 5  # seconds that the images of a query line are remembered
MOST_PARTS = 60
SIZE, SLICE, TAG = "size", "slice", "tag"
KINDS = ("values", "bins", "list", "time")  # of fields that are cut into classes


@dataclass(frozen=True, eq=False)
class EvaluationPart:
    """Some images of an evaluation, and the query line that means them."""

    q: str
    images: Mask
    label: str | None = None  # of a value, a slice, a tag; bins are named by their bounds
    low: float | None = None
    high: float | None = None


def part_choices(evaluation: Evaluation) -> list[str]:
    """By what the evaluation can be taken apart."""
    names = [field.name for field in fields_of_evaluation(evaluation)]
    dataset = evaluation.dataset
    kept = [(SLICE, dataset.slices.exists()), (TAG, dataset.tags.exists())]
    return [SIZE, *(name for name, there in kept if there), *names]


def part_rows(
    judged: JudgedEvaluation,
    evaluation: Evaluation,
    by: str,
    *,
    confidence: float,
    iou: float,
    images: Mask | None = None,
) -> list[dict[str, Any]]:
    """A row for each part that has an image: AP with its interval, and counts at the operating point.

    Raises BadInput where there is nothing of that name to take it apart by.
    """
    if by == SIZE:
        return size_parts(judged, judged.tally(confidence=confidence, iou=iou, images=images), images)
    told = judged.tally(confidence=confidence, iou=iou)
    return [_described(judged, evaluation, part, told) for part in _cut(judged, evaluation, by, images)]


def _cut(judged: JudgedEvaluation, evaluation: Evaluation, by: str, images: Mask | None) -> Iterator[EvaluationPart]:
    for found in named_parts(evaluation, by):
        shown = images_of(judged, evaluation, found["q"])
        mask = shown if images is None else shown & images
        if mask.any():
            yield EvaluationPart(**found, images=mask)


def images_of(judged: JudgedEvaluation, evaluation: Evaluation, q: str, slice_id: int | None = None) -> Mask:
    """(I,) which of the evaluation's images a query line, a slice or both mean. Raises QueryError.

    Remembered for a moment: while a slider moves, the same line is asked for again and again.
    """
    asked = sha256(repr((evaluation.pk, evaluation.location, q, slice_id)).encode()).hexdigest()

    def read() -> bytes:
        return mask_of(judged, image_search.matching_images(evaluation.dataset, q, slice_id, evaluation)).tobytes()

    kept: bytes | None = cache.get_or_set(f"curate:part-images:{asked}", read, MOMENT)
    assert kept is not None
    return np.frombuffer(kept, np.bool_)


def named_parts(evaluation: Evaluation, by: str) -> list[dict[str, Any]]:
    """The parts by name: `q`, and `label` or the bounds. Raises BadInput where there is nothing called `by`."""
    dataset = evaluation.dataset
    if by in (SLICE, TAG):
        names = (dataset.slices if by == SLICE else dataset.tags).order_by(by_name()).values_list("name", flat=True)
        function = "in_slice" if by == SLICE else "tag"
        return [{"label": name, "q": f"{function}({query_lines.quoted_text(name)})"} for name in names[:MOST_PARTS]]
    field = next((one for one in fields_of_evaluation(evaluation) if one.name == by), None)
    if field is None:
        sentence = f"There is nothing called {by} to take an evaluation apart by."
        raise BadInput(sentence, errors={"by": [sentence]})
    return _clauses(field)


def _clauses(field: ChartField) -> list[dict[str, Any]]:
    lows, highs = bin_bounds(field)
    labels = field.places or [None] * len(field.clauses)
    return [
        {"q": q, "label": label, "low": low, "high": high}
        for q, label, low, high in zip(field.clauses, labels, lows, highs, strict=True)
    ]


def fields_of_evaluation(evaluation: Evaluation) -> list[ChartField]:
    """What is known of images in a few values or bands, cut as the analytics of the whole dataset cut it."""
    whole = ShownImages(evaluation.dataset, Image.objects.filter(dataset=evaluation.dataset), narrowed=False)
    return [field for field in fields_of(whole) if field.kind in KINDS and field.clauses]


def _described(judged: JudgedEvaluation, evaluation: Evaluation, part: EvaluationPart, told: Tally) -> dict[str, Any]:
    boxes = int(boxes_of(judged, part.images).sum())
    return {
        "label": part.label,
        "low": part.low,
        "high": part.high,
        "q": part.q,
        "images": image_count(judged, part.images),
        "boxes": boxes,
        **_scored(judged, evaluation, part.images),
        **at_operating_point(**verdict_counts(told.counts(part.images))),
    }


def _scored(judged: JudgedEvaluation, evaluation: Evaluation, images: Mask) -> dict[str, Any]:
    """AP and AP50 with intervals, kept: resamples of every part take a second where there are many images."""
    digest = sha256(np.packbits(images).tobytes()).hexdigest()
    found: dict[str, Any] | None = cache.get_or_set(
        f"curate:part:{evaluation.pk}:{evaluation.location}:{digest}", lambda: _score(judged, images), KEEP
    )
    assert found is not None
    return found


def _score(judged: JudgedEvaluation, images: Mask) -> dict[str, Any]:
    matches = judged.matches.of(images)
    figures = accumulate(matches).figures()
    drawn = bootstrap(matches, groups=judged.units.groups, resamples=FEW_RESAMPLES)
    return {
        "AP": json_number(figures["AP"]),
        "AP50": json_number(figures["AP50"]),
        "AR": json_number(figures["AR100"]),
        "interval": interval_ends(drawn.map),
    }
