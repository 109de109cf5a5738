"""One image over HTTP: its labels at a revision, its history, its bytes."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TypeVar

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.problems import BadInput, Problem
from dataset.api.datasets import dataset_for
from dataset.api.finer_shapes import SHAPES, wants_shapes
from dataset.api.revisions import ChangeSerializer, RevisionSerializer
from dataset.api.shapes import LABEL_STATES, AnnotationSerializer, MetadataField, TagSerializer
from dataset.models import Image
from dataset.selectors import images as reads
from dataset.selectors.tags import tags_on
from dataset.services import image_facts
from jobs.api import JobSerializer
from storage import blobs
from storage.refusals import PictureRefused
from storage.thumbnails import SIZES, thumbnail

Answer = TypeVar("Answer", bound=HttpResponseBase)
TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}

# Bytes may be kept for as long as their address stays, and it changes with them. The number itself is not read.
VERSION = OpenApiParameter("v", str, description="The version of the bytes, as the addresses in answers have it")
IN_S3 = OpenApiResponse(description="Where the bytes lie, if that is S3; the address is valid for some hours")


class CannotBeDrawn(Problem):
    """The picture's bytes are there, and of no use."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class InSliceSerializer(serializers.Serializer):
    """A slice that the image is in."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ImageSerializer(serializers.ModelSerializer[Image]):
    phash = serializers.SerializerMethodField(help_text="64-bit difference hash, in hexadecimal digits")
    brightness = serializers.FloatField(allow_null=True, help_text="Mean luma, 0 to 255")
    contrast = serializers.FloatField(allow_null=True, help_text="Standard deviation of the luma, 0 to 127.5")
    sharpness = serializers.FloatField(allow_null=True, help_text="Variance of the luma's Laplacian at 320 pixels")
    sequence = serializers.SerializerMethodField()
    metadata = MetadataField()
    file = serializers.SerializerMethodField()
    thumb = serializers.SerializerMethodField()
    annotations = serializers.SerializerMethodField()
    slices = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    label_state = serializers.SerializerMethodField(help_text="At the revision shown")
    revision = serializers.SerializerMethodField(help_text="At which the annotations are shown")

    class Meta:
        model = Image
        fields = [
            "id", "dataset", "key", "width", "height", "sha256", "phash", "brightness", "contrast", "sharpness",
            "sequence", "captured_at", "latitude", "longitude", "metadata", "file", "thumb", "annotations",
            "slices", "tags", "label_state", "revision",
        ]  # fmt: skip

    def get_phash(self, image: Image) -> str | None:
        return None if image.phash is None else f"{image.phash & (2**64 - 1):016x}"

    def get_sequence(self, image: Image) -> str | None:
        return image.sequence or None

    def get_file(self, image: Image) -> str:
        return reads.file_url(image.pk, image.sha256)

    def get_thumb(self, image: Image) -> str:
        return reads.thumb_url(image.pk, image.sha256)

    @extend_schema_field(serializers.ChoiceField(choices=LABEL_STATES))
    def get_label_state(self, image: Image) -> str:
        return reads.label_state_at(image, self.context["revision"])

    def get_revision(self, image: Image) -> int:
        return int(self.context["revision"])

    @extend_schema_field(AnnotationSerializer(many=True))
    def get_annotations(self, image: Image) -> list[dict[str, object]]:
        rows = reads.annotations_at(image, self.context["revision"])
        rows = rows if self.context.get("shapes") else rows.defer("shape")
        return list(AnnotationSerializer(rows, many=True, context=self.context).data)

    @extend_schema_field(InSliceSerializer(many=True))
    def get_slices(self, image: Image) -> list[dict[str, object]]:
        return list(InSliceSerializer(reads.slices_with(image), many=True).data)

    @extend_schema_field(TagSerializer(many=True))
    def get_tags(self, image: Image) -> list[dict[str, object]]:
        return tags_on(image)


class HistoryEntrySerializer(serializers.Serializer):
    """What one revision did to the image."""

    revision = RevisionSerializer()
    changes = ChangeSerializer(many=True)


def image_for(request: Request, image_id: int) -> Image:
    return access.one_of(request.user, Image.objects.select_related("dataset"), image_id, through="dataset.project_id")


def wanted_revision(request: Request, image: Image) -> int:
    """`?revision=`, or the head."""
    given = request.query_params.get("revision")
    if given is None:
        return image.dataset.head_revision
    if not given.isdecimal() or int(given) > image.dataset.head_revision:
        reason = f"There is no revision {given}; the newest is {image.dataset.head_revision}."
        raise BadInput(reason, errors={"revision": [reason]})
    return int(given)


@extend_schema(
    operation_id="get_image",
    tags=["dataset"],
    parameters=[OpenApiParameter("revision", int, description="Default: the newest"), SHAPES],
    responses=ImageSerializer,
)
def get_image(request: Request, image_id: int) -> Response:
    """An image with its labels at a revision."""
    image = image_for(request, image_id)
    context = {"revision": wanted_revision(request, image), "shapes": wants_shapes(request)}
    return Response(ImageSerializer(image, context=context).data)


@extend_schema(operation_id="measure_images", tags=["dataset"], request=None, responses={202: JobSerializer})
def measure_images(request: Request, dataset_id: int) -> Response:
    """Measure brightness, contrast and sharpness of the images that were imported before these were."""
    job = image_facts.start(dataset=dataset_for(request, dataset_id), by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(
    operation_id="get_image_history",
    tags=["dataset"],
    parameters=[SHAPES],
    responses=HistoryEntrySerializer(many=True),
)
def get_history(request: Request, image_id: int) -> Response:
    """The revisions that touched the image, newest first, each with what it changed."""
    entries = reads.history_of(image_for(request, image_id))
    context = {"shapes": wants_shapes(request)}
    return Response(HistoryEntrySerializer(entries, many=True, context=context).data)


@extend_schema(
    operation_id="get_image_file",
    tags=["dataset"],
    parameters=[VERSION],
    responses={(200, "image/*"): OpenApiTypes.BINARY, 302: IN_S3, 304: OpenApiResponse(description="Not modified")},
)
def get_file(request: Request, image_id: int) -> HttpResponseBase:
    """The image's bytes: upright JPEG, PNG or WebP."""
    image = image_for(request, image_id)
    if unchanged := not_modified(request, image.sha256):
        return unchanged
    return served(image.location, image.sha256)


