"""Images of a dataset over HTTP: the grid's pages, counts, facets and ids."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.pages import page_parameters, page_request, page_shape, quick_response
from accounts.problems import BadInput
from curate.counts.facets import facets
from curate.counts.tags import tag_facets
from curate.counts.time_limit import within_budget
from curate.grid.boxes import Overlay
from curate.grid.facet_boxes import box_facets
from curate.grid.image_verdicts import verdicts_on
from curate.grid.pages import NEAR, ORDERS, GridRequest, image_page, order_named, ordered_images
from curate.query.image_search import nearest_in
from curate.query.ordering import Order
from curate.query.request import FILTER_PARAMETERS, Filter, number_named, read_filter, row_named
from dataset.api.datasets import dataset_for
from dataset.api.finer_shapes import ShapeJsonField
from dataset.api.images import image_for
from dataset.api.shapes import LABEL_STATES, BoxField, MetadataField, ScalarField
from dataset.importing.ignoring import WORDS

MOST_IDS = 200_000
LARGEST_GRID = 1000  # images of a page
ORDER = OpenApiParameter(
    "order",
    str,
    enum=[*ORDERS, NEAR],
    description="id where nothing is said; near: nearest to what near() names first; order by … in the line wins",
)


class GridBoxSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["gt", "pred"])
    id = serializers.IntegerField(help_text="Of the annotation or the prediction")
    class_id = serializers.IntegerField()
    box = BoxField()
    score = serializers.FloatField(required=False)
    verdict = serializers.ChoiceField(choices=["tp", "fp", "fn"], required=False)
    error = serializers.CharField(required=False, help_text="Why it is a false positive or negative")
    ignore = serializers.ChoiceField(
        choices=list(WORDS), required=False, help_text="How a label is ignored; left out where it counts"
    )
    shape = ShapeJsonField(required=False, help_text="Of a label that has one; a polygon with few points")


class ImageRowSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    thumb = serializers.CharField()
    file = serializers.CharField()
    metadata = MetadataField()
    sequence = serializers.CharField(allow_blank=True)
    label_state = serializers.ChoiceField(choices=LABEL_STATES)
    boxes = GridBoxSerializer(many=True, required=False)


class CountSerializer(serializers.Serializer):
    count = serializers.IntegerField()


class ImageIdsSerializer(serializers.Serializer):
    ids = serializers.ListField(child=serializers.IntegerField())


class ClassFacetSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    images = serializers.IntegerField()
    boxes = serializers.IntegerField()


class ValueFacetSerializer(serializers.Serializer):
    value = ScalarField()
    images = serializers.IntegerField()


class MetadataFacetSerializer(serializers.Serializer):
    key = serializers.CharField()
    values = ValueFacetSerializer(many=True)


class SliceFacetSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    images = serializers.IntegerField()


class TagFacetSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    images = serializers.IntegerField()


class LabelStateFacetSerializer(serializers.Serializer):
    label_state = serializers.ChoiceField(choices=LABEL_STATES)
    images = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer):
    classes = ClassFacetSerializer(many=True)
    metadata = MetadataFacetSerializer(many=True)
    slices = SliceFacetSerializer(many=True)
    tags = TagFacetSerializer(many=True)
    label_states = LabelStateFacetSerializer(many=True)


class BoxFacetSerializer(serializers.Serializer):
    value = serializers.CharField()
    images = serializers.IntegerField()


class BoxFacetsSerializer(serializers.Serializer):
    """Images by what their boxes are; one with boxes of several sizes counts in each."""

    sizes = BoxFacetSerializer(many=True)
    provenances = BoxFacetSerializer(many=True)


class ImageVerdictsSerializer(serializers.Serializer):
    """How many verdicts of which kind an evaluation gave on an image."""

    evaluation = serializers.IntegerField()
    name = serializers.CharField()
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()


def order_of(request: Request, wanted: Filter) -> Order:
    """The order that the address asks for; what the query line asks for comes before it."""
    name = request.query_params.get("order") or "id"
    return nearest_in(wanted.dataset, wanted.q) if name == NEAR else order_named(name)


@extend_schema(
    operation_id="list_images",
    tags=["curate"],
    parameters=[
        *FILTER_PARAMETERS,
        ORDER,
        OpenApiParameter("after_image", int, description="Begin after this image, wherever it stands in the order"),
        OpenApiParameter("boxes", bool, description="With the boxes to draw"),
        OpenApiParameter("prediction_set", int, description="Draw this set's boxes too, without verdicts"),
        OpenApiParameter("conf", float, description="Draw the set's boxes from this score on; 0.25"),
        *page_parameters(default=100, largest=LARGEST_GRID),
    ],
    responses=page_shape(ImageRowSerializer),
)
@within_budget
def list_images(request: Request, dataset_id: int) -> HttpResponseBase:
    """A page of images. With `boxes` and `evaluation`, labels and predictions carry their verdicts."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    overlay = Overlay(
        evaluation=wanted.evaluation,
        prediction_set=row_named(request, "prediction_set", wanted.dataset.prediction_sets.all()),
        confidence=number_named(request, "conf", Overlay.confidence),
    )
    found = wanted.found()
    asked = GridRequest(
        order=found.order or order_of(request, wanted),
        after_image=row_named(request, "after_image", wanted.dataset.images.all()),
        with_boxes=request.query_params.get("boxes") in ("1", "true"),
        overlay=overlay,
    )
    items, following = image_page(found.images, page_request(request, default=100, largest=LARGEST_GRID), asked)
    return quick_response({"items": items, "next": following})


