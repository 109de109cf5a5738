"""What every chart of the analytics page starts from: the images shown, and one pass over their boxes or rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from curate.query import query_lines
from dataset.models import Dataset, Image
from science.analytics.counting import Binned

Found = TypeVar("Found")

KEEP = 60  # seconds; metadata and slices can change without a revision
BIN_BITS = 16  # a box travels as image · 2^16 + bin

# One number per box, packed into one value: in parallel, and without a row for each in Python.
BOXES = """
SELECT string_agg(int8send(label.image_id * {bins} + ({bin})), '')
FROM dataset_annotation label {joins}
WHERE label.dataset_id = %s AND label.died IS NULL AND label.ignore = 0 {only}
"""


@dataclass(frozen=True)
class ShownImages:
    """The images that a chart is about. `narrowed` is false where they are the whole dataset."""

    dataset: Dataset
    images: QuerySet[Image]
    narrowed: bool
    name: str = ""  # tells one query, slice and evaluation from another
    line: str = ""  # the query line
    others: tuple[QuerySet[Image], ...] = ()  # further sets that are shown together with these

    def only(self, column: str) -> tuple[str, tuple[Any, ...]]:
        """SQL that keeps the rows whose `column` is one of the images; nothing where all are."""
        if not self.narrowed:
            return "", ()
        sets = (self.images, *self.others)
        inner = [one.order_by().values("id").query.sql_with_params() for one in sets]
        some = " OR ".join(f"{column} IN ({text})" for text, _ in inner)
        return f"AND ({some})", tuple(value for _, params in inner for value in params)

    def whole(self) -> ShownImages:
        """All images of the dataset."""
        return ShownImages(self.dataset, Image.objects.filter(dataset=self.dataset), narrowed=False)

    def count(self) -> int:
        return self.images.count() if self.narrowed else self.dataset.image_count

    def kept(self, chart: str, compute: Callable[[], Found]) -> Found:
        """What `compute` gives, from the cache where labels, images and question are the same."""
        dataset = self.dataset
        version = (dataset.pk, dataset.head_revision, dataset.image_count, dataset.metadata_keys, self.name, chart)
        name = hashlib.sha256(repr(version).encode()).hexdigest()
        found = cache.get_or_set(f"curate:analytics:{name}", compute, KEEP)
        assert found is not None
        return found


@dataclass(frozen=True)
class ChartBar:
    """One mark of a chart, and the query line that opens its images."""

    images: int
    q: str
    boxes: int | None = None
    label: str | None = None  # of a value; bins are named by their edges
    low: float | None = None
    high: float | None = None
    class_id: int | None = None


@dataclass(frozen=True)
class Chart:
    """The marks of one chart. `images` and `boxes` are what a share is of; `unknown` images have no value."""

    name: str
    kind: str  # classes, values, bins, log_bins, time
    images: int
    bars: list[ChartBar]
    boxes: int | None = None
    unknown: int = 0
    unknown_q: str = ""
    others: int = 0  # images with a value beyond the most frequent ones
    parts: list[ChartBar] = field(default_factory=list)  # the same boxes in coarser parts
    unit: str = ""  # of a time line: hour, day, month, year


def rows_of(query: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def binned_boxes(
    shown: ShownImages, bin_sql: str, params: Sequence[Any] = (), *, joins: str = "", only: str = ""
) -> Binned:
    """Every current box of the images with the number (0 to 65,535) that `bin_sql` gives it; null is left out.

    `params` are those of the bin, the joins and `only`, in this order, the dataset's id excepted.
    """
    mine, mine_params = shown.only("label.image_id")
    query = BOXES.format(bins=1 << BIN_BITS, bin=bin_sql, joins=joins, only=f"{only} {mine}")
    places = query.index("WHERE label.dataset_id")
    before = query[:places].count("%s")
    ordered = [*params[:before], shown.dataset.pk, *params[before:], *mine_params]
    packed = rows_of(query, ordered)[0][0] or b""
    values: NDArray[np.int64] = np.frombuffer(packed, ">i8").astype(np.int64)
    return Binned(values >> BIN_BITS, values & ((1 << BIN_BITS) - 1))


def class_condition(shown: ShownImages, class_id: int | None) -> tuple[str, tuple[Any, ...]]:
    return ("AND label.label_class_id = %s", (class_id,)) if class_id is not None else ("", ())


def class_names(shown: ShownImages, class_id: int | None) -> list[str]:
    """The class as a function of the query line takes it; none is every class."""
    return list(shown.dataset.classes.filter(pk=class_id).values_list("name", flat=True)) if class_id else []


def binned_bars(
    edges: Sequence[float],
    boxes: Sequence[int] | NDArray[np.int64],
    images: Sequence[int] | NDArray[np.int64],
    clause: Callable[[float | None, float | None], str],
) -> list[ChartBar]:
    """A bar for each bin; bin 0 lies below the first edge, the last one at or above the last edge."""
    lows: list[float | None] = [None, *edges]
    highs: list[float | None] = [*edges, None]
    return [
        ChartBar(images=int(n), boxes=int(b), low=low, high=high, q=clause(low, high))
        for low, high, b, n in zip(lows, highs, boxes, images, strict=True)
    ]


def any_box(names: list[str], field_name: str, unit: str = "") -> Callable[[float | None, float | None], str]:
    """The clause of a bin of boxes: `any(car, area >= 1024 and area < 2048)`."""
    return lambda low, high: query_lines.boxes("any", names, query_lines.in_range(field_name, low, high, unit))
