"""Where objects are read and what is asked of them: pieces of SQL that pages, counts, facets and bulk actions share.

An object is a current label or, with an evaluation, one match of it: a pair that agrees, a prediction that is wrong,
a label that was missed. Its id is the label's row, with an evaluation the match's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from curate.grid.object_changes import Pair, Seen
from curate.models import Evaluation
from curate.query.sql import Sql, all_of, any_of
from dataset.models import Dataset, Image, Provenance

# Areas in square pixels from which on, and below which, as COCO has them.
SIZES: dict[str, tuple[int, int]] = {"small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 2**31)}
LABELS = "dataset_annotation label"
MATCHES = """
curate_match match LEFT JOIN dataset_annotation label ON label.id = match.annotation_id
LEFT JOIN dataset_prediction prediction ON prediction.id = match.prediction_id
"""


@dataclass(frozen=True)
class Span:
    """From `low` on, up to and with `high`, less than `below`; None is open."""

    low: float | None = None
    high: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Conditions:
    """What is asked of objects beside their images; an empty list asks nothing."""

    classes: Sequence[int] = ()
    sizes: Sequence[str] = ()
    provenances: Sequence[str] = ()
    verdicts: Sequence[str] = ()
    errors: Sequence[str] = ()
    score: Span = field(default_factory=Span)
    iou: Span = field(default_factory=Span)
    area: Span = field(default_factory=Span)  # square pixels
    cell: tuple[int | None, int | None] | None = None  # of the confusion matrix: labelled, predicted; None = background
    pair: Pair | None = None  # of a comparison: only images that both judged, and `changed` may be asked
    changed: Sequence[str] = ()

    @property
    def narrowed(self) -> bool:
        lists = (self.classes, self.sizes, self.provenances, self.verdicts, self.errors, self.changed)
        return any(lists) or self.ranged or self.cell is not None

    @property
    def ranged(self) -> bool:
        return any(span != Span() for span in (self.score, self.iou, self.area))


@dataclass(frozen=True)
class ObjectSource:
    """The FROM part, the condition that always holds, and what an object's parts are called in SQL."""

    table: str
    where: Sql
    id: str
    image: str
    judged: bool  # with verdicts, errors, scores and IoUs
    evaluation: int = 0  # whose matches they are

    @property
    def label_class(self) -> str:
        return self.either("label_class_id")

    def either(self, column: str) -> str:
        """A column of the label, or where there is none of the prediction."""
        return f"COALESCE(label.{column}, prediction.{column})" if self.judged else f"label.{column}"

    @property
    def area(self) -> str:
        x1, y1, x2, y2 = (f"{self.either(side)}::float8" for side in ("x1", "y1", "x2", "y2"))
        return f"(({x2} - {x1}) * ({y2} - {y1}))"

    @property
    def size(self) -> str:
        """One of SIZES, in SQL."""
        (_, small), (_, medium), _ = SIZES.values()
        return (
            f"CASE WHEN {self.area} < {small} THEN 'small' WHEN {self.area} < {medium} THEN 'medium' ELSE 'large' END"
        )


def source_of(dataset: Dataset, evaluation: Evaluation | None) -> ObjectSource:
    """The dataset's current labels, or the evaluation's matches."""
    if evaluation is not None:
        return source_for(evaluation.pk)
    current = Sql("label.dataset_id = %s AND label.died IS NULL", (dataset.pk,))
    return ObjectSource(LABELS, current, "label.id", "label.image_id", judged=False)


def source_for(evaluation: int) -> ObjectSource:
    """The matches of an evaluation by its id."""
    of_it = Sql("match.evaluation_id = %s", (evaluation,))
    return ObjectSource(MATCHES, of_it, "match.id", "match.image_id", judged=True, evaluation=evaluation)


def other_evaluation(source: ObjectSource, conditions: Conditions) -> Seen | None:
    """The other evaluation of the comparison that is asked about."""
    return conditions.pair.seen_from(source.evaluation) if conditions.pair else None


def asked_objects(source: ObjectSource, shown: QuerySet[Image] | None, conditions: Conditions) -> Sql:
    """All that is asked: of the images (None: nothing) and of the objects."""
    parts = [source.where, *_ranges(source, conditions), *_lists(source, conditions)]
    return all_of([*parts, *([] if shown is None else [on_images(source, shown)])])


def on_images(source: ObjectSource, shown: QuerySet[Image]) -> Sql:
    """Only objects of these images."""
    text, params = shown.order_by().values("id").query.sql_with_params()
    return Sql(f"{source.image} IN ({text})", params)


def facet_objects(source: ObjectSource, shown: QuerySet[Image] | None, conditions: Conditions) -> Sql:
    """As `asked`, without the conditions that are lists: what facets count within."""
    within = replace(conditions, classes=(), sizes=(), provenances=(), verdicts=(), errors=(), changed=())
    return asked_objects(source, shown, within)


def _lists(source: ObjectSource, conditions: Conditions) -> list[Sql]:
    found = []
    if conditions.classes:
        found.append(_of_class(source, list(conditions.classes)))
    if conditions.sizes:
        found.append(any_of(_of_size(source, size) for size in conditions.sizes))
    if conditions.provenances:
        numbers = [Provenance[name.upper()].value for name in conditions.provenances]
        found.append(Sql("label.provenance = ANY(%s)", (numbers,)))
    if conditions.verdicts:
        found.append(Sql("match.verdict = ANY(%s)", (list(conditions.verdicts),)))
    if conditions.errors:
        found.append(Sql("match.error = ANY(%s)", (list(conditions.errors),)))
    if conditions.changed and (other := other_evaluation(source, conditions)):
        found.append(other.changed(tuple(conditions.changed)))
    return found


def _of_class(source: ObjectSource, classes: list[int]) -> Sql:
    """By the columns that the indexes have: of a match the labelled class, of a false positive the predicted one."""
    if not source.judged:
        return (
            Sql("label.label_class_id = %s", (classes[0],))
            if len(classes) == 1
            else Sql("label.label_class_id = ANY(%s)", (classes,))
        )
    return Sql(
        "((match.verdict <> 'fp' AND match.truth_class_id = ANY(%s))"
        " OR (match.verdict = 'fp' AND match.predicted_class_id = ANY(%s)))",
        (classes, classes),
    )


def _of_size(source: ObjectSource, size: str) -> Sql:
    low, high = SIZES[size]
    return Sql(f"({source.area} >= %s AND {source.area} < %s)", (low, high))


def _of_cell(labelled: int | None, predicted: int | None) -> Sql:
    """Each labelled box and each prediction stands in one cell: see `Match`."""
    if labelled is None:
        return Sql(
            "(match.verdict = 'fp' AND match.truth_class_id IS NULL AND match.predicted_class_id = %s)", (predicted,)
        )
    across = (
        Sql("match.predicted_class_id IS NULL")
        if predicted is None
        else Sql("match.predicted_class_id = %s", (predicted,))
    )
    return all_of([Sql("match.verdict <> 'fp' AND match.truth_class_id = %s", (labelled,)), across])


def _ranges(source: ObjectSource, conditions: Conditions) -> list[Sql]:
    found = [] if conditions.cell is None else [_of_cell(*conditions.cell)]
    if other := other_evaluation(source, conditions):
        found += other.on_common_images()
    columns = (("match.score", "real", conditions.score), ("match.iou", "real", conditions.iou))
    for column, kind, span in (*columns, (source.area, "float8", conditions.area)):
        for op, bound in ((">=", span.low), ("<=", span.high), ("<", span.below)):
            if bound is not None:
                found.append(Sql(f"{column} {op} %s::{kind}", (bound,)))
    return found
