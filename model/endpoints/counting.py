"""What is counted of an endpoint, by the minute: one statement for each request, whatever it asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from model.models import Deployment, Endpoint
from science.serving import SCORE_STEPS, STEPS, latency_step, score_counts

ADD = """
INSERT INTO model_endpointminute AS kept
    (deployment_id, minute, requests, refused, failed, images, latencies, scores, classes)
VALUES (%(deployment)s, %(minute)s, 1, %(refused)s, %(failed)s, %(images)s, %(latencies)s, %(scores)s, %(classes)s)
ON CONFLICT (deployment_id, minute) DO UPDATE SET
    requests = kept.requests + 1, refused = kept.refused + excluded.refused,
    failed = kept.failed + excluded.failed, images = kept.images + excluded.images,
    latencies = ARRAY(SELECT a + b FROM unnest(kept.latencies, excluded.latencies) AS t(a, b)),
    scores = ARRAY(SELECT a + b FROM unnest(kept.scores, excluded.scores) AS t(a, b)),
    classes = ARRAY(SELECT a + b FROM unnest(kept.classes, excluded.classes) AS t(a, b))
"""


@dataclass(frozen=True)
class CountedRequest:
    """One request as it is counted."""

    images: int
    milliseconds: float = 0.0  # until all its boxes were there
    failed: bool = False
    refused: bool = False
    found: list[dict[str, Any]] = field(default_factory=list)  # as the serving process answers


def count_asked(endpoint: Endpoint, deployment: Deployment, asked: CountedRequest) -> None:
    """Add it to its minute. Scores and classes are those of boxes at the endpoint's own confidence."""
    answered = not (asked.failed or asked.refused)
    classes = len(deployment.checkpoint.classes)
    scores, counts = box_counts(asked.found, endpoint.conf, classes)
    latencies = [0] * STEPS
    if answered:
        latencies[latency_step(asked.milliseconds)] = 1
    values: dict[str, Any] = {
        "deployment": deployment.pk, "minute": timezone.now().replace(second=0, microsecond=0),
        "refused": int(asked.refused), "failed": int(asked.failed), "images": asked.images if answered else 0,
        "latencies": latencies, "scores": scores, "classes": counts,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


def box_counts(found: list[dict[str, Any]], conf: float, classes: int) -> tuple[list[int], list[int]]:
    """How many boxes from the confidence on fall in each twentieth of score, and in each class."""
    scores = np.array([score for one in found for score in one["scores"]], np.float64)
    places = np.array([place for one in found for place in one["classes"]], np.int64)
    kept = scores >= conf
    by_score = score_counts(scores[kept]).tolist() if len(scores) else [0] * SCORE_STEPS
    return by_score, np.bincount(places[kept], minlength=classes)[:classes].tolist()
