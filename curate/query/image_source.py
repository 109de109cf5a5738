"""Which images a job looks at: a slice, a query line, both, or the whole dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.query.image_search import matching_images
from dataset.models import Dataset, Slice

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class ImageSource:
    """The images that a job looks at: a slice, a query line, both (the slice narrowed), or the whole dataset."""

    within: Slice | None = None
    q: str = ""

    def image_ids(self, dataset: Dataset) -> Ids:
        """The images as they are now, rising."""
        found = matching_images(dataset, self.q, self.within.pk if self.within else None)
        return np.array(found.order_by("pk").values_list("pk", flat=True), np.int64)

    def as_json(self) -> dict[str, Any]:
        named = {"id": self.within.pk, "name": self.within.name} if self.within else None
        return {"slice": named, "q": self.q}

    def __str__(self) -> str:
        if self.within is not None:
            return self.within.name
        return self.q or "all images"
