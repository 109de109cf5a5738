"""Evaluations over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import BadInput, Conflict, validated
from curate.evaluations import creation, reads
from curate.models import Evaluation
from curate.query.request import row_named
from dataset.api.datasets import dataset_for
from dataset.api.shapes import SliceBriefSerializer
from dataset.models import PredictionSet
from jobs.api import JobSerializer
from jobs.models import Job
from model.models import Run


class RunNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class EvaluatedSetSerializer(serializers.Serializer):
    """The prediction set that was judged, and where it comes from."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=PredictionSet.Kind.choices)
    checkpoint = serializers.IntegerField(allow_null=True)
    run = RunNameSerializer(allow_null=True)


class FiguresSerializer(serializers.Serializer):
    """COCO's twelve, 0 to 1; null where no box of that size exists."""

    AP = serializers.FloatField(allow_null=True)
    AP50 = serializers.FloatField(allow_null=True)
    AP75 = serializers.FloatField(allow_null=True)
    APs = serializers.FloatField(allow_null=True)
    APm = serializers.FloatField(allow_null=True)
    APl = serializers.FloatField(allow_null=True)
    AR1 = serializers.FloatField(allow_null=True)
    AR10 = serializers.FloatField(allow_null=True)
    AR100 = serializers.FloatField(allow_null=True)
    ARs = serializers.FloatField(allow_null=True)
    ARm = serializers.FloatField(allow_null=True)
    ARl = serializers.FloatField(allow_null=True)


class EndsSerializer(serializers.Serializer):
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class IntervalSerializer(EndsSerializer):
    level = serializers.FloatField()
    resamples = serializers.IntegerField()
    groups = serializers.ChoiceField(choices=["image", "sequence"], help_text="What was drawn")
    units = serializers.IntegerField(help_text="How many of them there are")
    smallest_shown = serializers.FloatField(
        allow_null=True, help_text="The smallest gain in mAP that these images are likely to show"
    )


class MoreIntervalsSerializer(serializers.Serializer):
    AP75 = EndsSerializer()
    AR100 = EndsSerializer()


class VerdictCountsSerializer(serializers.Serializer):
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    images = serializers.IntegerField()
    boxes = serializers.IntegerField()


class EvaluationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    dataset = serializers.IntegerField()
    name = serializers.CharField()
    prediction_set = EvaluatedSetSerializer()
    revision = serializers.IntegerField()
    manifest = serializers.IntegerField()
    slices = SliceBriefSerializer(many=True)
    iou = serializers.FloatField()
    conf = serializers.FloatField(allow_null=True)
    evaluator = serializers.CharField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    job = serializers.IntegerField(allow_null=True)
    figures = FiguresSerializer(allow_null=True)
    interval = IntervalSerializer(allow_null=True, help_text="Of AP")
    interval50 = IntervalSerializer(allow_null=True, help_text="Of AP50")
    intervals = MoreIntervalsSerializer(allow_null=True, help_text="Of AP75 and AR100, from the same resamples")
    counts = VerdictCountsSerializer(allow_null=True)
    on_training_images = serializers.IntegerField(help_text="Images that the checkpoint was trained on")
    unlabelled = serializers.IntegerField(help_text="Images asked for that are not labelled, and were left out")
    of = serializers.IntegerField(
        allow_null=True, help_text="The evaluation whose boxes these are, at another operating point; else null"
    )
    rows = serializers.ChoiceField(choices=Evaluation.Rows.choices)
    created_at = serializers.DateTimeField()


class ClassFiguresSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    AP = serializers.FloatField(allow_null=True)
    AP50 = serializers.FloatField(allow_null=True)
    AR = serializers.FloatField(allow_null=True)
    interval = EndsSerializer()
    gt = serializers.IntegerField()
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)


class EvaluationDetailSerializer(EvaluationSerializer):
    per_class = ClassFiguresSerializer(many=True, allow_null=True)


class EvaluationInSerializer(serializers.Serializer):
    prediction_set = serializers.IntegerField()
    revision = serializers.IntegerField(required=False, allow_null=True, min_value=0, help_text="The newest")
    slice = serializers.IntegerField(required=False, allow_null=True, help_text="Only its images")
    iou = serializers.FloatField(default=0.5)
    conf = serializers.FloatField(required=False, allow_null=True, help_text="That of the best mean F1")


class PrecisionRecallSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    recall = serializers.ListField(child=serializers.FloatField())
    precision = serializers.ListField(child=serializers.FloatField(allow_null=True))
    score = serializers.ListField(child=serializers.FloatField(allow_null=True))


class ConfidencePointSerializer(serializers.Serializer):
    conf = serializers.FloatField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)


class CurvesSerializer(serializers.Serializer):
    precision_recall = PrecisionRecallSerializer(many=True)
    f1 = ConfidencePointSerializer(many=True)


class ConfusionSerializer(serializers.Serializer):
    class_ids = serializers.ListField(child=serializers.IntegerField())
    matrix = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Rows labelled, columns predicted; the last of each is the background",
    )
    conf = serializers.FloatField()
    iou = serializers.FloatField()


class ErrorTypeSerializer(serializers.Serializer):
    error = serializers.CharField()
    count = serializers.IntegerField()
    q = serializers.CharField(help_text="The query line of its images")


