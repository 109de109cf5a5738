"""Objects of a dataset over HTTP: the object grid's pages, counts, facets and ids."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.pages import limit_of, limit_parameter, page_parameters, page_request, page_shape
from accounts.problems import BadInput
from curate.grid import objects as reads
from curate.grid.images_api import CountSerializer, GridBoxSerializer
from curate.grid.object_conditions import CONDITION_PARAMETERS, WordField, read_objects
from curate.grid.object_facets import object_facets
from curate.models import Match
from curate.query.request import FILTER_PARAMETERS, read_filter
from dataset.api.datasets import dataset_for
from dataset.api.shapes import BoxField, ImageBriefSerializer, MetadataField
from dataset.models import Provenance

MOST_IDS = 20_000  # of one range of the list
FILTERS = [*FILTER_PARAMETERS, *CONDITION_PARAMETERS]
ORDER = OpenApiParameter(
    "order", str, enum=list(reads.ORDERS), description="id (by image) where nothing is said; score and iou of verdicts"
)
SKIP = OpenApiParameter("skip", int, description="Begin so many objects further on")


class ObjectImageSerializer(ImageBriefSerializer):
    file = serializers.CharField()


class ObjectRowSerializer(serializers.Serializer):
    """One object: a current label, or with an evaluation one of its matches."""

    id = serializers.IntegerField(help_text="Of the label's row; with an evaluation of the match")
    image = ObjectImageSerializer()
    object_id = serializers.IntegerField(allow_null=True, help_text="Null of a prediction without a label")
    class_id = serializers.IntegerField()
    box = BoxField()
    region = BoxField(help_text="The part of the image that `crop` shows")
    crop = serializers.CharField()
    provenance = WordField(choices=[one.label for one in Provenance], allow_null=True)
    attributes = MetadataField()
    boxes = GridBoxSerializer(many=True)
    verdict = serializers.ChoiceField(choices=Match.Verdict.choices, required=False)
    error = serializers.CharField(required=False)
    score = serializers.FloatField(required=False)
    iou = serializers.FloatField(required=False)


class ObjectIdsSerializer(serializers.Serializer):
    ids = serializers.ListField(child=serializers.IntegerField())


class ClassObjectsSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    objects = serializers.IntegerField()


class ValueObjectsSerializer(serializers.Serializer):
    value = serializers.CharField()
    objects = serializers.IntegerField()


class ObjectFacetsSerializer(serializers.Serializer):
    """Of each kind its values, with how many objects have them under all the other conditions."""

    classes = ClassObjectsSerializer(many=True)
    sizes = ValueObjectsSerializer(many=True)
    provenances = ValueObjectsSerializer(many=True)
    verdicts = ValueObjectsSerializer(many=True)
    errors = ValueObjectsSerializer(many=True)
    changed = ValueObjectsSerializer(many=True, help_text="With a comparison: what became of them")


def skipped(request: Request) -> int:
    given = request.query_params.get("skip", "0")
    if not given.isdecimal() or len(given) > 12:
        raise BadInput("skip must be a whole number.", errors={"skip": ["Must be a whole number."]})
    return int(given)


@extend_schema(
    operation_id="list_objects",
    tags=["curate"],
    parameters=[*FILTERS, ORDER, SKIP, *page_parameters(default=100)],
    responses=page_shape(ObjectRowSerializer),
)
def list_objects(request: Request, dataset_id: int) -> Response:
    """A page of objects of the images that the filter means."""
    wanted = read_objects(request, read_filter(request, dataset_for(request, dataset_id)))
    order = request.query_params.get("order") or "id"
    items, following = reads.object_page(wanted, page_request(request, default=100), order, skip=skipped(request))
    return Response({"items": items, "next": following})


@extend_schema(operation_id="count_objects", tags=["curate"], parameters=FILTERS, responses=CountSerializer)
def count_objects(request: Request, dataset_id: int) -> Response:
    """How many objects there are."""
    wanted = read_objects(request, read_filter(request, dataset_for(request, dataset_id)))
    return Response({"count": reads.object_count(wanted)})


@extend_schema(operation_id="get_object_facets", tags=["curate"], parameters=FILTERS, responses=ObjectFacetsSerializer)
def get_object_facets(request: Request, dataset_id: int) -> Response:
    """What the objects shown consist of."""
    wanted = read_objects(request, read_filter(request, dataset_for(request, dataset_id)))
    return Response(object_facets(wanted))


@extend_schema(
    operation_id="list_object_ids",
    tags=["curate"],
    parameters=[*FILTERS, ORDER, SKIP, limit_parameter(MOST_IDS, MOST_IDS)],
    responses=ObjectIdsSerializer,
)
def list_object_ids(request: Request, dataset_id: int) -> Response:
    """The ids at some places of the list, for selecting a range of it."""
    wanted = read_objects(request, read_filter(request, dataset_for(request, dataset_id)))
    order = request.query_params.get("order") or "id"
    limit = limit_of(request, default=MOST_IDS, largest=MOST_IDS)
    return Response({"ids": reads.ordered_ids(wanted, order, skip=skipped(request), limit=limit)})
