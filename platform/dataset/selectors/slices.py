"""What is in slices."""

from collections.abc import Iterable, Sequence

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from dataset.bulk import copy_out
from dataset.models import Dataset, Slice


def slices_of(dataset: Dataset) -> QuerySet[Slice]:
    """Newest first, with who made them."""
    return Slice.objects.filter(dataset=dataset).select_related("created_by").order_by("-pk")


def image_ids(slices: Sequence[Slice] | Slice) -> NDArray[np.int64]:
    """The images of the slice, or of the union of the slices: ascending, each once."""
    rows = [slices] if isinstance(slices, Slice) else slices
    query = "SELECT image_id FROM dataset_sliceimage WHERE slice_id = ANY(%s)"
    ids = np.sort(copy_out(query, [[row.pk for row in rows]], [np.int64], ordered=False)[0])
    return ids[np.diff(ids, prepend=-1) > 0]


def slice_brief(row: Slice) -> dict[str, object]:
    """A slice in few words, as other things show it."""
    return {"id": row.pk, "name": row.name, "image_count": row.image_count}


def slice_briefs(slice_ids: Iterable[int]) -> list[dict[str, object]]:
    """The slices of these ids in that order; deleted ones are left out."""
    rows = Slice.objects.in_bulk(list(slice_ids))
    return [slice_brief(rows[slice_id]) for slice_id in slice_ids if slice_id in rows]
