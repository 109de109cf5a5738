"""Whether the database and the broker answer, and which workers are there: what a supervisor or load balancer asks."""

import redis
from django.db import DatabaseError, InterfaceError, connection
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.news.messages import DiskSerializer, disk_now
from jobs.presence import workers_by_queue


class WorkersSerializer(serializers.Serializer):
    cpu = serializers.IntegerField()
    gpu = serializers.IntegerField()


class HealthSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=["ok", "degraded"])
    database = serializers.BooleanField()
    broker = serializers.BooleanField()
    disk = DiskSerializer()
    workers = WorkersSerializer(allow_null=True, help_text="How many listen to each queue; null without a broker")


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def workers() -> dict[str, int] | None:
    try:
        return workers_by_queue()
    except redis.RedisError:
        return None


@extend_schema(
    operation_id="get_health", tags=["health"], auth=[], responses={200: HealthSerializer, 503: HealthSerializer}
)
def get_health(request: Request) -> Response:
    """200 when both database and broker answer, 503 otherwise. Open to everybody."""
    database, listening = database_answers(), workers()
    healthy = database and listening is not None
    parts = {
        "status": "ok" if healthy else "degraded",
        "database": database,
        "broker": listening is not None,
        "disk": disk_now(),
        "workers": listening,
    }
    return Response(parts, status=200 if healthy else 503)
