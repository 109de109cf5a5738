"""Where a new slice's images come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.problems import BadInput
from dataset.models import Dataset, Slice
from dataset.selectors import queries
from dataset.selectors import slices as slice_reads


@dataclass(frozen=True)
class SliceSource:
    """One of the three is given."""

    q: str | None = None
    images: Sequence[int] | None = None
    union: Sequence[int] | None = None


def images_from(*, dataset: Dataset, source: SliceSource, by: User) -> tuple[Iterable[int], dict[str, Any]]:
    """The image ids, and the origin to be noted. Raises BadInput where the query or a slice is wrong."""
    if source.q is not None:
        return queries.image_ids(dataset, source.q, by), {"kind": "query", "q": source.q}
    if source.union is not None:
        rows = list(Slice.objects.filter(dataset=dataset, pk__in=source.union))
        if len(rows) != len(set(source.union)):
            raise BadInput("Some of these slices are not in this dataset.", errors={"union": ["Unknown slices."]})
        return slice_reads.image_ids(rows), {"kind": "hand", "union": sorted(row.pk for row in rows)}
    return source.images or [], {"kind": "hand"}
