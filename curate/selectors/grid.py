"""A page of the grid: images by keyset, and what is drawn on them. One query per concern, however many images."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.pages import PageRequest, cut
from accounts.problems import BadInput
from curate.selectors.boxes import Overlay, boxes_of
from dataset.models import Image
from dataset.selectors.images import file_url, image_brief

ORDERS = ("id", "-id", "key", "-key")
COLUMNS = ("id", "key", "width", "height", "sha256", "metadata", "sequence")


@dataclass(frozen=True)
class GridRequest:
    """What a page of the grid asks for beside its images."""

    order: str = "id"
    with_boxes: bool = False
    overlay: Overlay = field(default_factory=Overlay)


def check_order(order: str) -> str:
    """The order, if there is such a one; raises BadInput."""
    if order not in ORDERS:
        sentence = f"Images are ordered by {', '.join(ORDERS)}; not by {order}."
        raise BadInput(sentence, errors={"order": [sentence]})
    return order


def ordered(images: QuerySet[Image], order: str) -> QuerySet[Image]:
    """In the order asked for. Ids and keys are unique in a dataset, so the order is total."""
    return images.order_by(check_order(order))


def after_key(images: QuerySet[Image], order: str, after: list[Any] | None) -> QuerySet[Image]:
    """Only those that come after the last one already had."""
    if after is None:
        return images
    column, direction = order.lstrip("-"), "lt" if order.startswith("-") else "gt"
    if len(after) != 1 or not isinstance(after[0], int if column == "id" else str):
        raise BadInput("after must be the `next` of an earlier page in the same order.", errors={"after": ["Not one."]})
    return images.filter(**{f"{column}__{direction}": after[0]})


def page(images: QuerySet[Image], wanted: PageRequest, asked: GridRequest) -> tuple[list[dict[str, Any]], str | None]:
    """One page of rows as the grid shows them, and what the next page is asked for by."""
    rows = after_key(ordered(images, asked.order), asked.order, wanted.after).only(*COLUMNS)[: wanted.fetch]
    column = asked.order.lstrip("-")
    shown, following = cut(list(rows), wanted, lambda image: [getattr(image, column)])
    boxes = boxes_of([image.pk for image in shown], asked.overlay) if asked.with_boxes else None
    return [_row(image, boxes) for image in shown], following


def _row(image: Image, boxes: dict[int, list[dict[str, Any]]] | None) -> dict[str, Any]:
    row = {
        **image_brief(image),
        "file": file_url(image.pk, image.sha256),
        "metadata": image.metadata,
        "sequence": image.sequence,
    }
    return row if boxes is None else {**row, "boxes": boxes[image.pk]}
