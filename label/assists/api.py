"""Help from a detector over HTTP: its source, what came of it, pre-labels, and boxes drawn tight."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import validated
from dataset.models import Image
from jobs.api import JobSerializer
from label.api.batches import batch_for
from label.assists import prelabelling, sources
from label.assists.counting import counts_of
from label.assists.models import Prelabel
from label.assists.reports import report_of
from label.assists.shapes import (
    AssistCountsSerializer,
    AssistSourceInSerializer,
    AssistSourceSerializer,
    PrelabelApplySerializer,
    PrelabelInSerializer,
    PrelabelReportSerializer,
    PrelabelSerializer,
    TakenBackSerializer,
    TightenedSerializer,
    TightenInSerializer,
)
from label.assists.tightening import tightened

THROUGH = "batch.dataset.project_id"


@extend_schema(operation_id="get_assist_source", tags=["label"], responses=AssistSourceSerializer)
def get_assist_source(request: Request, batch_id: int) -> Response:
    """What proposes boxes in the batch, and whether it answers."""
    return Response(asdict(sources.source_of(batch_for(request, batch_id))))


@extend_schema(
    operation_id="choose_assist_source",
    tags=["label"],
    request=AssistSourceInSerializer,
    responses=AssistSourceSerializer,
)
def choose_assist_source(request: Request, batch_id: int) -> Response:
    """Have a checkpoint or an endpoint propose boxes in the batch; neither: the dataset's newest checkpoint."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    given = validated(AssistSourceInSerializer, request.data)
    source = sources.choose_source(
        batch=batch, checkpoint_id=given["checkpoint"], endpoint_id=given["endpoint"], by=request.user
    )
    return Response(asdict(source))


@extend_schema(operation_id="prepare_assist_source", tags=["label"], request=None, responses={202: JobSerializer})
def prepare_assist_source(request: Request, batch_id: int) -> Response:
    """Export the batch's checkpoint, so that it answers while people draw."""
    job = sources.prepare_source(batch=batch_for(request, batch_id), by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="count_assists", tags=["label"], responses=AssistCountsSerializer)
def count_assists(request: Request, batch_id: int) -> Response:
    """How much help there was in the batch, what became of it, and the time that it saved."""
    return Response(counts_of(batch_for(request, batch_id)))


def prelabel_for(request: Request, prelabel_id: int) -> Prelabel:
    rows = Prelabel.objects.select_related("batch__dataset__project")
    return access.one_of(request.user, rows, prelabel_id, through=THROUGH)


def prelabel_answer(prelabel_id: int) -> dict[str, Any]:
    return PrelabelSerializer(Prelabel.objects.get(pk=prelabel_id)).data


@extend_schema(operation_id="list_prelabels", tags=["label"], responses=PrelabelSerializer(many=True))
def list_prelabels(request: Request, batch_id: int) -> Response:
    """What the batch was pre-labelled with, or looked at for it, newest first."""
    rows = batch_for(request, batch_id).prelabels.order_by("-pk")[:50]
    return Response(PrelabelSerializer(rows, many=True).data)


@extend_schema(
    operation_id="start_prelabel", tags=["label"], request=PrelabelInSerializer, responses={202: PrelabelSerializer}
)
def start_prelabel(request: Request, batch_id: int) -> Response:
    """Look what a checkpoint proposes for the tasks that nobody has touched. Nothing is written yet."""
    batch = batch_for(request, batch_id)
    given = validated(PrelabelInSerializer, request.data)
    row = prelabelling.start_prelabel(batch=batch, checkpoint_id=given["checkpoint"], by=request.user)
    return Response(prelabel_answer(row.pk), status=202)


@extend_schema(operation_id="get_prelabel", tags=["label"], responses=PrelabelSerializer)
def get_prelabel(request: Request, prelabel_id: int) -> Response:
    """Its state and, once it was looked, how many boxes of each class there are from which score on."""
    return Response(prelabel_answer(prelabel_for(request, prelabel_id).pk))


@extend_schema(
    operation_id="apply_prelabel", tags=["label"], request=PrelabelApplySerializer, responses={202: JobSerializer}
)
def apply_prelabel(request: Request, prelabel_id: int) -> Response:
    """Write the boxes from these thresholds on into the tasks that are untouched still."""
    row = prelabel_for(request, prelabel_id)
    given = validated(PrelabelApplySerializer, request.data)
    thresholds = {one["class_id"]: one["threshold"] for one in given["thresholds"]}
    job = prelabelling.apply_prelabel(prelabel=row, thresholds=thresholds, by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="take_prelabel_back", tags=["label"], request=None, responses=TakenBackSerializer)
def take_prelabel_back(request: Request, prelabel_id: int) -> Response:
    """Take the boxes back from the tasks that nobody has touched since."""
    return Response(prelabelling.take_back(prelabel=prelabel_for(request, prelabel_id), by=request.user))


@extend_schema(operation_id="get_prelabel_report", tags=["label"], responses=PrelabelReportSerializer)
def get_prelabel_report(request: Request, prelabel_id: int) -> Response:
    """What people changed of it on the tasks that they finished: the checkpoint's errors, by class."""
    return Response(report_of(prelabel_for(request, prelabel_id)))


@extend_schema(operation_id="tighten_box", tags=["label"], request=TightenInSerializer, responses=TightenedSerializer)
def tighten_box(request: Request, image_id: int) -> Response:
    """The box around the object that a loose box encloses, by GrabCut; null where it is unsure. Labellers and above."""
    rows = Image.objects.select_related("dataset")
    image = access.one_of(request.user, rows, image_id, through="dataset.project_id", at_least=Role.LABELLER)
    given = validated(TightenInSerializer, request.data)
    return Response({"box": tightened(image, given["box"])})
