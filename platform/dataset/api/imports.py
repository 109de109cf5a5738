"""Imports of images with labels, and of predictions, over HTTP."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from dataset.api.answers import AnswersSerializer, taken_answers
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ManifestSerializer, ObjectField
from dataset.importing.types import FORMATS
from dataset.models import Dataset, PredictionSet
from dataset.selectors import predictions as prediction_reads
from dataset.services import imports as services
from dataset.services import prediction_imports
from jobs import selectors as job_reads
from jobs.api import JobSerializer
from jobs.models import Job


class ImportInSerializer(AnswersSerializer):
    """A folder of the server or a prefix in S3; or, with `check` alone, what a dry run has shown."""

    path = serializers.CharField(
        max_length=1000, required=False, help_text="A folder or s3:// prefix under an import root"
    )
    check = serializers.IntegerField(
        required=False, help_text="A dry run's job: do what it has shown, also with its upload"
    )
    format = serializers.ChoiceField(choices=FORMATS, default="auto")
    annotations = serializers.CharField(
        max_length=1000, required=False, help_text="COCO: the JSON file, where it is not found in the folder"
    )
    copy = serializers.BooleanField(default=True, help_text="False: leave the images where they are")
    metadata = ObjectField(required=False, help_text="Added to the metadata of every image")
    dry_run = serializers.BooleanField(default=False, help_text="Only report what the import would do")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("path" in given) == ("check" in given):
            raise serializers.ValidationError({"path": ["Give either a path, or a check."]})
        return given


class ImportUploadSerializer(AnswersSerializer):
    file = serializers.FileField(help_text="A zip archive")
    format = serializers.ChoiceField(choices=FORMATS, default="auto")
    metadata = ObjectField(required=False)
    dry_run = serializers.BooleanField(default=False, help_text="Only report what the import would do")


class PredictionsInSerializer(serializers.Serializer):
    """COCO results, a list of {image_id, category_id, bbox [x, y, width, height], score}; or what an import found."""

    path = serializers.CharField(
        max_length=1000, required=False, help_text="The results' JSON file, under an import folder"
    )
    import_job = serializers.IntegerField(
        required=False, help_text="An import whose report counts `predictions` among the labels: make a set of them"
    )
    annotations = serializers.CharField(
        max_length=1000, required=False, help_text="The COCO file whose ids image_id and category_id are"
    )
    slice = serializers.IntegerField(
        required=False,
        help_text="The images that were predicted on (default: of `annotations`, else those with boxes)",
    )
    name = serializers.CharField(max_length=200, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("path" in given) == ("import_job" in given):
            raise serializers.ValidationError({"path": ["Give either a path, or an import_job."]})
        return given


class PredictionsUploadSerializer(serializers.Serializer):
    file = serializers.FileField(help_text="The results' JSON file")
    annotations = serializers.FileField(
        required=False, help_text="The COCO file whose ids image_id and category_id are; only its ids are read"
    )
    slice = serializers.IntegerField(required=False, help_text="The images that were predicted on")
    name = serializers.CharField(max_length=200, required=False)


class PredictionSetSerializer(serializers.ModelSerializer[PredictionSet]):
    manifest = ManifestSerializer()
    checkpoint = serializers.IntegerField(source="checkpoint_id", allow_null=True)
    image_count = serializers.IntegerField(source="manifest.image_count")

    class Meta:
        model = PredictionSet
        fields = ["id", "dataset", "name", "manifest", "checkpoint", "kind", "image_count", "box_count", "created_at"]


IMPORT_BODIES = {"application/json": ImportInSerializer, "multipart/form-data": ImportUploadSerializer}
PREDICTION_BODIES = {"application/json": PredictionsInSerializer, "multipart/form-data": PredictionsUploadSerializer}


def is_upload(request: Request) -> bool:
    return (request.content_type or "").startswith("multipart/")


@extend_schema(operation_id="start_import", tags=["dataset"], request=IMPORT_BODIES, responses={202: JobSerializer})
def start_import(request: Request, dataset_id: int) -> Response:
    """Import images and labels from a folder of the server, an S3 prefix or an uploaded zip. The result: the report."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    if is_upload(request):
        given = validated(ImportUploadSerializer, request.data)
        upload, answers = given.pop("file"), taken_answers(given)
        job = services.start_upload(
            dataset=dataset, by=request.user, upload=upload, wanted=given.pop("format"), answers=answers, **given
        )
    else:
        given = validated(ImportInSerializer, request.data)
        job = start_from(dataset, request, given)
    return Response(JobSerializer(job).data, status=202)


def start_from(dataset: Dataset, request: Request, given: dict[str, Any]) -> Job:
    answers = taken_answers(given)
    if "check" in given:
        return services.start_checked(dataset=dataset, by=request.user, check=given["check"], answers=answers)
    return services.start_folder(dataset=dataset, by=request.user, wanted=given.pop("format"), answers=answers, **given)


@extend_schema(
    operation_id="get_import_report",
    tags=["dataset"],
    responses={(200, "application/json"): {"type": "object", "additionalProperties": True}},
)
def get_report(request: Request, job_id: int) -> FileResponse:
    """The complete report of an import, with every problem, as a file."""
    job = access.one_of(request.user, Job.objects.filter(kind=services.KIND), job_id, through="project_id")
    response = FileResponse(services.open_report(job), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}.json"'
    return response


@extend_schema(
    operation_id="list_imports", tags=["dataset"], parameters=PAGE_PARAMETERS, responses=page_shape(JobSerializer)
)
def list_imports(request: Request, dataset_id: int) -> Response:
    """The dataset's imports, newest first, each a job with its report as result."""
    dataset = dataset_for(request, dataset_id)
    rows = job_reads.jobs_for(request.user, dataset_id=dataset.pk, kind=services.KIND)
    items, following = newest_first(rows, page_request(request))
    return Response({"items": JobSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="list_prediction_sets",
    tags=["dataset"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(PredictionSetSerializer),
)
def list_prediction_sets(request: Request, dataset_id: int) -> Response:
    rows = prediction_reads.prediction_sets_of(dataset_for(request, dataset_id))
    items, following = newest_first(rows, page_request(request))
    return Response({"items": PredictionSetSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="import_predictions", tags=["dataset"], request=PREDICTION_BODIES, responses={202: JobSerializer}
)
def import_predictions(request: Request, dataset_id: int) -> Response:
    """Import predictions made elsewhere, as COCO results. Without `annotations`, `image_id` is the image's key or file
    name, and `category_id` the class's name or its index."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    if is_upload(request):
        given = validated(PredictionsUploadSerializer, request.data)
        job = prediction_imports.start_upload(dataset=dataset, by=request.user, upload=given.pop("file"), **given)
    else:
        job = predictions_from(dataset, request, validated(PredictionsInSerializer, request.data))
    return Response(JobSerializer(job).data, status=202)


def predictions_from(dataset: Dataset, request: Request, given: dict[str, Any]) -> Job:
    if "import_job" in given:
        found = given["import_job"]
        return prediction_imports.start_found(
            dataset=dataset, by=request.user, import_job=found, name=given.get("name")
        )
    return prediction_imports.start_file(dataset=dataset, by=request.user, **given)


@extend_schema(operation_id="get_prediction_set", tags=["dataset"], responses=PredictionSetSerializer)
def get_prediction_set(request: Request, prediction_set_id: int) -> Response:
    rows = PredictionSet.objects.select_related("dataset", "manifest")
    row = access.one_of(request.user, rows, prediction_set_id, through="dataset.project_id")
    return Response(PredictionSetSerializer(row).data)