@extend_schema(
    operation_id="get_image_thumbnail",
    tags=["dataset"],
    parameters=[
        OpenApiParameter("size", int, enum=SIZES, description="Pixels of the longer side; default 320"),
        VERSION,
    ],
    responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 302: IN_S3, 304: OpenApiResponse(description="Not modified")},
)
def get_thumbnail(request: Request, image_id: int) -> HttpResponseBase:
    """A small JPEG of the image."""
    size = request.query_params.get("size", "320")
    if size not in {str(known) for known in SIZES}:
        raise BadInput(f"size must be one of {SIZES}.", errors={"size": [f"One of {SIZES}."]})
    image = image_for(request, image_id)
    tag = f"{image.sha256}-{size}"
    if unchanged := not_modified(request, tag):
        return unchanged
    return served(
        location_drawn_by(lambda: thumbnail(sha256=image.sha256, location=image.location, size=int(size))), tag
    )


def location_drawn_by(draw: Callable[[], str]) -> str:
    """The location that `draw` gives. Raises Http404 where the picture is gone, and CannotBeDrawn."""
    try:
        return draw()
    except FileNotFoundError as error:
        raise Http404 from error
    except PictureRefused as refused:
        raise CannotBeDrawn(
            f"This picture cannot be shown small: {refused}. Import a sound file in its place."
        ) from None


def not_modified(request: Request, tag: str) -> HttpResponse | None:
    """304, if the browser has these very bytes."""
    if f'"{tag}"' not in request.headers.get("If-None-Match", ""):
        return None
    return kept_for_ever(HttpResponse(status=304), tag)


def served(location: str, tag: str) -> HttpResponseBase:
    """The bytes, or the way to them. The permission has been checked."""
    content_type = TYPES[PurePosixPath(location).suffix.lower()]
    try:
        if address := blobs.address(location, content_type):
            return sent_on(address)
        file = blobs.open_blob(location)
    except FileNotFoundError as error:
        raise Http404 from error
    return kept_for_ever(FileResponse(file, content_type=content_type), tag)


def sent_on(address: str) -> HttpResponse:
    """A redirect to S3, to be remembered for as long as its address is surely valid."""
    response = HttpResponse(status=302, headers={"Location": address})
    response["Cache-Control"] = f"private, max-age={settings.S3_URL_SECONDS // 2}"
    return response


def kept_for_ever(response: Answer, tag: str) -> Answer:
    """The address names the content, so a browser need never ask again; no shared cache may keep it."""
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
