"""Slices over HTTP."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ObjectField
from dataset.models import Slice
from dataset.selectors import slices as reads
from dataset.selectors import statistics
from dataset.services import slices as services
from dataset.services.slice_sources import SliceSource, images_from

ORIGINS = [
    "query",
    "auto_curate",
    "diagnosis",
    "hand",
    "slices",
    "manifest",
    "label",
    "import",
    "learning_curve",
    "improve",
    "duplicates",
]
MOST_SLICES = 100
SOURCES = ("q", "images", "union", "intersect", "subtract", "manifest")

ORIGIN = {
    "type": "object",
    "description": "How it came about, and from what; further keys are kept",
    "properties": {
        "kind": {"type": "string", "enum": ORIGINS},
        "q": {"type": "string"},
        "auto_curate": {"type": "integer"},
        "evaluation": {"type": "integer"},
        "conditions": {
            "type": "object",
            "additionalProperties": True,
            "description": "What was asked of the boxes of a diagnosis",
        },
        "operation": {"type": "string", "enum": ["union", "intersect", "subtract"]},
        "slices": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
                "required": ["id", "name"],
            },
            "description": "As they were called then; of set operations in their order, of a manifest those it froze",
        },
        "content_hash": {"type": "string"},
        "run": {
            "type": "integer",
            "description": "The training that a learning curve or a step of Improve goes on from",
        },
        "fraction": {"type": "number", "description": "Of the run's images"},
        "seed": {"type": "integer"},
        "step": {"type": "string", "description": "The step of Improve that made it"},
    },
    "required": ["kind"],
    "additionalProperties": True,
}


@extend_schema_field(ORIGIN)
class OriginField(serializers.JSONField):
    """Where a slice comes from."""


class SliceSerializer(serializers.ModelSerializer[Slice]):
    origin = OriginField()
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Slice
        fields = ["id", "dataset", "name", "description", "image_count", "origin", "created_by", "created_at"]


class OriginSliceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(max_length=120)


@extend_schema_field(ORIGIN)
class OriginInSerializer(serializers.Serializer):
    """Where a slice made by hand comes from; further keys are kept."""

    takes_more = True

    kind = serializers.ChoiceField(choices=ORIGINS)
    q = serializers.CharField(required=False, allow_blank=True)
    auto_curate = serializers.IntegerField(required=False)
    evaluation = serializers.IntegerField(required=False)
    conditions = ObjectField(required=False)
    operation = serializers.ChoiceField(choices=["union", "intersect", "subtract"], required=False)
    slices = OriginSliceSerializer(many=True, required=False)
    content_hash = serializers.CharField(required=False)
    run = serializers.IntegerField(required=False)
    fraction = serializers.FloatField(required=False)
    seed = serializers.IntegerField(required=False)
    step = serializers.CharField(required=False)

    def to_internal_value(self, data: dict[str, object]) -> dict[str, object]:
        known = super().to_internal_value(data)
        return {**data, **known}


class SliceIdsField(serializers.ListField):
    """Slices of the dataset, by id."""

    def __init__(self, **options: object) -> None:
        super().__init__(child=serializers.IntegerField(), max_length=MOST_SLICES, **options)


class SliceInSerializer(serializers.Serializer):
    """One of q, images, union, intersect, subtract, manifest."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, default="")
    q = serializers.CharField(required=False, allow_blank=True, help_text="The images that a query line finds")
    images = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=1_000_000)
    union = SliceIdsField(required=False, help_text="In any of these slices")
    intersect = SliceIdsField(required=False, help_text="In all of these slices")
    subtract = SliceIdsField(required=False, help_text="In the first of these slices and in none of the others")
    manifest = serializers.IntegerField(required=False, help_text="The images that this manifest froze")
    origin = OriginInSerializer(required=False)

    def validate(self, given: dict[str, object]) -> dict[str, object]:
        if sum(source in given for source in SOURCES) != 1:
            raise serializers.ValidationError("Give one of q, images, union, intersect, subtract and manifest.")
        return given


class SliceChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(required=False, allow_blank=True)


