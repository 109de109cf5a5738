"""Predictions as arrays."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from dataset.models import Dataset, PredictedClass, PredictionSet
from dataset.services.predictions import Ids, PredictionArrays
from storage import blobs


def load(prediction_set: PredictionSet) -> PredictionArrays:
    """Every box of the set, also those below the floor of the rows."""
    with np.load(BytesIO(blobs.read(prediction_set.location)), allow_pickle=False) as file:
        return PredictionArrays(**{name: file[name] for name in file.files})


def prediction_sets_of(dataset: Dataset) -> QuerySet[PredictionSet]:
    """Newest first, with their manifests."""
    return PredictionSet.objects.filter(dataset=dataset).select_related("manifest", "created_by").order_by("-pk")


def kept_of(set_id: int, class_ids: Sequence[int] | None) -> tuple[Ids, NDArray[np.float32]] | None:
    """`(M,)` images and scores of a set's rows of these classes (None: of all), in no order.

    None where a release before has written the set, which kept nothing but the rows.
    """
    of_set = PredictedClass.objects.filter(prediction_set=set_id)
    asked = of_set if class_ids is None else of_set.filter(label_class__in=class_ids)
    found = list(asked.values_list("images", "scores"))
    if not found and not of_set.exists():
        return None
    images, scores = (b"".join(bytes(row[column]) for row in found) for column in (0, 1))
    return np.frombuffer(images, ">i8").astype(np.int64), np.frombuffer(scores, ">f4").astype(np.float32)
