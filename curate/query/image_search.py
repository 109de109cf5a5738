"""Which images a query line, a slice or both mean."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.problems import BadInput
from curate.models import Evaluation
from curate.query.compiler import compile_line
from curate.query.likeness import nearest_first
from curate.query.names import DatasetNames
from curate.query.ordering import Order
from curate.query.sql import TRUE
from dataset.models import Dataset, Image


@dataclass(frozen=True)
class FoundImages:
    """The images that a line means, in no order yet, and the order that it asks for (empty: none)."""

    images: QuerySet[Image]
    order: Order = ()


def find_images(
    dataset: Dataset, q: str = "", slice_id: int | None = None, evaluation: Evaluation | None = None
) -> FoundImages:
    """The dataset's images that the query line means, within a slice where one is given. Raises QueryError.

    `evaluation` is the one that tp(), fp() and fn() mean where they name none.
    """
    images = Image.objects.filter(dataset=dataset)
    if slice_id is not None:
        images = images.filter(slice_images__slice=slice_id)
    line = compile_line(q, DatasetNames(dataset, evaluation))
    if line.where is not TRUE:
        images = images.filter(RawSQL(line.where.text, line.where.params, output_field=BooleanField()))
    return FoundImages(images, line.order)


def matching_images(
    dataset: Dataset, q: str = "", slice_id: int | None = None, evaluation: Evaluation | None = None
) -> QuerySet[Image]:
    """As `found`, whatever the order."""
    return find_images(dataset, q, slice_id, evaluation).images


def image_ids(
    dataset: Dataset, q: str = "", slice_id: int | None = None, evaluation: Evaluation | None = None
) -> list[int]:
    """Their ids, rising."""
    return list(matching_images(dataset, q, slice_id, evaluation).order_by("id").values_list("id", flat=True))


def nearest_in(dataset: Dataset, q: str) -> Order:
    """The order from near to far of what the line's near() names. Raises BadInput where the line has none."""
    order = nearest_first(q, DatasetNames(dataset))
    if not order:
        sentence = "The order near needs near(image = …) or near(object = …) in the query line."
        raise BadInput(sentence, errors={"order": [sentence]})
    return order
