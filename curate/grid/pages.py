"""A page of the grid: images by keyset, and what is drawn on them. One query per concern, however many images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, DateTimeField, Field, JSONField, QuerySet
from django.db.models.expressions import OrderBy, RawSQL

from accounts.pages import PageRequest, cut_page, decoded_key, encoded_key
from accounts.problems import BadInput
from curate.grid.boxes import Boxes, Overlay, boxes_of
from curate.query.columns import IMAGE, FieldKind
from curate.query.ordering import Order, after_row, by_column, fits_order, total
from curate.query.sql import Sql
from dataset.models import Image
from dataset.selectors.images import file_url, label_states_of, thumb_url

ORDERS = ("id", "-id", "key", "-key")
NEAR = "near"  # as the query line's near() has them, nearest first; see curate/query/image_search.py
COLUMNS = ("id", "key", "width", "height", "sha256", "metadata", "sequence", "labelled_since")
SORT_KEY = "sort_key_{}"
FIELDS = {FieldKind.JSON: JSONField(), FieldKind.TIME: DateTimeField()}


@dataclass(frozen=True)
class GridRequest:
    """What a page of the grid asks for beside its images."""

    order: Order = ()
    after_image: Image | None = None  # begin after this one, wherever it stands
    with_boxes: bool = False
    overlay: Overlay = field(default_factory=Overlay)


def order_named(name: str) -> Order:
    """The order of that name; raises BadInput where there is none."""
    if name not in ORDERS:
        sentence = f"Images are ordered by {', '.join(ORDERS)}; not by {name}."
        raise BadInput(sentence, errors={"order": [sentence]})
    return by_column(name.lstrip("-"), IMAGE, descending=name.startswith("-"))


def ordered_images(images: QuerySet[Image], order: Order) -> QuerySet[Image]:
    """In the order asked for; by id where none is."""
    return images.order_by(
        *(
            OrderBy(_raw(key.value, key.kind), descending=key.descending, nulls_last=key.nullable or None)
            for key in total(order, IMAGE)
        )
    )


def after_key(images: QuerySet[Image], order: Order, after: list[Any] | None) -> QuerySet[Image]:
    """Only those that come after the last one already had."""
    if after is None:
        return images
    if not fits_order(order, after):
        raise BadInput("after must be the `next` of an earlier page in the same order.", errors={"after": ["Not one."]})
    later = after_row(order, after)
    return images.filter(RawSQL(later.text, later.params, output_field=BooleanField()))


def image_page(
    images: QuerySet[Image], wanted: PageRequest, asked: GridRequest
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of rows as the grid shows them, and what the next page is asked for by."""
    order = total(asked.order, IMAGE)
    keys = {SORT_KEY.format(place): _raw(key.value, key.kind) for place, key in enumerate(order)}
    after = wanted.after if asked.after_image is None else sort_keys(asked.after_image, keys)
    rows = after_key(ordered_images(images, order), order, after).values_list(*COLUMNS, *keys.values())
    shown, following = cut_page(list(rows[: wanted.fetch]), wanted, lambda row: row[len(COLUMNS) :])
    ids = [row[0] for row in shown]
    boxes = boxes_of(ids, asked.overlay) if asked.with_boxes else None
    present = boxes if asked.overlay.evaluation is None else None  # an evaluation's are of its own revision
    states = _states(shown, present) if present is not None else label_states_of(ids)
    return [_row(row[: len(COLUMNS)], states, boxes) for row in shown], following


def _states(rows: Sequence[tuple[Any, ...]], boxes: Boxes) -> dict[int, str]:
    """As label_states_of, seen from the present labels, which are all there."""
    labelled = {image_id for image_id, drawn in boxes.items() if any(box["kind"] == "gt" for box in drawn)}
    since = COLUMNS.index("labelled_since")
    return {
        row[0]: "labelled" if row[0] in labelled else "not_labelled" if row[since] is None else "negative"
        for row in rows
    }


def sort_keys(image: Image, keys: dict[str, RawSQL]) -> list[Any]:
    """The keys of one image, as the `next` of a page would give them."""
    row = Image.objects.filter(pk=image.pk).annotate(**keys).values_list(*keys).get()
    return decoded_key(encoded_key(row))


def _raw(value: Sql, kind: FieldKind) -> RawSQL:
    return RawSQL(value.text, value.params, output_field=FIELDS.get(kind, Field()))


def _row(columns: tuple[Any, ...], states: dict[int, str], boxes: Boxes | None) -> dict[str, Any]:
    """An image as the grid shows it, from its COLUMNS."""
    image_id, key, width, height, sha256, metadata, sequence, _ = columns
    row = {
        "id": image_id,
        "key": key,
        "thumb": thumb_url(image_id, sha256),
        "width": width,
        "height": height,
        "file": file_url(image_id, sha256),
        "metadata": metadata,
        "sequence": sequence,
        "label_state": states[image_id],
    }
    return row if boxes is None else row | {"boxes": boxes[image_id]}
