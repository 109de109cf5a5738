"""How an endpoint does: requests, latencies, errors, and how far what it sees has drifted from the validation slice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from model.models import Deployment, Endpoint, EndpointMinute
from science.evaluation.as_json import json_number
from science.serving import (
    SCORE_STEPS,
    STEPS,
    added_counts,
    quantile_of_steps,
    stability_index,
    variation_distance,
)

MOST_POINTS = 120


def metrics_of(endpoint: Endpoint, minutes: int) -> dict[str, Any]:
    """Of the last minutes: sums, the drift of the deployed version, and points over time."""
    since = timezone.now() - timedelta(minutes=minutes)
    rows = EndpointMinute.objects.filter(deployment__endpoint=endpoint, minute__gte=since)
    found = list(rows.select_related("deployment").order_by("minute"))
    return {
        "minutes": minutes,
        "totals": totals(found),
        "points": points(found, max(1, -(-minutes // MOST_POINTS))),
        "drift": drift(endpoint.current, [row for row in found if row.deployment_id == endpoint.current_id]),
    }


def totals(rows: Sequence[EndpointMinute]) -> dict[str, Any]:
    latencies = added_counts([row.latencies for row in rows], STEPS)
    return {
        "requests": sum(row.requests for row in rows),
        "images": sum(row.images for row in rows),
        "refused": sum(row.refused for row in rows),
        "failed": sum(row.failed for row in rows),
        "p50": json_number(quantile_of_steps(latencies, 0.5)),
        "p95": json_number(quantile_of_steps(latencies, 0.95)),
    }


def points(rows: Sequence[EndpointMinute], width: int) -> list[dict[str, Any]]:
    """Totals of each `width` minutes in which it was asked."""
    seconds = width * 60
    by_time: dict[int, list[EndpointMinute]] = {}
    for row in rows:
        by_time.setdefault(int(row.minute.timestamp()) // seconds * seconds, []).append(row)
    return [{"at": at, **totals(some)} for at, some in sorted(by_time.items())]


def drift(deployment: Deployment | None, rows: Sequence[EndpointMinute]) -> dict[str, Any] | None:
    """Scores and classes of the boxes seen, beside those on the validation slice (docs/endpoints.md)."""
    if deployment is None or not deployment.expected:
        return None
    names = deployment.checkpoint.classes
    expected = deployment.expected
    scores = added_counts([row.scores for row in rows], SCORE_STEPS)
    classes = added_counts([row.classes for row in rows], len(names))
    return {
        "images": sum(row.images for row in rows),
        "boxes": int(classes.sum()),
        "expected_images": expected["images"],
        "expected_boxes": sum(expected["classes"]),
        "confidence": json_number(stability_index(expected["scores"], scores)),
        "classes": json_number(variation_distance(expected["classes"], classes)),
        "scores_seen": scores.tolist(),
        "scores_expected": expected["scores"],
        "per_class": [
            {"name": name, "seen": int(classes[place]), "expected": expected["classes"][place]}
            for place, name in enumerate(names)
        ],
    }
