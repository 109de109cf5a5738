"""Learning curves over HTTP."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.problems import BadInput, Problem, validated
from curate.improve.api import LoopRunSerializer, PointsGainSerializer
from curate.improve.curve_points import CurveRun, LearningCurve, first_of_line, learning_curve_of
from curate.improve.learning_curve import FRACTIONS, KIND, NewCurve, check_run, start_curve
from curate.improve.loop import Loop
from curate.improve.state import gain_json
from curate.query.request import row_named, row_of
from dataset.api.datasets import dataset_for
from dataset.models import Dataset
from jobs.api import JobSerializer
from jobs.models import Job
from model.models import Run
from science.evaluation.as_json import json_number
from science.guidance.advice import MOST_EXTRAPOLATED, gain_of_data
from science.guidance.power_law import CurvePoint, PowerLaw, middle_of

DRAWN_AT = 25  # sizes at which the law is drawn


class CurveInSerializer(serializers.Serializer):
    run = serializers.IntegerField(required=False, allow_null=True, help_text="Left out: the loop's base")
    fractions = serializers.ListField(child=serializers.FloatField(), default=list(FRACTIONS), max_length=10)
    seeds = serializers.IntegerField(default=1, help_text="Trainings of each part")


class CurvePlaceSerializer(serializers.Serializer):
    """AP (0 to 1) at a size, with its 95 % interval."""

    n = serializers.FloatField(help_text="Images; of a class its labels")
    ap = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class CurvePointSerializer(CurvePlaceSerializer):
    """One training."""

    run = LoopRunSerializer()
    evaluation = serializers.IntegerField()


class PowerLawSerializer(serializers.Serializer):
    """AP(n) = a - b n^(-c), as draws that agree with the points."""

    sizes = serializers.IntegerField(help_text="Different sizes among the points")
    sure_of_exponent = serializers.BooleanField(help_text="False: two sizes, which fit any exponent")
    exponent = PointsGainSerializer(help_text="c")
    doubling = PointsGainSerializer(help_text="Points of mAP that twice the data brings")
    line = CurvePlaceSerializer(many=True, help_text="Middle and 95 % of the draws, up to twice the data")


class CurveOfClassSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    points = CurvePointSerializer(many=True)
    law = PowerLawSerializer(allow_null=True)


class LearningCurveSerializer(serializers.Serializer):
    """Trainings on nested parts of a run's images, each of which saw as many images in all."""

    run = LoopRunSerializer(allow_null=True, help_text="Null: nothing was trained yet")
    job = JobSerializer(allow_null=True)
    points = CurvePointSerializer(many=True)
    waiting = LoopRunSerializer(many=True, help_text="Trained, and not judged yet")
    law = PowerLawSerializer(allow_null=True, help_text="Null: fewer than two sizes")
    classes = CurveOfClassSerializer(many=True)
    refusal = serializers.CharField(allow_null=True, help_text="Why no curve of this run can be made")


def curve_runs(dataset: Dataset) -> QuerySet[Run]:
    """The dataset's runs with what a curve reads of them."""
    return Run.objects.filter(dataset=dataset).select_related(
        "dataset__project", "validation_slice", "start_checkpoint", "train_manifest", "validation_manifest"
    )


@extend_schema(
    operation_id="get_learning_curve",
    tags=["curate"],
    parameters=[OpenApiParameter("run", int, description="Left out: the first of the line that the next step goes on")],
    responses=LearningCurveSerializer,
)
def get_learning_curve(request: Request, dataset_id: int) -> Response:
    """The points of a run's learning curve, over all and by class, and the power laws fitted to them."""
    dataset = dataset_for(request, dataset_id)
    run = row_named(request, "run", curve_runs(dataset)) or _first_of_base(dataset)
    under_way = Job.objects.filter(kind=KIND, dataset_id=dataset.pk).exclude(state__in=Job.ENDED)
    job = under_way.select_related("created_by").first()
    empty: dict[str, Any] = {"run": None, "points": [], "waiting": [], "law": None, "classes": [], "refusal": None}
    shown = curve_json(learning_curve_of(run)) if run is not None else empty
    return Response(LearningCurveSerializer({**shown, "job": job}).data)


def _first_of_base(dataset: Dataset) -> Run | None:
    base = Loop(dataset).base
    return None if base is None else first_of_line(base)


def curve_json(curve: LearningCurve) -> dict[str, Any]:
    ids = sorted({class_id for one in curve.runs for class_id in one.classes})
    classes = len(curve.runs[-1].classes) if curve.runs else 0
    return {
        "run": curve.run,
        "points": [point_json(one, one.overall, one.interval()) for one in curve.runs if one.overall is not None],
        "waiting": [one.run for one in curve.runs if one.overall is None],
        "law": law_json(curve.law, 1) if curve.law else None,
        "classes": [
            {
                "class_id": pk,
                "points": [
                    point_json(one, one.classes[pk], one.interval(pk)) for one in curve.runs if pk in one.classes
                ],
                "law": law_json(curve.class_laws[pk], classes) if pk in curve.class_laws else None,
            }
            for pk in ids
        ],
        "refusal": refusal_of(curve.run),
    }


def point_json(one: CurveRun, point: CurvePoint, interval: dict[str, Any]) -> dict[str, Any]:
    """With the evaluation's own interval: the law takes it as even on both sides, the page shows what all pages do."""
    return {
        "run": one.run,
        "evaluation": one.evaluation.pk if one.evaluation else None,
        "n": point.n,
        "ap": point.ap,
        "low": interval.get("low"),
        "high": interval.get("high"),
    }


def law_json(law: PowerLaw, classes: int) -> dict[str, Any]:
    sizes = np.unique(np.geomspace(law.smallest, MOST_EXTRAPOLATED * law.largest, DRAWN_AT).round())
    drawn = np.clip(law.at(sizes), 0, 1)
    line = [(n, middle_of(drawn[:, place])) for place, n in enumerate(sizes.tolist())]
    return {
        "sizes": law.sizes,
        "sure_of_exponent": law.is_sure_of_exponent,
        "exponent": gain_json(middle_of(law.c)),
        "doubling": gain_json(gain_of_data(law, law.largest, classes)),
        "line": [
            {"n": n, "ap": json_number(one.value), "low": json_number(one.low), "high": json_number(one.high)}
            for n, one in line
        ],
    }


def refusal_of(run: Run) -> str | None:
    """Why no curve of it can be made."""
    try:
        check_run(run)
    except Problem as refusal:
        return str(refusal)
    return None


@extend_schema(
    operation_id="start_learning_curve", tags=["curate"], request=CurveInSerializer, responses={202: JobSerializer}
)
def post_learning_curve(request: Request, dataset_id: int) -> Response:
    """Train on nested parts of a run's images, with its settings and as many images seen. 409 where it cannot be."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(CurveInSerializer, request.data)
    run = row_of("run", given.get("run"), curve_runs(dataset)) or _first_of_base(dataset)
    if run is None:
        raise BadInput("Nothing was trained yet.", errors={"run": ["Train a baseline first."]})
    job = start_curve(run=run, new=NewCurve(given["fractions"], given["seeds"]), by=request.user)
    return Response(JobSerializer(job).data, status=202)
