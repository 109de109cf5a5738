"""Predictions as arrays."""

from io import BytesIO

import numpy as np
from django.db.models import QuerySet

from dataset.models import Dataset, PredictionSet
from dataset.services.predictions import PredictionArrays
from storage import blobs


def load(prediction_set: PredictionSet) -> PredictionArrays:
    """Every box of the set, also those below the floor of the rows."""
    with np.load(BytesIO(blobs.read(prediction_set.location)), allow_pickle=False) as file:
        return PredictionArrays(**{name: file[name] for name in file.files})


def prediction_sets_of(dataset: Dataset) -> QuerySet[PredictionSet]:
    """Newest first, with their manifests."""
    return PredictionSet.objects.filter(dataset=dataset).select_related("manifest", "created_by").order_by("-pk")
