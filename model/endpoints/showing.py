"""Endpoints as lists and pages show them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from jobs.models import Job
from model.endpoints.schedule import is_up
from model.endpoints.shapes import EndpointSerializer
from model.models import Deployment, Endpoint, KeptPicture


def deployments_shown() -> QuerySet[Deployment]:
    """With all that their shape shows."""
    return Deployment.objects.select_related("checkpoint", "form", "gate_result", "back_to", "created_by", "endpoint")


def as_json(rows: Sequence[Endpoint]) -> list[dict[str, Any]]:
    """Four queries, however many there are."""
    current = deployments_shown().in_bulk([row.current_id for row in rows if row.current_id])
    coming = coming_of(rows)
    kept = {one["deployment__endpoint"]: one for one in kept_of(rows)}
    for row in rows:
        row.current = current.get(row.current_id or 0)
        row.coming = coming.get(row.pk)  # type: ignore[attr-defined]
        row.state = state_of(row)  # type: ignore[attr-defined]
        counts = kept.get(row.pk, {})
        row.kept_pictures, row.kept_bytes = counts.get("n", 0), counts.get("size", 0)  # type: ignore[attr-defined]
        row.to_bring = counts.get("waiting", 0)  # type: ignore[attr-defined]
    return [dict(EndpointSerializer(row).data) for row in rows]


def kept_of(rows: Sequence[Endpoint]) -> Any:
    found = KeptPicture.objects.filter(deployment__endpoint__in=rows).values("deployment__endpoint")
    return found.annotate(n=Count("pk"), size=Sum("size"), waiting=Count("pk", filter=Q(brought_at=None)))


def coming_of(rows: Sequence[Endpoint]) -> dict[int, Deployment]:
    """The newest version of each whose job waits or runs."""
    waiting = deployments_shown().filter(endpoint__in=rows, deployed_at=None).order_by("pk")
    under_way = set(
        Job.objects.filter(pk__in=[one.job_id for one in waiting])
        .exclude(state__in=Job.ENDED)
        .values_list("pk", flat=True)
    )
    return {one.endpoint_id: one for one in waiting if one.job_id in under_way}


def state_of(row: Endpoint) -> str:
    if row.stopped:
        return "stopped"
    if row.current is None:
        return "deploying" if row.coming else "empty"  # type: ignore[attr-defined]
    return "up" if is_up(row.hours) else "outside_hours"
