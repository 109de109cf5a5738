"""Charts of the boxes of the images shown: classes, sizes, shapes, places, provenance, boxes per image."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from curate.analytics.shown_images import (
    Chart,
    ChartBar,
    ShownImages,
    any_box,
    binned_bars,
    binned_boxes,
    class_condition,
    class_names,
    rows_of,
)
from curate.query import query_lines
from curate.query.columns import LABEL
from dataset.models import Provenance
from science.analytics.bins import (
    ACROSS_EDGES,
    AREA_EDGES,
    ASPECT_EDGES,
    COCO_EDGES,
    DOWN_EDGES,
    PERCENT_EDGES,
    count_edges,
)
from science.analytics.counting import Binned

PER_IMAGE = """
SELECT boxes, count(*) FROM (
    SELECT label.image_id, count(*) AS boxes FROM dataset_annotation label
    WHERE label.dataset_id = %s AND label.died IS NULL AND label.ignore = 0 {only} GROUP BY label.image_id
) counted GROUP BY boxes ORDER BY boxes
"""
# The edges in pixels are those of the query line: share · whole of each image size, compared with the same value.
# OFFSET 0 has them worked out once per size; without it they would be for every box.
SIZES = """
JOIN dataset_image picture ON picture.id = label.image_id
JOIN (SELECT picture.width, picture.height, {edges}
      FROM (SELECT DISTINCT width, height FROM dataset_image WHERE dataset_id = {dataset}) picture OFFSET 0) size
  ON size.width = picture.width AND size.height = picture.height
"""
# What 100 % of a field is, as the query line takes it.
WHOLE = {
    "area": "(picture.width::float8 * picture.height::float8)",
    "x": "picture.width::float8",
    "y": "picture.height::float8",
}
EDGES = "ARRAY(SELECT share * {whole} FROM unnest(%s::float8[]) share ORDER BY share) AS {name}"


def classes_chart(shown: ShownImages) -> Chart:
    """Boxes of each class, and images that have one; in class order."""
    classes = list(shown.dataset.classes.values_list("id", "name"))
    found = class_boxes(shown, [pk for pk, _ in classes])
    boxes, images = found.boxes(len(classes)), found.images(len(classes))
    bars = [
        ChartBar(images=int(n), boxes=int(b), label=name, class_id=pk, q=query_lines.boxes("any", [name]))
        for (pk, name), b, n in zip(classes, boxes, images, strict=True)
    ]
    return Chart("classes", "classes", images=shown.count(), boxes=int(boxes.sum()), bars=bars)


def class_boxes(shown: ShownImages, class_ids: list[int]) -> Binned:
    """Every box by the place of its class in the list."""
    return binned_boxes(shown, "array_position(%s::bigint[], label.label_class_id) - 1", [class_ids])


def area_chart(shown: ShownImages, class_id: int | None) -> Chart:
    """Sizes by area, in steps of √2 of the side; COCO's three sizes as parts."""
    every = sorted({*AREA_EDGES, *COCO_EDGES[1:]})
    found = _bucketed(shown, LABEL.columns["area"].sql, every, class_id)
    steps = np.searchsorted(AREA_EDGES, [-1.0, *every], side="right")
    coco = np.searchsorted(COCO_EDGES[1:], [-1.0, *every], side="right")
    clause = any_box(class_names(shown, class_id), "area")
    parts = _bars(found.merged(coco), COCO_EDGES[1:], clause)
    return Chart(
        "area", "log_bins", images=shown.count(), boxes=len(found.bins), parts=parts,
        bars=_bars(found.merged(steps), AREA_EDGES, clause),
    )  # fmt: skip


def aspect_chart(shown: ShownImages, class_id: int | None) -> Chart:
    """Width by height."""
    found = _bucketed(shown, LABEL.columns["aspect"].sql, ASPECT_EDGES, class_id)
    bars = _bars(found, ASPECT_EDGES, any_box(class_names(shown, class_id), "aspect"))
    return Chart("aspect", "log_bins", images=shown.count(), boxes=len(found.bins), bars=bars)


def relative_chart(shown: ShownImages, class_id: int | None) -> Chart:
    """Area in per cent of the image's."""
    area = LABEL.columns["area"]
    joins, params = _sizes(shown, [("edges", "area", PERCENT_EDGES)])
    condition, given = class_condition(shown, class_id)
    found = binned_boxes(shown, f"width_bucket({area.sql}, size.edges)", [*params, *given], joins=joins, only=condition)
    bars = _bars(found, PERCENT_EDGES, any_box(class_names(shown, class_id), "area", "%"))
    return Chart("relative", "log_bins", images=shown.count(), boxes=len(found.bins), bars=bars)


def _bucketed(shown: ShownImages, sql: str, edges: Any, class_id: int | None) -> Binned:
    condition, given = class_condition(shown, class_id)
    return binned_boxes(shown, f"width_bucket({sql}, %s::float8[])", [list(edges), *given], only=condition)


def _bars(found: Binned, edges: Any, clause: Any) -> list[ChartBar]:
    bins = len(edges) + 1
    return binned_bars(edges, found.boxes(bins), found.images(bins), clause)


def _sizes(shown: ShownImages, wanted: list[tuple[str, str, tuple[float, ...]]]) -> tuple[str, list[Any]]:
    """The join that gives each box the edges in pixels of its image's size, and its parameters."""
    edges = ", ".join(EDGES.format(whole=WHOLE[column], name=name) for name, column, _ in wanted)
    shares = [[percent / 100 for percent in percents] for _, _, percents in wanted]
    return SIZES.format(edges=edges, dataset=int(shown.dataset.pk)), shares


