"""Images, classes and predictions of an evaluation by position: the columns that diagnosis works on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from science.evaluation.types import Detections

Ids = NDArray[np.int64]

FLOOR = 0.05  # below this confidence predictions are not rows of the table, so nothing could be opened


@dataclass(frozen=True, eq=False)
class Ground:
    """Images and classes by position: `image_ids` rising, `class_ids` in class order."""

    image_ids: Ids  # (I,)
    class_ids: Ids  # (C,)
    class_names: list[str]

    def image_index(self, image_ids: Ids) -> Ids:
        """(N,) positions of images that are all known to be here."""
        return np.searchsorted(self.image_ids, image_ids).astype(np.int64)

    def class_index(self, class_ids: Ids) -> Ids:
        """(N,) positions of classes of the dataset."""
        order = np.argsort(self.class_ids)
        return order[np.searchsorted(self.class_ids, class_ids, sorter=order)].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Predicted:
    """A prediction set's boxes on some images, and which of them are rows of the table too."""

    detections: Detections  # `prediction_ids` are positions in the set's file
    row_ids: Ids  # (M,) -1 below FLOOR

    def with_rows(self) -> Detections:
        """Those that are rows; `prediction_ids` are the rows'."""
        kept = self.row_ids >= 0
        return replace(self.detections.take(kept), prediction_ids=self.row_ids[kept])


@dataclass(frozen=True, eq=False)
class Units:
    """What a bootstrap draws: images, or the sequences that they belong to."""

    groups: Ids  # (I,) images with the same number are drawn together
    kind: str  # "image" or "sequence"
