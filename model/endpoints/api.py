"""Endpoints over HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import BadInput, validated
from dataset.api.datasets import dataset_for
from dataset.models import Slice
from jobs.api import JobSerializer
from model.endpoints import lifecycle, promoting
from model.endpoints.finding import endpoint_for, endpoints
from model.endpoints.lifecycle import JudgedBy, NewEndpoint
from model.endpoints.metrics import metrics_of
from model.endpoints.promoting import Promotion
from model.endpoints.settings import EndpointChanges
from model.endpoints.shapes import (
    DeploymentSerializer,
    EndpointMetricsSerializer,
    EndpointSerializer,
    HoursSerializer,
)
from model.endpoints.showing import as_json, deployments_shown
from model.gate.api import own_checkpoint
from model.models import Endpoint, GateRules

LONGEST_SPAN, USUAL_SPAN = 60 * 24 * 31, 60  # minutes


class EndpointChangeSerializer(serializers.Serializer):
    """What is left out stays as it is. `gate` and `slice` are for owners."""

    name = serializers.CharField(max_length=60, required=False)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    conf = serializers.FloatField(required=False, min_value=0, max_value=1)
    iou = serializers.FloatField(required=False, min_value=0, max_value=1)
    stopped = serializers.BooleanField(required=False)
    idle_minutes = serializers.IntegerField(required=False, min_value=0, max_value=10_000)
    hours = HoursSerializer(required=False)
    sample_share = serializers.FloatField(required=False, min_value=0, max_value=1)
    sample_pictures = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    sample_bytes = serializers.IntegerField(required=False, min_value=0, max_value=1 << 50)
    gate = serializers.IntegerField(required=False, allow_null=True, help_text="Saved rules; null for none")
    slice = serializers.IntegerField(required=False, help_text="The images on which candidates are judged")


class EndpointInSerializer(serializers.Serializer):
    dataset = serializers.IntegerField()
    name = serializers.CharField(max_length=60, help_text="a-z, 0-9 and hyphens: it stands in addresses")
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    checkpoint = serializers.IntegerField()
    slice = serializers.IntegerField(help_text="The images on which later candidates are judged")
    gate = serializers.IntegerField(required=False, allow_null=True, help_text="Saved rules")
    conf = serializers.FloatField(required=False, min_value=0, max_value=1)
    iou = serializers.FloatField(required=False, min_value=0, max_value=1)
    idle_minutes = serializers.IntegerField(required=False, min_value=0, max_value=10_000)


class PromoteInSerializer(serializers.Serializer):
    checkpoint = serializers.IntegerField()
    reason = serializers.CharField(
        max_length=500, required=False, allow_blank=True, allow_null=True, help_text="In spite of the gate; owners only"
    )


class RollBackInSerializer(serializers.Serializer):
    version = serializers.IntegerField(required=False, allow_null=True, help_text="The one before where left out")


OF_ENDPOINT = EndpointChanges.__dataclass_fields__


def changes_in(given: dict[str, Any]) -> EndpointChanges:
    return EndpointChanges(**{name: value for name, value in given.items() if name in OF_ENDPOINT})


@extend_schema(
    operation_id="list_endpoints", tags=["model"], parameters=PAGE_PARAMETERS, responses=page_shape(EndpointSerializer)
)
def list_endpoints(request: Request, dataset_id: int) -> Response:
    """A dataset's endpoints, newest first."""
    rows = endpoints().filter(dataset=dataset_for(request, dataset_id))
    items, following = newest_first(rows, page_request(request))
    return Response({"items": as_json(items), "next": following})


@extend_schema(
    operation_id="create_endpoint", tags=["model"], request=EndpointInSerializer, responses={201: EndpointSerializer}
)
def create_endpoint(request: Request) -> Response:
    """Deploy a checkpoint under a name. It answers when the job of its first version has ended."""
    given = validated(EndpointInSerializer, request.data)
    dataset = dataset_for(request, given["dataset"])
    access.check(request.user, dataset.project_id, Role.MANAGER)
    new = NewEndpoint(
        name=given["name"],
        checkpoint=own_checkpoint(dataset, given["checkpoint"], "checkpoint"),
        validation=slice_of(dataset.pk, given["slice"]),
        gate=gate_of(dataset.pk, given.get("gate")),
        settings=changes_in(given),
    )
    row = lifecycle.create_endpoint(new=new, by=request.user)
    return Response(endpoint_as_json(row), status=201)


def endpoint_as_json(row: Endpoint) -> dict[str, Any]:
    return as_json(list(endpoints().filter(pk=row.pk)))[0]


def slice_of(dataset_id: int, slice_id: int) -> Slice:
    row = Slice.objects.filter(dataset=dataset_id, pk=slice_id).select_related("dataset__project").first()
    if row is None:
        raise BadInput(f"This dataset has no slice {slice_id}.", errors={"slice": ["Not here."]})
    return row


