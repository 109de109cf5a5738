"""Leaks of an evaluation over HTTP: what its images share with those that the checkpoint was trained on."""

from __future__ import annotations

import numpy as np
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.pages import PAGE_PARAMETERS, page_request
from curate.duplicates.leaks import leaks_between
from curate.duplicates.leaks_api import LeaksSerializer, leaks_page
from curate.evaluations.api import evaluation_for
from model.models import Checkpoint
from model.selectors.lineage import training_image_ids


@extend_schema(
    operation_id="list_evaluation_leaks", tags=["curate"], parameters=PAGE_PARAMETERS, responses=LeaksSerializer
)
def list_evaluation_leaks(request: Request, evaluation_id: int) -> Response:
    """Images judged on that have a copy among those that the checkpoint, or one that it came from, was trained on."""
    evaluation = evaluation_for(request, evaluation_id, finished=False)
    checkpoint = Checkpoint.objects.filter(pk=evaluation.prediction_set.checkpoint_id or 0).first()
    trained = np.array(sorted(training_image_ids(checkpoint)), np.int64)
    judged = np.unique(np.asarray(evaluation.manifest.image_ids, np.int64))
    found = leaks_between(evaluation.dataset, trained, judged)
    return Response(leaks_page(evaluation.dataset, found, page_request(request)))
