"""The filter of every list of images: `q`, `slice`, and the evaluation that a verdict means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.problems import BadInput
from curate.models import Evaluation
from curate.query.image_search import FoundImages, find_images
from dataset.models import Dataset, Image, Slice

Row = TypeVar("Row", bound=Model)

FILTER_PARAMETERS = [
    OpenApiParameter("q", str, description="The query line; see docs/query.md"),
    OpenApiParameter("slice", int, description="Only the images of this slice"),
    OpenApiParameter(
        "evaluation", int, description="The evaluation that tp(), fp() and fn() mean where they name none"
    ),
]


@dataclass(frozen=True)
class Filter:
    """Which of a dataset's images are meant."""

    dataset: Dataset
    q: str = ""
    slice: Slice | None = None
    evaluation: Evaluation | None = None

    @property
    def narrowed(self) -> bool:
        """False where every image of the dataset is meant."""
        return bool(self.q.strip()) or self.slice is not None

    def found(self) -> FoundImages:
        """The images and the order that the line asks for. Raises QueryError (400) where it cannot be read."""
        return find_images(self.dataset, self.q, self.slice.pk if self.slice else None, self.evaluation)

    def images(self) -> QuerySet[Image]:
        """As `found`, whatever the order."""
        return self.found().images


def read_filter(request: Request, dataset: Dataset) -> Filter:
    """The filter that a request's address carries."""
    return Filter(
        dataset=dataset,
        q=request.query_params.get("q", ""),
        slice=row_named(request, "slice", dataset.slices.all()),
        evaluation=row_named(request, "evaluation", finished_evaluations(dataset)),
    )


def finished_evaluations(dataset: Dataset) -> QuerySet[Evaluation]:
    return dataset.evaluations.filter(finished_at__isnull=False)


def row_named(request: Request, name: str, rows: QuerySet[Row]) -> Row | None:
    """The row whose id a parameter gives; None where it is not given. Raises BadInput where there is no such row."""
    return row_of(name, request.query_params.get(name), rows)


def row_of(name: str, given: str | int | None, rows: QuerySet[Row]) -> Row | None:
    """As `row_named`, where the id came in another way."""
    if given in (None, ""):
        return None
    row = rows.filter(pk=int(str(given))).first() if str(given).isdecimal() and len(str(given)) < 19 else None
    if row is None:
        raise BadInput(f"There is no such {name.replace('_', ' ')} here.", errors={name: ["There is no such one."]})
    return row


def number_named(request: Request, name: str, default: float) -> float:
    """A parameter that is a number. Raises BadInput where it is none."""
    given: Any = request.query_params.get(name, default)
    try:
        return float(given)
    except ValueError:
        raise BadInput(f"{name} must be a number.", errors={name: ["Must be a number."]}) from None