def gate_of(dataset_id: int, gate_id: int | None) -> GateRules | None:
    if gate_id is None:
        return None
    row = GateRules.objects.filter(dataset=dataset_id, pk=gate_id).first()
    if row is None:
        raise BadInput(f"This dataset has no gate {gate_id}.", errors={"gate": ["Not here."]})
    return row


@extend_schema(operation_id="get_endpoint", tags=["model"], responses=EndpointSerializer)
def get_endpoint(request: Request, endpoint: str) -> Response:
    return Response(as_json([endpoint_for(request.user, endpoint)])[0])


@extend_schema(
    operation_id="change_endpoint", tags=["model"], request=EndpointChangeSerializer, responses=EndpointSerializer
)
def change_endpoint(request: Request, endpoint: str) -> Response:
    """Rename it, stop or start it, set what it does; owners alone set by what candidates are judged."""
    row = endpoint_for(request.user, endpoint)
    access.check(request.user, row.project_id, Role.MANAGER)
    given = validated(EndpointChangeSerializer, request.data)
    judged_by = None
    if {"gate", "slice"} & set(given):
        gate = gate_of(row.dataset_id, given["gate"]) if "gate" in given else row.gate
        validation = slice_of(row.dataset_id, given["slice"]) if "slice" in given else row.validation_slice
        judged_by = JudgedBy(gate, validation)
    lifecycle.change_endpoint(endpoint=row, changes=changes_in(given), by=request.user, judged_by=judged_by)
    return Response(endpoint_as_json(row))


@extend_schema(operation_id="delete_endpoint", tags=["model"], responses={204: None})
def delete_endpoint(request: Request, endpoint: str) -> Response:
    """Remove it with its history. Owners only."""
    lifecycle.delete_endpoint(endpoint=endpoint_for(request.user, endpoint), by=request.user)
    return Response(status=204)


@extend_schema(
    operation_id="list_deployments",
    tags=["model"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(DeploymentSerializer),
)
def list_deployments(request: Request, endpoint: str) -> Response:
    """Its versions, newest first."""
    rows = deployments_shown().filter(endpoint=endpoint_for(request.user, endpoint))
    items, following = newest_first(rows, page_request(request))
    return Response({"items": DeploymentSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="promote_checkpoint", tags=["model"], request=PromoteInSerializer, responses={202: JobSerializer}
)
def promote_checkpoint(request: Request, endpoint: str) -> Response:
    """Put a checkpoint in the place of the deployed one. 409 with the broken rule where the gate holds it back."""
    row = endpoint_for(request.user, endpoint)
    access.check(request.user, row.project_id, Role.MANAGER)
    given = validated(PromoteInSerializer, request.data)
    checkpoint = own_checkpoint(row.dataset, given["checkpoint"], "checkpoint")
    wanted = Promotion(checkpoint, (given.get("reason") or "").strip())
    job = promoting.promote(endpoint=row, wanted=wanted, by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="roll_back", tags=["model"], request=RollBackInSerializer, responses=EndpointSerializer)
def roll_back(request: Request, endpoint: str) -> Response:
    """Back to an earlier version, at once."""
    row = endpoint_for(request.user, endpoint)
    access.check(request.user, row.project_id, Role.MANAGER)
    given = validated(RollBackInSerializer, request.data)
    promoting.roll_back(endpoint=row, version=given.get("version"), by=request.user)
    return Response(endpoint_as_json(row))


@extend_schema(operation_id="bring_kept_pictures", tags=["model"], request=None, responses={202: JobSerializer})
def bring_kept_pictures(request: Request, endpoint: str) -> Response:
    """Take the kept pictures into the dataset "NAME from production"; the job's result names it."""
    job = lifecycle.bring_kept(endpoint=endpoint_for(request.user, endpoint), by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(
    operation_id="get_endpoint_metrics",
    tags=["model"],
    parameters=[
        OpenApiParameter(
            "minutes",
            {"type": "integer", "minimum": 1, "maximum": LONGEST_SPAN, "default": USUAL_SPAN},
            description="How far back",
        )
    ],
    responses=EndpointMetricsSerializer,
)
def get_endpoint_metrics(request: Request, endpoint: str) -> Response:
    """Requests, latencies, errors and drift of the last minutes."""
    row = endpoint_for(request.user, endpoint)
    given = request.query_params.get("minutes", str(USUAL_SPAN))
    if not given.isdecimal() or not 1 <= int(given[:9]) <= LONGEST_SPAN:
        sentence = f"minutes is a whole number from 1 to {LONGEST_SPAN}."
        raise BadInput(sentence, errors={"minutes": [sentence]})
    return Response(metrics_of(row, int(given)))