def as_json(rows: list[Evaluation]) -> list[dict[str, Any]]:
    """Evaluations as lists and pages show them; the queries do not grow with the rows."""
    states, slices = reads.states(rows), reads.slices_by_evaluation(rows)
    runs = reads.runs_by_checkpoint(row.prediction_set.checkpoint_id for row in rows)
    return [
        {
            **_named(row, runs.get(row.prediction_set.checkpoint_id or 0)),
            "slices": slices[row.pk],
            "state": states[row.pk],
        }
        for row in rows
    ]


def _named(row: Evaluation, run: Run | None) -> dict[str, Any]:
    judged = row.prediction_set
    plain = (
        "revision", "iou", "conf", "evaluator", "figures", "interval", "interval50", "intervals", "counts",
        "on_training_images", "unlabelled", "rows", "created_at",
    )  # fmt: skip
    return {
        "id": row.pk,
        "dataset": row.dataset_id,
        "name": f"{judged.name} · r{row.revision}",
        "prediction_set": {
            "id": judged.pk,
            "name": judged.name,
            "kind": judged.kind,
            "checkpoint": judged.checkpoint_id,
            "run": {"id": run.pk, "name": run.name} if run else None,
        },
        "manifest": row.manifest_id,
        "of": row.of_id,
        "job": row.job_id,
        **{name: getattr(row, name) for name in plain},
    }


def evaluation_for(request: Request, evaluation_id: int, *, finished: bool = True) -> Evaluation:
    """The evaluation, if the caller may; raises Conflict where it must be finished and is not."""
    rows = reads.with_names(Evaluation.objects.all())
    row = access.one_of(request.user, rows, evaluation_id, through="dataset.project_id")
    if finished and row.finished_at is None:
        raise Conflict("This evaluation is not finished yet.")
    return row


def whole_evaluation_for(request: Request, evaluation_id: int) -> Evaluation:
    """As `evaluation_for`; of one at another operating point, the evaluation that it is of."""
    row = evaluation_for(request, evaluation_id)
    return row if row.of_id is None else evaluation_for(request, row.of_id)


@extend_schema(
    operation_id="start_evaluation", tags=["curate"], request=EvaluationInSerializer, responses={202: JobSerializer}
)
def start_evaluation(request: Request) -> Response:
    """Judge a prediction set on the labels of a revision. The job's result names the evaluation, as does its link."""
    given = validated(EvaluationInSerializer, request.data)
    rows = PredictionSet.objects.select_related("dataset__project", "manifest")
    judged = access.one_of(
        request.user, rows, given["prediction_set"], through="dataset.project_id", at_least=Role.REVIEWER
    )
    within = None
    if given.get("slice") is not None:
        within = judged.dataset.slices.filter(pk=given["slice"]).first()
        if within is None:
            raise BadInput("This dataset has no such slice.", errors={"slice": ["There is no such one."]})
    evaluation = creation.start(
        prediction_set=judged,
        by=request.user,
        revision=given.get("revision"),
        within=within,
        thresholds=creation.Thresholds(iou=given["iou"], conf=given.get("conf")),
    )
    return Response(JobSerializer(Job.objects.get(pk=evaluation.job_id)).data, status=202)


@extend_schema(
    operation_id="list_evaluations",
    tags=["curate"],
    parameters=[OpenApiParameter("prediction_set", int), *PAGE_PARAMETERS],
    responses=page_shape(EvaluationSerializer),
)
def list_evaluations(request: Request, dataset_id: int) -> Response:
    """A dataset's evaluations, newest first."""
    dataset = dataset_for(request, dataset_id)
    rows = reads.evaluations_of(dataset)
    judged = row_named(request, "prediction_set", dataset.prediction_sets.all())
    if judged is not None:
        rows = rows.filter(prediction_set=judged)
    items, following = newest_first(rows, page_request(request))
    return Response({"items": as_json(items), "next": following})


@extend_schema(operation_id="get_evaluation", tags=["curate"], responses=EvaluationDetailSerializer)
def get_evaluation(request: Request, evaluation_id: int) -> Response:
    row = evaluation_for(request, evaluation_id, finished=False)
    return Response({**as_json([row])[0], "per_class": row.per_class})


@extend_schema(
    operation_id="get_curves",
    tags=["curate"],
    parameters=[OpenApiParameter("class_id", int, description="Only this class; left out: all, and F1 in the mean")],
    responses=CurvesSerializer,
)
def get_curves(request: Request, evaluation_id: int) -> Response:
    """Precision over recall at IoU 0.5 (101 points), and precision, recall and F1 over confidence."""
    row = whole_evaluation_for(request, evaluation_id)
    chosen = row_named(request, "class_id", row.dataset.classes.all())
    return Response(reads.curves_of(row, chosen.pk if chosen else None))


@extend_schema(operation_id="get_confusion", tags=["curate"], responses=ConfusionSerializer)
def get_confusion(request: Request, evaluation_id: int) -> Response:
    """Counts of boxes at the evaluation's own operating point; `at` has them at any other."""
    row = whole_evaluation_for(request, evaluation_id)
    return Response({**(row.confusion or {}), "conf": row.conf, "iou": row.iou})


@extend_schema(operation_id="list_error_types", tags=["curate"], responses=ErrorTypeSerializer(many=True))
def list_error_types(request: Request, evaluation_id: int) -> Response:
    """False positives by why they are wrong, and boxes that nothing found."""
    return Response(reads.error_types(evaluation_for(request, evaluation_id)))
