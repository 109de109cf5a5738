"""A batch's instructions over HTTP: Markdown, versioned, with pictures that come from here alone."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import BadInput, validated
from dataset.api.datasets import dataset_for
from dataset.api.images import IN_S3, not_modified, served
from label.api.batches import batch_for
from label.models import Batch, InstructionPicture, Instructions, InstructionsSeen
from label.services import instructions as services

LONGEST = 50_000  # characters


class InstructionsVersionSerializer(serializers.ModelSerializer[Instructions]):
    author = PersonSerializer(allow_null=True)

    class Meta:
        model = Instructions
        fields = ["number", "text", "author", "created_at"]


class InstructionsSerializer(serializers.Serializer):
    """The newest version; number 0 and no text where there are none."""

    number = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)
    author = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)
    seen = serializers.IntegerField(help_text="The version that you have looked at; 0: none")


class InstructionsInSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST, allow_blank=True, trim_whitespace=False, help_text="Markdown")
    seen = serializers.IntegerField(min_value=0, help_text="The version that was changed; 0: there was none")


class InstructionsLookSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1, help_text="The version that was shown")


class PictureUploadSerializer(serializers.Serializer):
    file = serializers.FileField(help_text="JPEG, PNG, WebP or any other picture that can be imported")


class InstructionPictureSerializer(serializers.ModelSerializer[InstructionPicture]):
    file = serializers.SerializerMethodField(help_text="For the Markdown: ![what it shows](file)")

    class Meta:
        model = InstructionPicture
        fields = ["id", "file", "width", "height"]

    def get_file(self, picture: InstructionPicture) -> str:
        return f"/api/v1/instruction-pictures/{picture.pk}"


@extend_schema(operation_id="get_instructions", tags=["label"], responses=InstructionsSerializer)
def get_instructions(request: Request, batch_id: int) -> Response:
    """How the batch is to be labelled, and which version of that you have seen."""
    batch = batch_for(request, batch_id)
    return Response(instructions_answer(batch, request))


def instructions_answer(batch: Batch, request: Request) -> dict[str, Any]:
    newest = batch.instructions.select_related("author").order_by("-number").first()
    seen = InstructionsSeen.objects.filter(batch=batch, user=request.user).values_list("number", flat=True).first()
    none = {"number": 0, "text": "", "author": None, "created_at": None}
    shown = InstructionsVersionSerializer(newest).data if newest else none
    return {**shown, "seen": seen or 0}


@extend_schema(
    operation_id="write_instructions",
    tags=["label"],
    request=InstructionsInSerializer,
    responses={201: InstructionsSerializer},
)
def write_instructions(request: Request, batch_id: int) -> Response:
    """Write a new version. 409 where somebody wrote one since `seen`."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    services.write_instructions(batch=batch, by=request.user, **validated(InstructionsInSerializer, request.data))
    return Response(instructions_answer(batch, request), status=201)


@extend_schema(
    operation_id="list_instructions_versions", tags=["label"], responses=InstructionsVersionSerializer(many=True)
)
def list_versions(request: Request, batch_id: int) -> Response:
    """Every version, newest first: who changed it, and when."""
    rows = batch_for(request, batch_id).instructions.select_related("author").order_by("-number")
    return Response(InstructionsVersionSerializer(rows, many=True).data)


@extend_schema(
    operation_id="look_at_instructions", tags=["label"], request=InstructionsLookSerializer, responses={204: None}
)
def look_at_instructions(request: Request, batch_id: int) -> Response:
    """Say that you have seen a version, so that the editor does not open with it again."""
    batch = batch_for(request, batch_id)
    services.look_at(batch=batch, by=request.user, **validated(InstructionsLookSerializer, request.data))
    return Response(status=204)


@extend_schema(
    operation_id="add_instruction_picture",
    tags=["label"],
    request={"multipart/form-data": PictureUploadSerializer},
    responses={201: InstructionPictureSerializer},
)
def add_picture(request: Request, dataset_id: int) -> Response:
    """Keep a picture for the instructions of the dataset's batches."""
    dataset = dataset_for(request, dataset_id, Role.REVIEWER)
    file = validated(PictureUploadSerializer, request.data)["file"]
    if file.size > services.LARGEST_PICTURE:
        detail = f"A picture in instructions has at most {services.LARGEST_PICTURE // 1024**2} MB."
        raise BadInput(detail, errors={"file": [detail]})
    row = services.add_picture(dataset=dataset, data=file.read(), by=request.user)
    return Response(InstructionPictureSerializer(row).data, status=201)


@extend_schema(
    operation_id="get_instruction_picture",
    tags=["label"],
    responses={(200, "image/*"): OpenApiTypes.BINARY, 302: IN_S3, 304: OpenApiResponse(description="Not modified")},
)
def get_picture(request: Request, picture_id: int) -> HttpResponseBase:
    """The picture's bytes."""
    rows = InstructionPicture.objects.select_related("dataset")
    row = access.one_of(request.user, rows, picture_id, through="dataset.project_id")
    return not_modified(request, row.sha256) or served(row.location, row.sha256)
