"""Which images a query line, a slice or both mean."""

from __future__ import annotations

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from curate.models import Evaluation
from curate.query.compiler import compile_query
from curate.query.names import Names
from curate.query.sql import TRUE
from dataset.models import Dataset, Image


def matching(
    dataset: Dataset, q: str = "", slice_id: int | None = None, evaluation: Evaluation | None = None
) -> QuerySet[Image]:
    """The dataset's images that the query line means, within a slice where one is given. Raises QueryError.

    `evaluation` is the one that tp(), fp() and fn() mean where they name none.
    """
    images = Image.objects.filter(dataset=dataset)
    if slice_id is not None:
        images = images.filter(slice_images__slice=slice_id)
    condition = compile_query(q, Names(dataset, evaluation))
    if condition is TRUE:
        return images
    return images.filter(RawSQL(condition.text, condition.params, output_field=BooleanField()))


def image_ids(
    dataset: Dataset, q: str = "", slice_id: int | None = None, evaluation: Evaluation | None = None
) -> list[int]:
    """Their ids, rising."""
    return list(matching(dataset, q, slice_id, evaluation).order_by("id").values_list("id", flat=True))