class SliceImagesInSerializer(serializers.Serializer):
    add = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)
    remove = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)


class ClassTotalSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    images = serializers.IntegerField()
    boxes = serializers.IntegerField()


class ValueTotalSerializer(serializers.Serializer):
    value = serializers.CharField()
    images = serializers.IntegerField()


class MetadataTotalSerializer(serializers.Serializer):
    key = serializers.CharField()
    values = ValueTotalSerializer(many=True)


class SliceStatisticsSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    boxes = serializers.IntegerField()
    empty_images = serializers.IntegerField(help_text="Without a box: negative, or not labelled")
    labelled_images = serializers.IntegerField(help_text="With boxes")
    negative_images = serializers.IntegerField(help_text="Looked at, and there is nothing")
    unlabelled_images = serializers.IntegerField()
    classes = ClassTotalSerializer(many=True)
    metadata = MetadataTotalSerializer(many=True)


def slice_for(request: Request, slice_id: int, at_least: Role = Role.VIEWER) -> Slice:
    rows = Slice.objects.select_related("dataset", "created_by")
    return access.one_of(request.user, rows, slice_id, through="dataset.project_id", at_least=at_least)


@extend_schema(
    operation_id="list_slices", tags=["dataset"], parameters=PAGE_PARAMETERS, responses=page_shape(SliceSerializer)
)
def list_slices(request: Request, dataset_id: int) -> Response:
    """A dataset's slices, newest first."""
    rows = reads.slices_of(dataset_for(request, dataset_id))
    items, following = newest_first(rows, page_request(request))
    return Response({"items": SliceSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="create_slice", tags=["dataset"], request=SliceInSerializer, responses={201: SliceSerializer}
)
def create_slice(request: Request, dataset_id: int) -> Response:
    """Make a slice of what a query finds, of images by id, of other slices, or of what a manifest froze."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(SliceInSerializer, request.data)
    source = SliceSource(**{name: given[name] for name in SOURCES if name in given})
    image_ids, origin = images_from(dataset=dataset, source=source, asker=request.user)
    row = services.create_slice(
        dataset=dataset,
        name=given["name"],
        description=given["description"],
        image_ids=image_ids,
        origin={**origin, **given.get("origin", {})},
        by=request.user,
    )
    return Response(SliceSerializer(row).data, status=201)


@extend_schema(operation_id="get_slice", tags=["dataset"], responses=SliceSerializer)
def get_slice(request: Request, slice_id: int) -> Response:
    return Response(SliceSerializer(slice_for(request, slice_id)).data)


@extend_schema(operation_id="change_slice", tags=["dataset"], request=SliceChangeSerializer, responses=SliceSerializer)
def change_slice(request: Request, slice_id: int) -> Response:
    """Rename or describe a slice."""
    row = slice_for(request, slice_id, Role.MANAGER)
    given = validated(SliceChangeSerializer, request.data, partial=True)
    return Response(SliceSerializer(services.change_slice(row=row, by=request.user, **given)).data)


@extend_schema(operation_id="delete_slice", tags=["dataset"], responses={204: None})
def delete_slice(request: Request, slice_id: int) -> Response:
    """Remove a slice; its images stay."""
    services.delete_slice(row=slice_for(request, slice_id), by=request.user)
    return Response(status=204)


@extend_schema(
    operation_id="change_slice_images", tags=["dataset"], request=SliceImagesInSerializer, responses=SliceSerializer
)
def change_images(request: Request, slice_id: int) -> Response:
    """Put images into a slice and take images out."""
    row = slice_for(request, slice_id, Role.MANAGER)
    given = validated(SliceImagesInSerializer, request.data)
    return Response(SliceSerializer(services.change_images(row=row, by=request.user, **given)).data)


@extend_schema(operation_id="get_slice_statistics", tags=["dataset"], responses=SliceStatisticsSerializer)
def get_statistics(request: Request, slice_id: int) -> Response:
    """What is in a slice, at the newest revision."""
    return Response(statistics.statistics_of(slice_for(request, slice_id)))
