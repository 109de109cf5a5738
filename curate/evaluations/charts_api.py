"""The charts of an evaluation at any operating point and on any of its images, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from django.core.cache import cache
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.problems import BadInput, validated
from curate.evaluations import parts
from curate.evaluations.api import (
    EndsSerializer,
    FiguresSerializer,
    MoreIntervalsSerializer,
    VerdictCountsSerializer,
    whole_evaluation_for,
)
from curate.evaluations.creation import Thresholds
from curate.evaluations.kept_arrays import judged_evaluation
from curate.evaluations.other_rules import other_rules
from curate.evaluations.points import open_point, own_confidence
from curate.models import Evaluation
from curate.query.request import number_named, row_named
from science.evaluation import charts
from science.evaluation.arrays import FLOOR
from science.evaluation.judged import JudgedEvaluation, Mask

KEEP = 24 * 3600  # seconds; of figures, which an evaluation's images settle
BETAS = (0.1, 10.0)

IMAGES = [
    OpenApiParameter("q", str, description="Only the images that this query line finds"),
    OpenApiParameter("slice", int, description="Only the images of this slice"),
]
CONF = OpenApiParameter("conf", float, description="Confidence, 0.05 to 1; the evaluation's own where left out")
IOU = OpenApiParameter("iou", float, description="0.5, 0.55 … 0.95; the evaluation's own where left out")


def numbers(help_text: str | None = None) -> serializers.ListField:
    """A field of numbers, null where there is none."""
    return serializers.ListField(child=serializers.FloatField(allow_null=True), help_text=help_text)


def whole_numbers() -> serializers.ListField:
    """A field of counts."""
    return serializers.ListField(child=serializers.IntegerField())


class ErrorCountSerializer(serializers.Serializer):
    error = serializers.CharField()
    fp = serializers.IntegerField(help_text="False positives")
    fn = serializers.IntegerField(help_text="Labelled boxes that were not found")


class PointClassSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    gt = serializers.IntegerField()
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)
    errors = ErrorCountSerializer(many=True)


class MatrixSerializer(serializers.Serializer):
    class_ids = whole_numbers()
    matrix = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class HistogramSerializer(serializers.Serializer):
    edges = numbers()
    counts = whole_numbers()


class AtPointSerializer(serializers.Serializer):
    """What hangs on confidence and IoU."""

    conf = serializers.FloatField()
    iou = serializers.FloatField()
    counts = VerdictCountsSerializer()
    per_class = PointClassSerializer(many=True)
    confusion = MatrixSerializer()
    errors = ErrorCountSerializer(many=True)
    overlaps = HistogramSerializer(help_text="True positives by IoU")


class MeanCurveSerializer(serializers.Serializer):
    AP = serializers.FloatField(allow_null=True)
    precision = numbers()


class ClassCurveSerializer(MeanCurveSerializer):
    class_id = serializers.IntegerField()
    score = numbers("The confidence at which this recall is reached")


class RecallCurvesSerializer(serializers.Serializer):
    recall = numbers()
    mean = MeanCurveSerializer()
    classes = ClassCurveSerializer(many=True)


class MeanConfidenceSerializer(serializers.Serializer):
    precision = numbers()
    recall = numbers()
    f = numbers("F-beta")


class ClassConfidenceSerializer(MeanConfidenceSerializer):
    class_id = serializers.IntegerField()
    best = serializers.FloatField(allow_null=True, help_text="The confidence of the best F-beta")
    best_f = serializers.FloatField(allow_null=True)


class ConfidenceSerializer(serializers.Serializer):
    conf = numbers()
    best = serializers.FloatField(allow_null=True)
    mean = MeanConfidenceSerializer()
    classes = ClassConfidenceSerializer(many=True)


class ScoresSerializer(serializers.Serializer):
    """Predictions by score; each bin holds its lower edge."""

    edges = numbers()
    right = whole_numbers()
    wrong = whole_numbers()
    confidence = numbers("Mean score of a bin")
    precision = numbers("Right of a bin")
    error = serializers.FloatField(allow_null=True, help_text="D-ECE")


class OverConfidenceSerializer(serializers.Serializer):
    """What hangs on the IoU and not on the confidence."""

    iou = serializers.FloatField()
    beta = serializers.FloatField()
    precision_recall = RecallCurvesSerializer()
    confidence = ConfidenceSerializer()
    scores = ScoresSerializer()


class ErrorCostSerializer(serializers.Serializer):
    error = serializers.CharField()
    delta_ap = serializers.FloatField(allow_null=True, help_text="What AP gains where these errors are repaired")
    count = serializers.IntegerField()
    shown = serializers.IntegerField(help_text="Those that can be opened: predictions from confidence 0.05 on")


class ClassCostSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    ap = serializers.FloatField(allow_null=True)
    delta_ap = serializers.DictField(child=serializers.FloatField(allow_null=True))
    shown = serializers.DictField(child=serializers.IntegerField())


class BudgetSerializer(serializers.Serializer):
    iou = serializers.FloatField()
    ap = serializers.FloatField(allow_null=True)
    errors = ErrorCostSerializer(many=True)
    classes = ClassCostSerializer(many=True)


class PartClassSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    AP = serializers.FloatField(allow_null=True)
    AP50 = serializers.FloatField(allow_null=True)
    AR = serializers.FloatField(allow_null=True)
    interval = EndsSerializer()
    gt = serializers.IntegerField()


class PartFiguresSerializer(serializers.Serializer):
    figures = FiguresSerializer()
    interval = EndsSerializer(help_text="Of AP")
    interval50 = EndsSerializer(help_text="Of AP50")
    intervals = MoreIntervalsSerializer(help_text="Of AP75 and AR100")
    resamples = serializers.IntegerField()
    images = serializers.IntegerField()
    per_class = PartClassSerializer(many=True)


class RuleCauseSerializer(serializers.Serializer):
    """In what a rule differs from COCO's, and what that alone adds to its AP."""

    cause = serializers.ChoiceField(choices=["curve", "crowds", "limit"])
    effect = serializers.FloatField()


