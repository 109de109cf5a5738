"""Exports over HTTP: ask for one, list them, fetch the archive."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.exporting.types import FORMATS
from dataset.exporting.yolo_shapes import LINES
from dataset.services import export_files
from dataset.services import exports as services
from jobs import selectors as job_reads
from jobs.api import JobSerializer
from jobs.models import Job

MOST_SPLITS = 20  # slices
MOST_IMAGES = 100_000  # by id; more are named by a slice or a query line


class ExportSplitSerializer(serializers.Serializer):
    """A slice, and the split that its images are."""

    slice = serializers.IntegerField()
    split = serializers.ChoiceField(choices=["train", "val", "test"])


class ExportInSerializer(serializers.Serializer):
    """At most one of slice, splits, q, images: every image of the dataset otherwise."""

    format = serializers.ChoiceField(choices=FORMATS)
    slice = serializers.IntegerField(required=False, allow_null=True)
    splits = ExportSplitSerializer(
        many=True, required=False, allow_null=True, help_text="Several slices, each a split; no image may be in two"
    )
    q = serializers.CharField(required=False, allow_null=True, allow_blank=True, help_text="What a query line finds")
    images = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, max_length=MOST_IMAGES
    )
    revision = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="Whose labels; default: the newest"
    )
    prediction_set = serializers.IntegerField(
        required=False, allow_null=True, help_text="COCO: its boxes come along, as COCO results"
    )
    files = serializers.BooleanField(default=False, help_text="Whether the image files come along")

    lines = serializers.ChoiceField(
        choices=LINES,
        default="boxes",
        help_text="YOLO: what a line holds: a box, the points of an outline (segments), or the corners of a turned box",
    )
    unlabelled = serializers.BooleanField(
        default=False,
        help_text="COCO: whether images that are not labelled are listed too, which others take for negatives",
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if sum(given.get(source) is not None for source in ("slice", "splits", "q", "images")) > 1:
            raise serializers.ValidationError("Give at most one of slice, splits, q and images.")
        if given.get("splits") is not None and not 0 < len(given["splits"]) <= MOST_SPLITS:
            raise serializers.ValidationError({"splits": [f"Give one to {MOST_SPLITS} slices."]})
        return given


@extend_schema(
    operation_id="start_export", tags=["dataset"], request=ExportInSerializer, responses={202: JobSerializer}
)
def start_export(request: Request, dataset_id: int) -> Response:
    """Export labels, with or without the images, as a zip. The job's result is the report, and where to fetch it."""
    dataset = dataset_for(request, dataset_id)
    wanted = services.ExportWish(**validated(ExportInSerializer, request.data))
    job = services.start(dataset=dataset, by=request.user, wanted=wanted)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(
    operation_id="list_exports", tags=["dataset"], parameters=PAGE_PARAMETERS, responses=page_shape(JobSerializer)
)
def list_exports(request: Request, dataset_id: int) -> Response:
    """The dataset's exports, newest first, each a job with its report as result."""
    dataset = dataset_for(request, dataset_id)
    rows = job_reads.jobs_for(request.user, dataset_id=dataset.pk, kind=services.KIND)
    items, following = newest_first(rows, page_request(request))
    return Response({"items": JobSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="get_export_file", tags=["dataset"], responses={(200, "application/zip"): OpenApiTypes.BINARY}
)
def get_export_file(request: Request, job_id: int) -> FileResponse:
    """The archive of an export that has ended well; 410 once it has been removed."""
    job = access.one_of(request.user, Job.objects.filter(kind=services.KIND), job_id)
    archive, name = export_files.open_archive(job)
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")
