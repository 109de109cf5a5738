"""What the reports of evaluations and comparisons show: the answers of the API, read once more."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from accounts.models import User
from curate.analytics.fields import ChartField
from curate.analytics.shown_images import rows_of
from curate.evaluations import parts
from curate.evaluations.kept_arrays import judged_evaluation
from curate.models import Comparison, Evaluation
from curate.reports import pictures
from curate.reports.document.content import (
    ClassName,
    ComparisonContent,
    EvaluationContent,
    Group,
    Json,
    Made,
    ReportSide,
)
from curate.reports.document.words import words
from dataset.models import Dataset
from science.evaluation import charts
from science.evaluation.arrays import FLOOR
from science.evaluation.judged import JudgedEvaluation, Mask
from science.evaluation.verdicts import FN, TP, VerdictRows

MOST_FIELDS = 3  # that differ most
MOST_PARTS = 12  # of a field that is shown
CODED = ("values", "bins", "time")  # kinds of fields whose code places every image


def made_for(dataset: Dataset, *, reader: User, language: str, api: str) -> Made:
    """Who asks, when, and the dataset's classes. `api` is the address below which the API answers."""
    classes = dataset.classes.order_by("index").values_list("id", "name", "colour")
    named = [ClassName(*one) for one in classes]
    return Made(words(language), dataset.name, named, reader.name or reader.email, timezone.now(), api)


def side_of(row: Evaluation, described: Json, made: Made) -> ReportSide:
    person = row.created_by
    by = (person.name or person.email) if person else made.words("halfday")
    narrowed = row.manifest_id != row.prediction_set.manifest_id and len(described["slices"]) == 1
    within = described["slices"][0]["id"] if narrowed else None
    return ReportSide(described, row.manifest.content_hash, by, narrowed_to=within)


def evaluation_content(row: Evaluation, described: Json, made: Made, *, with_pictures: bool) -> EvaluationContent:
    """All of a finished evaluation at its own operating point; `described` is what the API gives of it.

    Raises Conflict where its files are gone.
    """
    arrays = judged_evaluation(row)
    conf, iou = FLOOR if row.conf is None else row.conf, row.iou
    return EvaluationContent(
        made=made,
        side=side_of(row, described, made),
        at=charts.at_point(arrays, confidence=conf, iou=iou),
        over=charts.over_confidence(arrays, iou=iou),
        budget=charts.error_budget_chart(arrays, iou=iou),
        sizes=parts.part_rows(arrays, row, parts.SIZE, confidence=conf, iou=iou),
        parts=[
            (field.name, parts.part_rows(arrays, row, field.name, confidence=conf, iou=iou))
            for field in telling_fields(arrays, row, arrays.verdicts(confidence=conf, iou=iou))
        ],
        weak=row.weak_slices,
        pictures=pictures.of_evaluation(arrays, row, made) if with_pictures else [],
        resamples=charts.FEW_RESAMPLES,
        without_pictures=not with_pictures,
    )


def telling_fields(arrays: JudgedEvaluation, row: Evaluation, rows: VerdictRows) -> list[ChartField]:
    """The fields whose parts differ most in recall at the operating point, those that differ most first."""
    images = len(arrays.ground.image_ids)
    found = np.bincount(rows.image_index[rows.verdict == TP], minlength=images)
    boxes = found + np.bincount(rows.image_index[rows.verdict == FN], minlength=images)
    ranked = [
        (spread(place, found, boxes), field)
        for field in parts.fields_of_evaluation(row)
        if field.kind in CODED
        and 2 <= len(np.unique((place := places(field, arrays.ground.image_ids))[place >= 0])) <= MOST_PARTS
    ]
    ranked.sort(key=lambda one: -one[0])
    return [field for _, field in ranked[:MOST_FIELDS]]


def places(field: ChartField, image_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """(I,) the part of the field in which each image lies; -1 for none."""
    query = f"SELECT id, {field.code} FROM dataset_image WHERE id = ANY(%s)"
    found = dict(rows_of(query, [*field.params, image_ids.tolist()]))
    return np.array([-1 if found.get(pk) is None else found[pk] for pk in image_ids.tolist()], np.int64)


def spread(place: NDArray[np.int64], found: NDArray[np.int64], boxes: NDArray[np.int64]) -> float:
    """How far recall differs between parts: Σ boxes · (recall − mean)² over parts, by the number of parts less one."""
    known = place >= 0
    hits = np.bincount(place[known], found[known])
    labelled = np.bincount(place[known], boxes[known])
    there = labelled > 0
    if there.sum() < 2:
        return 0.0
    recall, mean = hits[there] / labelled[there], hits.sum() / labelled.sum()
    return float((labelled[there] * (recall - mean) ** 2).sum() / (there.sum() - 1))


def comparison_content(row: Comparison, described: Json, made: Made, *, with_pictures: bool) -> ComparisonContent:
    """All of a finished comparison; `described` is what the API gives of it."""
    pair = pair_of(row)
    over, groups = None, list[Group]()
    if pair is not None:
        arrays = tuple(judged_evaluation(one) for one in pair)
        over = curves_of_both(arrays, pair[1].iou)
        if with_pictures:
            groups = pictures.of_comparison(arrays, pair, made, described)
    return ComparisonContent(
        made=made,
        described=described,
        a=side_of(row.a, described["a"], made),
        b=side_of(row.b, described["b"], made),
        over=over,
        pictures=groups,
        without_pictures=not with_pictures,
    )


def pair_of(row: Comparison) -> tuple[Evaluation, Evaluation] | None:
    """Both sides on the same labels; None where the earlier's evaluation on the later's labels was removed."""
    result: dict[str, Any] = row.result or {}
    named = Evaluation.objects.select_related("dataset", "prediction_set", "manifest")
    earlier = named.filter(pk=result.get("pair", {}).get("a"), finished_at__isnull=False).first()
    later = named.filter(pk=row.b_id, finished_at__isnull=False).first()
    return (earlier, later) if earlier and later else None


def curves_of_both(arrays: tuple[JudgedEvaluation, ...], iou: float) -> tuple[Json, Json]:
    """Precision over recall of both on their common images."""
    before, after = arrays
    return tuple(  # type: ignore[return-value]  # there are two
        charts.over_confidence(one, iou=iou, images=common_images(one, other))
        for one, other in ((before, after), (after, before))
    )


def common_images(one: JudgedEvaluation, other: JudgedEvaluation) -> Mask | None:
    """(I,) the images of the one that the other has too; None where that is all."""
    shared = np.isin(one.ground.image_ids, other.ground.image_ids)
    return None if shared.all() else shared
