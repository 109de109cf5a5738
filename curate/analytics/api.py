"""What the images shown consist of, chart by chart; each mark carries the query line that opens its images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.problems import BadInput
from curate.analytics import boxes
from curate.analytics.differences import differences
from curate.analytics.fields import fields_of
from curate.analytics.history import history
from curate.analytics.images import image_charts, uncharted_keys
from curate.analytics.shown_images import Chart, ShownImages
from curate.analytics.tables import cross_table, crossable_fields
from curate.query.request import FILTER_PARAMETERS, Filter, read_filter, row_named
from dataset.api.datasets import dataset_for

BOX_CHARTS: dict[str, Callable[[ShownImages, int | None], Chart]] = {
    "area": boxes.area_chart,
    "aspect": boxes.aspect_chart,
    "per_image": boxes.per_image_chart,
    "provenance": boxes.provenance_chart,
    "relative": boxes.relative_chart,
}
CLASS = OpenApiParameter("class", int, description="Only boxes of this class")
KIND = OpenApiParameter("kind", str, enum=sorted(BOX_CHARTS), required=True)


class BarSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    boxes = serializers.IntegerField(allow_null=True)
    q = serializers.CharField(allow_blank=True, help_text="The query line, beside the one asked with")
    label = serializers.CharField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="At or above; null for no bound")
    high = serializers.FloatField(allow_null=True, help_text="Below; null for no bound")
    class_id = serializers.IntegerField(allow_null=True)


class ChartSerializer(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=["classes", "values", "bins", "log_bins", "time"],
        help_text="log_bins: even on a logarithmic axis; time: bounds in seconds since 1970",
    )
    images = serializers.IntegerField(help_text="Images shown, of which `images` of a bar is a part")
    boxes = serializers.IntegerField(allow_null=True)
    bars = BarSerializer(many=True)
    parts = BarSerializer(many=True, help_text="The same boxes in coarser parts")
    unknown = serializers.IntegerField(help_text="Images without a value")
    unknown_q = serializers.CharField(allow_blank=True)
    others = serializers.IntegerField(help_text="Images with a value beyond the most frequent ones")
    unit = serializers.CharField(allow_blank=True, help_text="Of a time line: hour, day, month or year")


class AnalyticsFieldSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="class, metadata.KEY, captured_at …")


class AnalyticsOverviewSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    charts = ChartSerializer(many=True, help_text="Of the images: metadata, time, facts, sizes")
    fields = AnalyticsFieldSerializer(many=True, help_text="What a cross table can be made of")
    uncharted = serializers.ListField(child=serializers.CharField(), help_text="Metadata keys with too many values")


class HeatCellSerializer(serializers.Serializer):
    x = serializers.FloatField(help_text="Left, per cent of the image")
    y = serializers.FloatField(help_text="Top, per cent of the image")
    boxes = serializers.IntegerField()
    images = serializers.IntegerField()
    q = serializers.CharField()


class CentresSerializer(serializers.Serializer):
    across = serializers.ListField(child=serializers.FloatField())
    down = serializers.ListField(child=serializers.FloatField())
    aspect = serializers.FloatField(help_text="Width by height of the most frequent image size")
    boxes = serializers.IntegerField()
    cells = HeatCellSerializer(many=True)


class CrossHeadSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    q = serializers.CharField()
    label = serializers.CharField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    class_id = serializers.IntegerField(allow_null=True)


class CrossTableSerializer(serializers.Serializer):
    rows_name = serializers.CharField()
    columns_name = serializers.CharField()
    images = serializers.IntegerField(help_text="For which both are known")
    unknown = serializers.IntegerField()
    rows = CrossHeadSerializer(many=True)
    columns = CrossHeadSerializer(many=True)
    counts = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    residuals = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True)),
        help_text="Adjusted standardised; null where too few are expected",
    )
    q = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    association = serializers.FloatField(allow_null=True, help_text="Cramér's V")
    left_out = serializers.IntegerField(help_text="Classes beyond the 40 most frequent")


class HistoryStepSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    boxes = serializers.IntegerField(help_text="Labels after it")
    added = serializers.IntegerField()
    removed = serializers.IntegerField()


class HistorySerializer(serializers.Serializer):
    steps = HistoryStepSerializer(many=True)


class FindingSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["class", "empty", "boxes", "size", "value", "number"])
    name = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)
    q = serializers.CharField(allow_blank=True)
    is_share = serializers.BooleanField(help_text="first and second are shares of images, else means")
    first = serializers.FloatField()
    second = serializers.FloatField()
    first_images = serializers.IntegerField(allow_null=True)
    second_images = serializers.IntegerField(allow_null=True)
    z = serializers.FloatField()
    p = serializers.FloatField()


class DifferencesSerializer(serializers.Serializer):
    first_images = serializers.IntegerField()
    second_images = serializers.IntegerField()
    shared_images = serializers.IntegerField()
    units = serializers.IntegerField(help_text="Independent images or sequences of the smaller set")
    sequences = serializers.BooleanField(help_text="Whether units are sequences")
    tested = serializers.IntegerField()
    untested = serializers.IntegerField(help_text="Too rare, or too few units, to tell")
    chosen_by = serializers.ListField(
        child=serializers.CharField(), help_text="Fields named by a query line: not compared"
    )
    findings = FindingSerializer(many=True)


def shown_by(wanted: Filter) -> ShownImages:
    """Raises QueryError (400) where the query line cannot be read."""
    evaluation = wanted.evaluation.pk if wanted.evaluation else None
    name = repr((wanted.q, wanted.slice.pk if wanted.slice else None, evaluation))
    return ShownImages(wanted.dataset, wanted.images(), wanted.narrowed, name, wanted.q)


def _shown(request: Request, dataset_id: int) -> ShownImages:
    return shown_by(read_filter(request, dataset_for(request, dataset_id)))


def _class_id(request: Request, shown: ShownImages) -> int | None:
    row = row_named(request, "class", shown.dataset.classes.all())
    return row.pk if row else None


@extend_schema(
    operation_id="get_analytics",
    tags=["curate"],
    parameters=FILTER_PARAMETERS,
    responses=AnalyticsOverviewSerializer,
)
def get_overview(request: Request, dataset_id: int) -> Response:
    """The charts of the images themselves: metadata, time, facts of the picture, sizes; and what can be crossed."""
    shown = _shown(request, dataset_id)
    charts = shown.kept("images", lambda: image_charts(shown))
    return Response(
        {
            "images": shown.count(),
            "charts": [asdict(one) for one in charts],
            "fields": crossable_fields(shown, fields_of(shown)),
            "uncharted": uncharted_keys(shown),
        }
    )


@extend_schema(operation_id="get_class_chart", tags=["curate"], parameters=FILTER_PARAMETERS, responses=ChartSerializer)
def get_classes(request: Request, dataset_id: int) -> Response:
    """Boxes and images of each class."""
    shown = _shown(request, dataset_id)
    return Response(asdict(shown.kept("classes", lambda: boxes.classes_chart(shown))))


@extend_schema(
    operation_id="get_box_chart",
    tags=["curate"],
    parameters=[*FILTER_PARAMETERS, KIND, CLASS],
    responses=ChartSerializer,
)
def get_box_chart(request: Request, dataset_id: int) -> Response:
    """Boxes by area, area relative to the image, shape or provenance; or images by their number of boxes."""
    shown = _shown(request, dataset_id)
    class_id, kind = _class_id(request, shown), request.query_params.get("kind", "")
    if kind not in BOX_CHARTS:
        sentence = f"Charts of boxes are {', '.join(sorted(BOX_CHARTS))}; not {kind or 'nothing'}."
        raise BadInput(sentence, errors={"kind": [sentence]})
    return Response(asdict(shown.kept(f"{kind}:{class_id}", lambda: BOX_CHARTS[kind](shown, class_id))))


@extend_schema(
    operation_id="get_box_centres",
    tags=["curate"],
    parameters=[*FILTER_PARAMETERS, CLASS],
    responses=CentresSerializer,
)
def get_centres(request: Request, dataset_id: int) -> Response:
    """Where in the image the centres of boxes lie."""
    shown = _shown(request, dataset_id)
    class_id = _class_id(request, shown)
    return Response(asdict(shown.kept(f"centres:{class_id}", lambda: boxes.centres(shown, class_id))))


@extend_schema(
    operation_id="get_cross_table",
    tags=["curate"],
    parameters=[
        *FILTER_PARAMETERS,
        OpenApiParameter("rows", str, description="class, metadata.KEY, captured_at …; class where nothing is said"),
        OpenApiParameter("columns", str, description="As rows"),
    ],
    responses=CrossTableSerializer,
)
def get_cross_table(request: Request, dataset_id: int) -> Response:
    """Images by two properties; class by class are the images in which both occur."""
    shown = _shown(request, dataset_id)
    rows, columns = (request.query_params.get(name) or "class" for name in ("rows", "columns"))
    return Response(asdict(shown.kept(f"cross:{rows}:{columns}", lambda: cross_table(shown, rows, columns))))


@extend_schema(
    operation_id="get_label_history", tags=["curate"], parameters=FILTER_PARAMETERS, responses=HistorySerializer
)
def get_history(request: Request, dataset_id: int) -> Response:
    """Labels of the images after each revision."""
    shown = _shown(request, dataset_id)
    return Response({"steps": [asdict(one) for one in shown.kept("history", lambda: history(shown))]})


@extend_schema(
    operation_id="compare_images",
    tags=["curate"],
    parameters=[
        *FILTER_PARAMETERS,
        OpenApiParameter("vs", str, description="The query line of the other images; empty for all"),
        OpenApiParameter("vs_slice", int, description="Only the images of this slice on the other side"),
    ],
    responses=DifferencesSerializer,
)
def get_differences(request: Request, dataset_id: int) -> Response:
    """How the images differ from other images: what is more than chance, at a false discovery rate of 10 %."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    other = replace(
        wanted,
        q=request.query_params.get("vs", ""),
        slice=row_named(request, "vs_slice", wanted.dataset.slices.all()),
    )
    first, second = shown_by(wanted), shown_by(other)
    return Response(asdict(first.kept(f"differences:{second.name}", lambda: differences(first, second))))