@extend_schema(operation_id="count_images", tags=["curate"], parameters=FILTER_PARAMETERS, responses=CountSerializer)
@within_budget
def count_images(request: Request, dataset_id: int) -> Response:
    """How many images there are; without a filter from the dataset's own count."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    return Response({"count": wanted.images().count() if wanted.narrowed else wanted.dataset.image_count})


@extend_schema(operation_id="get_facets", tags=["curate"], parameters=FILTER_PARAMETERS, responses=FacetsSerializer)
@within_budget
def get_facets(request: Request, dataset_id: int) -> Response:
    """What the images shown consist of: classes, metadata values, slices, tags."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    found = facets(wanted.dataset, wanted.images(), narrowed=wanted.narrowed)
    tags = tag_facets(wanted.dataset, wanted.images(), narrowed=wanted.narrowed)
    return Response({**found, "tags": tags})


@extend_schema(
    operation_id="get_box_facets", tags=["curate"], parameters=FILTER_PARAMETERS, responses=BoxFacetsSerializer
)
def get_box_facets(request: Request, dataset_id: int) -> Response:
    """How many of the images shown have boxes of which size and provenance; its own call, since it reads every box."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    return Response(box_facets(wanted.dataset, wanted.images(), narrowed=wanted.narrowed))


@extend_schema(operation_id="list_image_verdicts", tags=["curate"], responses=ImageVerdictsSerializer(many=True))
def list_verdicts(request: Request, image_id: int) -> Response:
    """The evaluations that judged an image, the newest first, with their verdicts counted."""
    return Response(verdicts_on(image_for(request, image_id)))


@extend_schema(
    operation_id="list_image_ids",
    tags=["curate"],
    parameters=[*FILTER_PARAMETERS, ORDER],
    responses=ImageIdsSerializer,
)
@within_budget
def list_image_ids(request: Request, dataset_id: int) -> Response:
    """The ids of all images, in order, for select-all. 400 where there are more than 200,000."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    found = wanted.found()
    rows = ordered_images(found.images, found.order or order_of(request, wanted))
    ids = list(rows.values_list("id", flat=True)[: MOST_IDS + 1])
    if len(ids) > MOST_IDS:
        raise BadInput(f"More than {MOST_IDS} images match. Narrow the query, or make a slice of it.")
    return Response({"ids": ids})