def per_image_chart(shown: ShownImages, class_id: int | None) -> Chart:
    """How many boxes images have; with a class, boxes of that class. Cut as the whole dataset is, to be compared."""
    counts, whole = _per_image(shown, class_id), shown.whole()
    most = max(whole.kept(f"most:{class_id}", lambda: _per_image(whole, class_id))) if shown.narrowed else max(counts)
    edges = count_edges(max(most, *counts))
    names = class_names(shown, class_id)
    places = np.searchsorted(edges, list(counts), side="right") - 1
    images = np.bincount(places, weights=list(counts.values()), minlength=len(edges)).astype(int)
    bars = [
        ChartBar(images=int(images[place]), low=low, high=high, q=_counted(names, low, high))
        for place, (low, high) in enumerate(pairwise(edges))
    ]
    boxes = sum(count * images for count, images in counts.items())
    return Chart("per_image", "bins", images=sum(counts.values()), boxes=boxes, bars=bars)


def _per_image(shown: ShownImages, class_id: int | None) -> dict[int, int]:
    """Images by their number of boxes."""
    condition, given = class_condition(shown, class_id)
    mine, params = shown.only("label.image_id")
    found = rows_of(PER_IMAGE.format(only=f"{condition} {mine}"), [shown.dataset.pk, *given, *params])
    return {0: shown.count() - sum(images for _, images in found), **dict(found)}


def _counted(names: list[str], low: int, high: int) -> str:
    """`count(*) = 3`, or `count(*) >= 4 and count(*) < 6`."""
    counted = query_lines.boxes("count", names)
    return f"{counted} = {low}" if high == low + 1 else query_lines.in_range(counted, low, high)


def provenance_chart(shown: ShownImages, class_id: int | None) -> Chart:
    """Where the labels came from."""
    condition, given = class_condition(shown, class_id)
    found = binned_boxes(shown, "label.provenance", given, only=condition)
    names, words = class_names(shown, class_id), [str(one.label) for one in Provenance]
    boxes, images = found.boxes(len(words)), found.images(len(words))
    bars = [
        ChartBar(
            images=int(n),
            boxes=int(b),
            label=word,
            q=query_lines.boxes("any", names, query_lines.equals("provenance", word)),
        )
        for word, b, n in zip(words, boxes, images, strict=True)
    ]
    return Chart("provenance", "values", images=shown.count(), boxes=len(found.bins), bars=bars)


@dataclass(frozen=True)
class Cell:
    """A rectangle of the heat map, in per cent of the image."""

    x: float
    y: float
    boxes: int
    images: int
    q: str


@dataclass(frozen=True)
class Centres:
    """Where the centres of boxes lie."""

    across: tuple[float, ...]  # edges, per cent of the width
    down: tuple[float, ...]
    aspect: float  # width by height of the images, the most frequent size
    boxes: int
    cells: list[Cell]  # those with boxes


def centres(shown: ShownImages, class_id: int | None) -> Centres:
    """The heat map of box centres, each box in the cell of its image's share."""
    x, y = LABEL.columns["x"], LABEL.columns["y"]
    joins, params = _sizes(shown, [("across", "x", ACROSS_EDGES), ("down", "y", DOWN_EDGES)])
    condition, given = class_condition(shown, class_id)
    columns, rows = len(ACROSS_EDGES) - 1, len(DOWN_EDGES) - 1
    # A centre on the right or lower edge belongs to the last cell.
    place = (
        f"LEAST(GREATEST(width_bucket({y.sql}, size.down), 1), {rows}) * {columns} - {columns} "
        f"+ LEAST(GREATEST(width_bucket({x.sql}, size.across), 1), {columns}) - 1"
    )
    found = binned_boxes(shown, place, [*params, *given], joins=joins, only=condition)
    boxes, images = found.boxes(rows * columns), found.images(rows * columns)
    names = class_names(shown, class_id)
    cells = [
        Cell(ACROSS_EDGES[k % columns], DOWN_EDGES[k // columns], int(boxes[k]), int(images[k]), _inside(names, k))
        for k in np.flatnonzero(boxes).tolist()
    ]
    return Centres(ACROSS_EDGES, DOWN_EDGES, _usual_aspect(shown), len(found.bins), cells)


def _inside(names: list[str], cell: int) -> str:
    """The clause of a cell; the outermost ones are open to the outside."""
    columns = len(ACROSS_EDGES) - 1
    across = _open(ACROSS_EDGES, cell % columns)
    down = _open(DOWN_EDGES, cell // columns)
    condition = query_lines.both_conditions(
        query_lines.in_range("x", *across, "%"), query_lines.in_range("y", *down, "%")
    )
    return query_lines.boxes("any", names, condition)


def _open(edges: tuple[float, ...], place: int) -> tuple[float | None, float | None]:
    return (edges[place] if place else None), (edges[place + 1] if place + 2 < len(edges) else None)


def _usual_aspect(shown: ShownImages) -> float:
    query = """SELECT width, height FROM dataset_image WHERE dataset_id = %s
               GROUP BY width, height ORDER BY count(*) DESC, width LIMIT 1"""
    found = rows_of(query, [shown.dataset.pk])
    return float(found[0][0] / max(found[0][1], 1)) if found else 16 / 9
