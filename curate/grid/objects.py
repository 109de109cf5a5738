"""Pages, counts and ids of objects; see object_sources for what an object is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from accounts.pages import PageRequest, cut_page
from accounts.problems import BadInput
from curate.grid.object_sources import Conditions, ObjectSource, asked_objects, source_of
from curate.grid.small_shapes import small_shape
from curate.models import Evaluation
from curate.query.sql import Sql, all_of
from dataset.bulk import copy_out
from dataset.models import Dataset, Image, Provenance
from dataset.selectors.images import crop_url, file_url, image_brief
from storage.crops import region_around

Ids = NDArray[np.int64]

JUDGED_ORDERS = ("score", "-score", "iou", "-iou")
ORDERS = ("id", "-id", "area", "-area", *JUDGED_ORDERS)
SIDES = ("x1", "y1", "x2", "y2")
LABEL_COLUMNS = ("id", "object_id", "label_class_id", *SIDES, "provenance", "attributes", "shape")
MATCH_COLUMNS = ("verdict", "error", "score", "iou")
PREDICTION_COLUMNS = ("id", "label_class_id", *SIDES)


@dataclass(frozen=True)
class ObjectList:
    """Which objects are meant: of some images (`shown`, None: of all), under conditions."""

    dataset: Dataset
    shown: QuerySet[Image] | None = None
    evaluation: Evaluation | None = None
    conditions: Conditions = field(default_factory=Conditions)

    @property
    def source(self) -> ObjectSource:
        return source_of(self.dataset, self.evaluation)

    def asked(self) -> Sql:
        return asked_objects(self.source, self.shown, self.conditions)

    def chosen(self, *, ids: Ids | None, without: Ids) -> Sql:
        """Of these objects those with the ids, or (None) all without some."""
        if ids is not None:
            return all_of([self.source.where, Sql(f"{self.source.id} = ANY(%s)", (ids.tolist(),))])
        left_out = Sql(f"{self.source.id} <> ALL(%s)", (without.tolist(),))
        return all_of([self.asked(), *([left_out] if len(without) else [])])


def object_count(objects: ObjectList) -> int:
    """How many; of all labels from the dataset's own count."""
    if objects.shown is None and objects.evaluation is None and not objects.conditions.narrowed:
        return objects.dataset.annotation_count
    where = objects.asked()
    return int(_rows(f"SELECT count(*) FROM {objects.source.table} WHERE {where.text}", where.params)[0][0])


def check_order(order: str, *, judged: bool) -> str:
    """The order, if there is such a one; raises BadInput."""
    known = ORDERS if judged else ORDERS[: -len(JUDGED_ORDERS)]
    if order in known:
        return order
    sentence = f"Objects are ordered by {', '.join(known)}; not by {order}."
    raise BadInput(sentence, errors={"order": [sentence]})


def place_in(source: ObjectSource, order: str) -> str:
    """The SQL of what a list is ordered by, never null; ties are ordered by id. Raises BadInput where it is nothing."""
    return {
        "id": source.image,
        "area": source.area,
        "score": "COALESCE(match.score, 0)::float8",
        "iou": "COALESCE(match.iou, 0)::float8",
    }[check_order(order, judged=source.judged).lstrip("-")]


def ordered_ids(objects: ObjectList, order: str, *, skip: int, limit: int) -> list[int]:
    """The ids at some places of the list."""
    statement, params = _listed(objects, order, None, objects.source.id)
    return [row[0] for row in _rows(f"{statement} LIMIT %s OFFSET %s", (*params, limit, skip))]


def object_page(
    objects: ObjectList, wanted: PageRequest, order: str, *, skip: int = 0
) -> tuple[list[dict[str, Any]], str | None]:
    """One page, `skip` objects after where it would begin, and what the next page is asked for by."""
    source = objects.source
    columns = [source.id, place_in(source, order), source.image, *(f"label.{name}" for name in LABEL_COLUMNS)]
    if source.judged:
        columns += [f"match.{name}" for name in MATCH_COLUMNS]
        columns += [f"prediction.{name}" for name in PREDICTION_COLUMNS]
    statement, params = _listed(objects, order, wanted.after, ", ".join(columns))
    found = _rows(f"{statement} LIMIT %s OFFSET %s", (*params, wanted.fetch, skip))
    rows, following = cut_page(found, wanted, lambda row: [row[1], row[0]])
    images = Image.objects.in_bulk({row[2] for row in rows})
    return [_object(row, images[row[2]]) for row in rows if row[2] in images], following