class OtherRuleSerializer(serializers.Serializer):
    """Null where the rule has no such figure."""

    rule = serializers.ChoiceField(choices=["coco", "ultralytics", "bdd100k", "voc2010", "voc2007"])
    AP = serializers.FloatField(allow_null=True)
    AP50 = serializers.FloatField(allow_null=True)
    beyond = serializers.IntegerField(help_text="Predictions left out by the rule's limit per image")
    causes = RuleCauseSerializer(many=True, help_text="Of ultralytics' figure: why it is not COCO's, largest first")


class PartSerializer(serializers.Serializer):
    label = serializers.CharField(allow_null=True, help_text="Of a value; a band is named by its bounds")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    q = serializers.CharField(help_text="The query line of its images; empty for a band of object sizes")
    images = serializers.IntegerField()
    boxes = serializers.IntegerField()
    AP = serializers.FloatField(allow_null=True)
    AP50 = serializers.FloatField(allow_null=True)
    AR = serializers.FloatField(allow_null=True)
    interval = EndsSerializer()
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)


class PartsSerializer(serializers.Serializer):
    by = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField(), help_text="By what else it can be taken apart")
    parts = PartSerializer(many=True)


class PointInSerializer(serializers.Serializer):
    conf = serializers.FloatField(required=False, allow_null=True, help_text="0.05 to 1; not for the error budget")
    iou = serializers.FloatField(default=0.5)
    rows = serializers.ChoiceField(choices=Evaluation.Rows.choices, default=Evaluation.Rows.VERDICTS)


class PointSerializer(serializers.Serializer):
    evaluation = serializers.IntegerField(help_text="What the object grid takes as `evaluation`")
    conf = serializers.FloatField()
    iou = serializers.FloatField()
    rows = serializers.ChoiceField(choices=Evaluation.Rows.choices)


@dataclass(frozen=True, eq=False)
class ChartRequest:
    """What a request asks of an evaluation."""

    evaluation: Evaluation
    judged: JudgedEvaluation
    images: Mask | None
    iou: float
    confidence: float


def chart_request(request: Request, evaluation_id: int) -> ChartRequest:
    """The evaluation, if the caller may, and where on it. Raises BadInput where the point is none."""
    row = whole_evaluation_for(request, evaluation_id)
    iou = number_named(request, "iou", row.iou)
    confidence = number_named(request, "conf", FLOOR if row.conf is None else row.conf)
    Thresholds(iou=iou, conf=confidence).check()
    arrays = judged_evaluation(row)
    return ChartRequest(row, arrays, images_named(request, row, arrays), iou, own_confidence(row, confidence, iou))


def images_named(request: Request, row: Evaluation, arrays: JudgedEvaluation) -> Mask | None:
    """The images that `q` and `slice` leave; None where all are meant. Raises QueryError where the line is wrong."""
    line = request.query_params.get("q", "").strip()
    within = row_named(request, "slice", row.dataset.slices.all())
    if not line and within is None:
        return None
    return parts.images_of(arrays, row, line, within.pk if within else None)


