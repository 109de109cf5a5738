"""Which batches were made of a slice."""

from collections.abc import Iterator

from dataset.models import Slice
from dataset.selectors.slice_uses import Use
from label.models import Batch


def uses(row: Slice) -> Iterator[Use]:
    for one in Batch.objects.filter(slice=row):
        yield Use("batch", one.pk, one.name, "labelled", one.created_at, f"/batches/{one.pk}")