def annotation_ids(objects: ObjectList, *, ids: Ids | None, without: Ids) -> Ids:
    """The current labels of the chosen objects, ascending. A match leads to what its label has become."""
    where = objects.chosen(ids=ids, without=without)
    query = f"SELECT {objects.source.id} FROM {objects.source.table} WHERE {where.text}"
    if objects.source.judged:
        query = (
            f"SELECT now.id FROM {objects.source.table} JOIN dataset_annotation now"
            " ON now.image_id = label.image_id AND now.object_id = label.object_id AND now.died IS NULL"
            f" WHERE {where.text}"
        )
    return np.unique(copy_out(query, where.params, [np.int64])[0])


def image_ids(objects: ObjectList, *, ids: Ids | None, without: Ids) -> Ids:
    """The images of the chosen objects, ascending."""
    where = objects.chosen(ids=ids, without=without)
    query = f"SELECT DISTINCT {objects.source.image} FROM {objects.source.table} WHERE {where.text}"
    return np.sort(copy_out(query, where.params, [np.int64])[0])


def _listed(objects: ObjectList, order: str, after: list[Any] | None, columns: str) -> tuple[str, tuple[Any, ...]]:
    """The statement of the list in its order, after a place in it."""
    source, where = objects.source, objects.asked()
    place = place_in(source, order)
    comparison, direction = ("<", "DESC") if order.startswith("-") else (">", "ASC")
    if after is not None:
        where = all_of([where, Sql(f"({place}, {source.id}) {comparison} (%s, %s)", _checked(after))])
    statement = (
        f"SELECT {columns} FROM {source.table} WHERE {where.text} ORDER BY {place} {direction}, {source.id} {direction}"
    )
    return statement, where.params


def _checked(after: list[Any]) -> tuple[float, int]:
    kinds = [type(part) for part in after]  # True is an int to isinstance, and no number to Postgres
    if kinds not in ([int, int], [float, int]):
        raise BadInput("after must be the `next` of an earlier page in the same order.", errors={"after": ["Not one."]})
    return after[0], after[1]


def _rows(statement: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return list(cursor.fetchall())


def _object(row: tuple[Any, ...], image: Image) -> dict[str, Any]:
    """One object as the grid shows it: its boxes, the cut-out around the first of them, and what is known of it."""
    label = dict(zip(LABEL_COLUMNS, row[3:], strict=False))
    judged = row[3 + len(LABEL_COLUMNS) :]
    match = dict(zip(MATCH_COLUMNS, judged, strict=False))
    predicted = dict(zip(PREDICTION_COLUMNS, judged[len(MATCH_COLUMNS) :], strict=False))
    boxes = [
        _box(kind, part, match) for kind, part in (("gt", label), ("pred", predicted)) if part.get("id") is not None
    ]
    first, kind = boxes[0], "annotations" if boxes[0]["kind"] == "gt" else "predictions"
    region = region_around(first["box"], image.width, image.height)
    return {
        "id": row[0],
        "image": {**image_brief(image), "file": file_url(image.pk, image.sha256)},
        "object_id": label["object_id"],
        "class_id": first["class_id"],
        "box": first["box"],
        "region": list(region),
        "crop": crop_url(kind, first["id"], image.sha256),
        "provenance": None if label["provenance"] is None else Provenance(label["provenance"]).label,
        "attributes": loaded(label["attributes"]),
        "boxes": boxes,
        **{name: value for name, value in match.items() if value not in (None, "")},
    }


def loaded(value: Any) -> dict[str, Any]:
    """A JSON column as Python has it; the raw cursor gives text."""
    return json.loads(value) if isinstance(value, str) else value or {}


def _box(kind: str, part: dict[str, Any], match: dict[str, Any]) -> dict[str, Any]:
    box = {
        "kind": kind,
        "id": part["id"],
        "class_id": part["label_class_id"],
        "box": [part[side] for side in SIDES],
    }
    score = {"score": match["score"]} if kind == "pred" else {}
    shape = {"shape": small_shape(bytes(part["shape"]))} if part.get("shape") is not None else {}
    return {**box, **score, **shape, **{name: match[name] for name in ("verdict", "error") if match.get(name)}}