@extend_schema(
    operation_id="get_evaluation_at", tags=["curate"], parameters=[CONF, IOU, *IMAGES], responses=AtPointSerializer
)
def get_at(request: Request, evaluation_id: int) -> Response:
    """Counts, confusion matrix, error types and overlaps at a confidence and an IoU."""
    wanted = chart_request(request, evaluation_id)
    return Response(charts.at_point(wanted.judged, confidence=wanted.confidence, iou=wanted.iou, images=wanted.images))


@extend_schema(
    operation_id="get_evaluation_over_confidence",
    tags=["curate"],
    parameters=[IOU, OpenApiParameter("beta", float, description="Of F-beta; 1"), *IMAGES],
    responses=OverConfidenceSerializer,
)
def get_over_confidence(request: Request, evaluation_id: int) -> Response:
    """Precision over recall, F-beta over confidence, the scores and whether they mean what they say, at an IoU."""
    wanted = chart_request(request, evaluation_id)
    beta = number_named(request, "beta", 1.0)
    if not BETAS[0] <= beta <= BETAS[1]:
        raise BadInput(f"beta is from {BETAS[0]} to {BETAS[1]:g}; not {beta:g}.", errors={"beta": ["Out of range."]})
    return Response(charts.over_confidence(wanted.judged, iou=wanted.iou, beta=beta, images=wanted.images))


@extend_schema(operation_id="get_error_budget", tags=["curate"], parameters=[IOU, *IMAGES], responses=BudgetSerializer)
def get_budget(request: Request, evaluation_id: int) -> Response:
    """How much AP each type of error costs at an IoU (TIDE)."""
    wanted = chart_request(request, evaluation_id)
    return Response(charts.error_budget_chart(wanted.judged, iou=wanted.iou, images=wanted.images))


@extend_schema(operation_id="get_figures_of_part", tags=["curate"], parameters=IMAGES, responses=PartFiguresSerializer)
def get_figures(request: Request, evaluation_id: int) -> Response:
    """The twelve figures on some of the images, with intervals of 200 resamples."""
    wanted = chart_request(request, evaluation_id)
    return Response(kept_chart("figures", wanted, lambda: charts.figures(wanted.judged, wanted.images)))


@extend_schema(
    operation_id="list_other_rules", tags=["curate"], parameters=IMAGES, responses=OtherRuleSerializer(many=True)
)
def list_other_rules(request: Request, evaluation_id: int) -> Response:
    """mAP as COCO, ultralytics, BDD100K and Pascal VOC count it, on the same boxes."""
    wanted = chart_request(request, evaluation_id)
    return Response(kept_chart("rules", wanted, lambda: other_rules(wanted.judged, wanted.images)))


def kept_chart(name: str, wanted: ChartRequest, compute: Callable[[], Any]) -> Any:
    """What `compute` gives of an evaluation and some of its images, which never changes, from the cache."""
    digest = "" if wanted.images is None else sha256(np.packbits(wanted.images).tobytes()).hexdigest()
    key = f"curate:{name}:{wanted.evaluation.pk}:{wanted.evaluation.location}:{digest}"
    return cache.get_or_set(key, compute, KEEP)


@extend_schema(
    operation_id="list_parts",
    tags=["curate"],
    parameters=[
        OpenApiParameter("by", str, description="size, slice, tag, metadata.KEY, captured_at, brightness …; size"),
        CONF,
        IOU,
        *IMAGES,
    ],
    responses=PartsSerializer,
)
def list_parts(request: Request, evaluation_id: int) -> Response:
    """The evaluation by what is known of its images, or by the size of the object."""
    wanted = chart_request(request, evaluation_id)
    by = request.query_params.get("by") or parts.SIZE
    rows = parts.part_rows(
        wanted.judged, wanted.evaluation, by, confidence=wanted.confidence, iou=wanted.iou, images=wanted.images
    )
    return Response({"by": by, "choices": parts.part_choices(wanted.evaluation), "parts": rows})


@extend_schema(operation_id="open_point", tags=["curate"], request=PointInSerializer, responses={200: PointSerializer})
def open_point_of(request: Request, evaluation_id: int) -> Response:
    """The boxes at an operating point, as rows of the object grid. Whoever may look at the evaluation may ask."""
    row = whole_evaluation_for(request, evaluation_id)
    given = validated(PointInSerializer, request.data)
    point = Thresholds(iou=given["iou"], conf=given.get("conf"))
    made = open_point(evaluation=row, point=point, rows=given["rows"], by=request.user)
    return Response({"evaluation": made.pk, "conf": made.conf, "iou": made.iou, "rows": made.rows})
