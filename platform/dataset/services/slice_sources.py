"""Where a new slice's images come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.problems import BadInput
from dataset.models import Dataset, Manifest, Slice
from dataset.selectors import queries, slice_sets


@dataclass(frozen=True)
class SliceSource:
    """One of them is given. `intersect` and `subtract` need two slices; what is subtracted from comes first."""

    q: str | None = None
    images: Sequence[int] | None = None
    union: Sequence[int] | None = None
    intersect: Sequence[int] | None = None
    subtract: Sequence[int] | None = None
    manifest: int | None = None


def images_from(*, dataset: Dataset, source: SliceSource, asker: User) -> tuple[Iterable[int], dict[str, Any]]:
    """The image ids, and the origin to be noted. Raises BadInput where the query, a slice or a manifest is wrong."""
    if source.q is not None:
        return queries.image_ids(dataset, source.q, asker), {"kind": "query", "q": source.q}
    if source.manifest is not None:
        return from_manifest(dataset, source.manifest)
    for operation in slice_sets.OPERATIONS:
        if (named := getattr(source, operation)) is not None:
            return from_slices(dataset, operation, named)
    return source.images or [], {"kind": "hand"}


def from_slices(dataset: Dataset, operation: str, named: Sequence[int]) -> tuple[Iterable[int], dict[str, Any]]:
    """Slices as sets; the origin has their names as they are now, in the order given."""
    rows = Slice.objects.filter(dataset=dataset).in_bulk(list(named))
    if len(rows) != len(set(named)):
        raise BadInput("Some of these slices are not in this dataset.", errors={operation: ["Unknown slices."]})
    if len(named) < (1 if operation == "union" else 2) or len(rows) != len(named):
        raise BadInput("A slice is combined with others than itself.", errors={operation: ["Name different slices."]})
    slices = [rows[number] for number in named]
    origin = {
        "kind": "slices",
        "operation": operation,
        "slices": [{"id": row.pk, "name": row.name} for row in slices],
    }
    return slice_sets.combined_images(operation, slices), origin


def from_manifest(dataset: Dataset, number: int) -> tuple[Iterable[int], dict[str, Any]]:
    """The images that were frozen; those that have been deleted since are left out."""
    row = Manifest.objects.filter(dataset=dataset, pk=number).first()
    if row is None:
        reason = f"There is no manifest {number} in this dataset."
        raise BadInput(reason, errors={"manifest": [reason]})
    there = dataset.images.filter(pk__in=row.image_ids).values_list("pk", flat=True)
    return there, {"kind": "manifest", "manifest": row.pk, "content_hash": row.content_hash, "slices": row.slices}
