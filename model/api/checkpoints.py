"""Baselines and checkpoints over HTTP."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import BadInput, validated
from curate.evaluations.creation import Thresholds
from dataset.api.datasets import dataset_for
from dataset.models import Dataset
from jobs.api import JobSerializer
from jobs.models import Job
from model.api.measurements import MeasurementSerializer
from model.api.shapes import CheckpointSerializer, SettingsField
from model.models import Checkpoint
from model.selectors.baselines import baselines
from model.selectors.class_lists import changes_of_classes
from model.selectors.runs import checkpoints_for
from model.services import conversion, predicting
from model.services.base import base_checkpoint
from model.services.checkpoints import convert_again, import_checkpoint, upload_checkpoint
from storage import blobs


class BaselineWeightsSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="base, scratch, or a checkpoint's id")
    label = serializers.CharField()


class BaselineSerializer(serializers.Serializer):
    name = serializers.CharField(source="architecture.name")
    title = serializers.CharField(source="architecture.title")
    engine = serializers.CharField(source="architecture.engine")
    params = serializers.IntegerField(source="architecture.parameters", help_text="With 80 classes")
    gflops = serializers.FloatField(source="architecture.gflops", help_text="Of one image of 640 × 640 pixels")
    imgsz = serializers.IntegerField(help_text="Pixels that it is trained at unless told otherwise")
    licence = serializers.CharField(source="architecture.licence")
    note = serializers.CharField(source="architecture.note")
    needs_gpu = serializers.BooleanField(source="architecture.gpu", help_text="Too large to be trained on CPU cores")
    several_devices = serializers.BooleanField(
        source="architecture.several_devices", help_text="Whether several GPUs can share a training"
    )
    measured = MeasurementSerializer(many=True, help_text="What it cost on this installation's devices, newest first")
    weights_available = serializers.BooleanField(help_text="Whether there is anything to start from but scratch")
    weights = BaselineWeightsSerializer(many=True)
    settings = SettingsField(help_text="The defaults of a run's settings")


class CheckpointInSerializer(serializers.Serializer):
    """Either an uploaded `file` (multipart) or the `path` of one on the server."""

    project = serializers.IntegerField()
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False)
    path = serializers.CharField(max_length=1000, required=False)


class PredictInSerializer(serializers.Serializer):
    """`slice` and `q` together mean the images of the slice that the query finds; neither means all."""

    dataset = serializers.IntegerField()
    slice = serializers.IntegerField(required=False, allow_null=True)
    q = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    imgsz = serializers.IntegerField(required=False, allow_null=True, min_value=32, max_value=2048)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def validate_imgsz(self, value: int | None) -> int | None:
        if value is not None and value % 32:
            raise serializers.ValidationError("Give a multiple of 32.")
        return value


class EvaluateInSerializer(PredictInSerializer):
    """The images as for a prediction, and how its boxes are judged then."""

    revision = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="Of the labels; the newest where left out"
    )
    iou = serializers.FloatField(default=0.5)
    conf = serializers.FloatField(required=False, allow_null=True, help_text="That of the best mean F1")


@extend_schema(
    operation_id="list_baselines",
    tags=["model"],
    parameters=[OpenApiParameter("project", int, description="Lists its uploaded checkpoints as weights too")],
    responses=BaselineSerializer(many=True),
)
def list_baselines(request: Request) -> Response:
    """The architectures that a run can train."""
    project_id = number(request, "project")
    if project_id is not None:
        access.check(request.user, project_id)
    base_checkpoint()  # on first use this makes it known
    return Response(BaselineSerializer(baselines(project_id), many=True).data)


@extend_schema(
    operation_id="list_checkpoints",
    tags=["model"],
    parameters=[OpenApiParameter("project", int), OpenApiParameter("dataset", int), *PAGE_PARAMETERS],
    responses=page_shape(CheckpointSerializer),
)
def list_checkpoints(request: Request) -> Response:
    """Checkpoints of a project, or of a dataset's runs, with those that fit any: uploaded ones and the base."""
    dataset_id, project_id = number(request, "dataset"), number(request, "project")
    if dataset_id is not None:
        project_id = dataset_for(request, dataset_id).project_id
    elif project_id is None:
        raise BadInput("Name a project or a dataset.", errors={"project": ["Needed, unless a dataset is named."]})
    access.check(request.user, project_id)
    rows = checkpoints_for(project_id, dataset_id=dataset_id).select_related("created_by")
    items, following = newest_first(rows, page_request(request))
    return Response({"items": CheckpointSerializer(items, many=True).data, "next": following})


def number(request: Request, name: str) -> int | None:
    """A number in the address, None where it is left out."""
    text = request.query_params.get(name)
    if text in (None, ""):
        return None
    if not text.isdecimal():
        raise BadInput(f"{name} must be a number.", errors={name: ["Must be a number."]})
    return int(text)


@extend_schema(
    operation_id="create_checkpoint",
    tags=["model"],
    request={"multipart/form-data": CheckpointInSerializer, "application/json": CheckpointInSerializer},
    responses={202: JobSerializer},
)
def create_checkpoint(request: Request) -> Response:
    """Bring weights: an ultralytics .pt, or one of ours. A job converts it, never unpickled; its result names the
    checkpoint. Owners only."""
    given = validated(CheckpointInSerializer, request.data)
    project = access.project_for(request.user, given["project"], Role.OWNER)
    if "file" in given:
        job = upload_checkpoint(project=project, name=given["name"], upload=given["file"], by=request.user)
    elif "path" in given:
        job = import_checkpoint(project=project, name=given["name"], path=given["path"], by=request.user)
    else:
        raise BadInput("Give a file or a path.", errors={"file": ["Give a file or a path."]})
    return Response(JobSerializer(job).data, status=202)


class RenamedSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="Of the dataset")
    known_as = serializers.ListField(
        child=serializers.CharField(), help_text="Of the weights, earlier names of that class; several were merged"
    )


class ClassChangesSerializer(serializers.Serializer):
    """How the classes of some weights fit a dataset's, by name and by earlier names."""

    kept = serializers.ListField(child=serializers.CharField())
    renamed = RenamedSerializer(many=True)
    new = serializers.ListField(child=serializers.CharField(), help_text="Unknown to the weights")
    dropped = serializers.ListField(child=serializers.CharField(), help_text="Not in the dataset")
    reordered = serializers.BooleanField(help_text="In another order; harmless, as classes go by name")


@extend_schema(
    operation_id="get_class_changes",
    tags=["model"],
    parameters=[OpenApiParameter("dataset", int, required=True)],
    responses=ClassChangesSerializer,
)
def get_class_changes(request: Request, checkpoint_id: int) -> Response:
    """What becomes of the classes of these weights when a training goes on from them on a dataset."""
    row, dataset_id = checkpoint_for(request, checkpoint_id), number(request, "dataset")
    if dataset_id is None:
        raise BadInput("Name a dataset.", errors={"dataset": ["Needed."]})
    dataset = dataset_for(request, dataset_id)
    return Response(ClassChangesSerializer(changes_of_classes(row, dataset)).data)


class ConversionSerializer(serializers.Serializer):
    """Whether a conversion can be asked for anew."""

    again = serializers.BooleanField(help_text="It failed, and its file is still there")


@extend_schema(operation_id="get_conversion", tags=["model"], responses=ConversionSerializer)
def get_conversion(request: Request, job_id: int) -> Response:
    """Whether the conversion of weights that this job is can be asked for anew."""
    return Response({"again": conversion.can_be_asked_again(conversion_for(request, job_id))})


@extend_schema(operation_id="convert_weights_again", tags=["model"], request=None, responses={202: JobSerializer})
def convert_weights_again(request: Request, job_id: int) -> Response:
    """Ask anew for a conversion of weights that failed, while its file is there. Owners only."""
    job = convert_again(job=conversion_for(request, job_id), by=request.user)
    return Response(JobSerializer(job).data, status=202)


def conversion_for(request: Request, job_id: int) -> Job:
    return access.one_of(request.user, Job.objects.filter(kind=conversion.JOB_KIND), job_id)


def checkpoint_for(request: Request, checkpoint_id: int) -> Checkpoint:
    """The checkpoint, if the caller may see it; the base one is everybody's."""
    row = Checkpoint.objects.filter(pk=checkpoint_id).select_related("created_by").first()
    if row is None:
        raise Http404
    if row.project_id is not None:
        access.check(request.user, row.project_id)
    return row


@extend_schema(operation_id="get_checkpoint", tags=["model"], responses=CheckpointSerializer)
def get_checkpoint(request: Request, checkpoint_id: int) -> Response:
    return Response(CheckpointSerializer(checkpoint_for(request, checkpoint_id)).data)


@extend_schema(
    operation_id="get_checkpoint_file",
    tags=["model"],
    responses={
        (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY),
        302: OpenApiResponse(description="Where the bytes lie, if that is S3"),
    },
)
def get_checkpoint_file(request: Request, checkpoint_id: int) -> HttpResponseBase:
    """The weights."""
    row, kind = checkpoint_for(request, checkpoint_id), "application/octet-stream"
    try:
        attachment = str(content_disposition_header(True, f"{row.name}.pt"))
        if address := blobs.address(row.location, kind, attachment=attachment):
            return HttpResponseRedirect(address)
        file = blobs.open_blob(row.location)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=f"{row.name}.pt", content_type=kind)


@extend_schema(operation_id="predict", tags=["model"], request=PredictInSerializer, responses={202: JobSerializer})
def predict(request: Request, checkpoint_id: int) -> Response:
    """Predict images of a dataset; the job's result names the prediction set. A token of the role `predict` may."""
    checkpoint = access.one_to_predict(request.user, Checkpoint.objects.all(), checkpoint_id)
    given = validated(PredictInSerializer, request.data)
    dataset = access.one_to_predict(request.user, Dataset.objects.all(), given["dataset"])
    job = predicting.start_prediction(
        checkpoint=checkpoint, dataset=dataset, new=new_prediction(given), by=request.user
    )
    return Response(JobSerializer(job).data, status=202)


def new_prediction(given: dict[str, Any], judging: predicting.Judging | None = None) -> predicting.NewPrediction:
    return predicting.NewPrediction(given.get("slice"), given["q"], given.get("imgsz"), given["name"], judging)


@extend_schema(
    operation_id="evaluate_checkpoint", tags=["model"], request=EvaluateInSerializer, responses={202: JobSerializer}
)
def evaluate(request: Request, checkpoint_id: int) -> Response:
    """Predict images of a dataset, then judge the predictions. The job's result names prediction set and evaluation,
    whose own job follows; its link leads to the evaluation as soon as there is one."""
    checkpoint = checkpoint_for(request, checkpoint_id)
    given = validated(EvaluateInSerializer, request.data)
    dataset = dataset_for(request, given["dataset"])
    judging = predicting.Judging(given.get("revision"), Thresholds(iou=given["iou"], conf=given.get("conf")))
    new = new_prediction(given, judging)
    job = predicting.start_prediction(checkpoint=checkpoint, dataset=dataset, new=new, by=request.user)
    return Response(JobSerializer(job).data, status=202)
