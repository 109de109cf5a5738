"""Uploads in parts over HTTP: begin, send, ask how far, finish, give up."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import BadInput, validated
from dataset.api.answers import AnswersSerializer, taken_answers
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ObjectField
from dataset.importing.types import FORMATS
from dataset.models import Upload
from dataset.services import uploads as services
from jobs.api import JobSerializer


class UploadSerializer(serializers.ModelSerializer[Upload]):
    part_size = serializers.SerializerMethodField(help_text="Bytes that a part should have")

    class Meta:
        model = Upload
        fields = [
            "id",
            "dataset",
            "name",
            "size",
            "offset",
            "fingerprint",
            "part_size",
            "job",
            "created_at",
            "received_at",
        ]

    def get_part_size(self, upload: Upload) -> int:
        return services.PART


class UploadInSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200, help_text="What the archive is called")
    size = serializers.IntegerField(min_value=1, help_text="Bytes of the whole zip archive")
    fingerprint = serializers.CharField(
        max_length=100, default="", allow_blank=True, help_text="By which you know it again: the same goes on"
    )


class FinishUploadSerializer(AnswersSerializer):
    format = serializers.ChoiceField(choices=FORMATS, default="auto")
    metadata = ObjectField(required=False, help_text="Added to the metadata of every image")
    dry_run = serializers.BooleanField(default=False, help_text="Only report what the import would do")


def upload_for(request: Request, upload_id: int) -> Upload:
    """An upload of one's own; nobody else's exists."""
    rows = Upload.objects.select_related("dataset")
    row = access.one_of(request.user, rows, upload_id, through="dataset.project_id")
    services.check_own(request.user, row)
    return row


@extend_schema(operation_id="list_uploads", tags=["dataset"], responses=UploadSerializer(many=True))
def list_uploads(request: Request, dataset_id: int) -> Response:
    """Your unfinished uploads into the dataset, newest first."""
    rows = services.unfinished(dataset=dataset_for(request, dataset_id), by=request.user)
    return Response(UploadSerializer(rows, many=True).data)


@extend_schema(
    operation_id="begin_upload", tags=["dataset"], request=UploadInSerializer, responses={201: UploadSerializer}
)
def begin_upload(request: Request, dataset_id: int) -> Response:
    """Begin to upload a zip archive in parts, or go on with one that has the same fingerprint: see `offset`."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    row = services.begin(dataset=dataset, by=request.user, **validated(UploadInSerializer, request.data))
    return Response(UploadSerializer(row).data, status=201)


@extend_schema(operation_id="get_upload", tags=["dataset"], responses=UploadSerializer)
def get_upload(request: Request, upload_id: int) -> Response:
    """How much has arrived."""
    return Response(UploadSerializer(upload_for(request, upload_id)).data)


@extend_schema(
    operation_id="send_part",
    tags=["dataset"],
    parameters=[
        OpenApiParameter("offset", int, required=True, description="Where in the archive the part starts"),
        OpenApiParameter(
            "Content-Digest", str, OpenApiParameter.HEADER, description="sha-256=:base64:, checked if sent"
        ),
    ],
    request={"application/octet-stream": OpenApiTypes.BINARY},
    responses={200: UploadSerializer, 409: OpenApiResponse(description="Another part is next: see `offset`")},
)
def send_part(request: Request, upload_id: int) -> Response:
    """Send the next part. When this is answered, the part is on disk."""
    upload, offset = upload_for(request, upload_id), request.query_params.get("offset", "")
    length = request.headers.get("Content-Length", "")
    if not offset.isdecimal() or not length.isdecimal():
        raise BadInput("A part needs ?offset= and a Content-Length.", errors={"offset": ["Must be a number."]})
    row = services.receive(
        upload=upload,
        by=request.user,
        offset=int(offset),
        length=int(length),
        digest=request.headers.get("Content-Digest", ""),
        stream=request._request,  # read as it arrives, not into memory
    )
    return Response(UploadSerializer(row).data)


@extend_schema(
    operation_id="finish_upload", tags=["dataset"], request=FinishUploadSerializer, responses={202: JobSerializer}
)
def finish_upload(request: Request, upload_id: int) -> Response:
    """Import what was uploaded. The job's result is the report."""
    given = validated(FinishUploadSerializer, request.data)
    upload = upload_for(request, upload_id)
    answers = taken_answers(given)
    job = services.finish(upload=upload, by=request.user, wanted=given.pop("format"), answers=answers, **given)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="give_up_upload", tags=["dataset"], responses={204: None})
def give_up_upload(request: Request, upload_id: int) -> Response:
    """Remove what has arrived."""
    services.give_up(upload=upload_for(request, upload_id), by=request.user)
    return Response(status=204)
