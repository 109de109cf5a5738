"""People, time and quality of a batch over HTTP."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import validated
from label.api.batches import batch_for
from label.models import Batch, Task
from label.quality.deciding import change_plan
from label.quality.gold_rates import ErrorRate, error_rates
from label.quality.models import QualityPlan
from label.quality.people import PersonFigures, figures_of
from label.quality.report import as_csv, report_rows
from label.quality.rest import rest_of_batch
from label.quality.time_spent import median_seconds
from science.proportion import wilson


class ShareBoundsSerializer(serializers.Serializer):
    """A 95 % interval of a share (Wilson)."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class ErrorRateSerializer(serializers.Serializer):
    """Objects of gold tasks. An answer is right, of the wrong class, missed, or a box too many."""

    tasks = serializers.IntegerField(help_text="Gold tasks handed in; of a class, those that have it")
    answers = serializers.IntegerField()
    right = serializers.IntegerField()
    wrong_class = serializers.IntegerField()
    missed = serializers.IntegerField()
    extra = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True, help_text="Share of answers that are not right")
    interval = ShareBoundsSerializer(allow_null=True)
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    overlap = serializers.FloatField(allow_null=True, help_text="Mean IoU of the found")


class ClassErrorRateSerializer(ErrorRateSerializer):
    class_id = serializers.IntegerField()


class AgreedSerializer(serializers.Serializer):
    """Answers paired with everybody else's: how many are alike."""

    alike = serializers.IntegerField()
    answers = serializers.IntegerField()
    interval = ShareBoundsSerializer(allow_null=True)


class PersonFiguresSerializer(serializers.Serializer):
    person = PersonSerializer()
    states = serializers.DictField(child=serializers.IntegerField(), help_text="Tasks and copies of theirs, by state")
    finished = serializers.IntegerField(help_text="Handed in or done")
    seconds = serializers.FloatField(help_text="At work, without reviewing")
    review_seconds = serializers.FloatField()
    tasks_per_hour = serializers.FloatField(allow_null=True)
    gold = ErrorRateSerializer(allow_null=True)
    agreed = AgreedSerializer(allow_null=True)


class AlphaSerializer(serializers.Serializer):
    """Krippendorff's alpha, with a 95 % bootstrap interval over images."""

    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    units = serializers.IntegerField()
    images = serializers.IntegerField()


class AgreementSerializer(serializers.Serializer):
    """Of tasks whose copies are all handed in."""

    tasks = serializers.IntegerField()
    objects_seen = serializers.IntegerField()
    undecided = serializers.IntegerField(help_text="Tasks on which a reviewer must decide")
    classes = AlphaSerializer(allow_null=True, help_text="Objects that somebody did not see are left out for them")
    objects = AlphaSerializer(allow_null=True, help_text="No box counts as an answer of its own")
    overlap = serializers.FloatField(allow_null=True, help_text="Mean IoU of objects that two or more saw")


class StepMedianSerializer(serializers.Serializer):
    kind = serializers.CharField()
    steps = serializers.IntegerField()
    median = serializers.FloatField(help_text="Seconds")


class PlanSerializer(serializers.Serializer):
    same_iou = serializers.FloatField(min_value=0.1, max_value=0.95, required=False)
    results_shown = serializers.BooleanField(required=False)


class RestSerializer(serializers.Serializer):
    """Seconds of work that are left, with a 95 % prediction interval."""

    pieces = serializers.IntegerField(help_text="Tasks, and copies of those that several label, not yet handed in")
    seconds = serializers.FloatField(allow_null=True, help_text="Null while fewer than five are finished")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    per_task = serializers.FloatField(allow_null=True)
    per_object = serializers.FloatField(allow_null=True)
    learned_from = serializers.IntegerField()


class BatchFiguresSerializer(serializers.Serializer):
    people = PersonFiguresSerializer(many=True)
    by_class = ClassErrorRateSerializer(many=True)
    agreement = AgreementSerializer()
    steps = StepMedianSerializer(many=True)
    plan = PlanSerializer()
    several = serializers.DictField(child=serializers.IntegerField(), help_text="Tasks by how many label them")


class ReportRowSerializer(serializers.Serializer):
    person = PersonSerializer(allow_null=True)
    day = serializers.DateField(help_text="UTC")
    kind = serializers.CharField()
    label_class = serializers.CharField(allow_null=True)
    acts = serializers.IntegerField(help_text="Steps; of looking and reviewing, sittings")
    seconds = serializers.FloatField()
    median = serializers.FloatField(help_text="Seconds of an act")


class ReportSerializer(serializers.Serializer):
    rows = ReportRowSerializer(many=True)


class OwnResultsSerializer(serializers.Serializer):
    """`results` is null where nothing may be shown, or nothing is known: both look alike."""

    results = ErrorRateSerializer(allow_null=True)


def rate_answer(rate: ErrorRate) -> dict[str, Any]:
    names = ("tasks", "answers", "right", "wrong_class", "missed", "extra", "rate", "interval", "precision", "recall")
    return {name: getattr(rate, name) for name in (*names, "overlap")}


def person_answer(one: PersonFigures) -> dict[str, Any]:
    agreed = None
    if one.agreed:
        alike, every = one.agreed
        agreed = {"alike": alike, "answers": every, "interval": wilson(alike, every)}
    return {
        "person": PersonSerializer(one.person).data,
        "states": one.states,
        "finished": one.finished,
        "seconds": one.seconds,
        "review_seconds": one.review_seconds,
        "tasks_per_hour": one.tasks_per_hour,
        "gold": rate_answer(one.gold) if one.gold else None,
        "agreed": agreed,
    }


@extend_schema(operation_id="get_batch_figures", tags=["label"], responses=BatchFiguresSerializer)
def get_batch_figures(request: Request, batch_id: int) -> Response:
    """Progress, pace and error rates by person, agreement, and what single steps take. Reviewers and above."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    figures = figures_of(batch)
    medians = median_seconds([batch.pk])
    answer = {
        "people": [person_answer(one) for one in figures.people],
        "by_class": [{"class_id": key, **rate_answer(rate)} for key, rate in sorted(figures.by_class.items())],
        "agreement": AgreementSerializer(figures.agreement).data,
        "steps": [{"kind": kind, "steps": steps, "median": median} for kind, (steps, median) in medians.items()],
        "plan": plan_answer(QualityPlan.objects.filter(batch=batch).first()),
        "several": several_of(batch),
    }
    return Response(answer)


def plan_answer(plan: QualityPlan | None) -> dict[str, Any]:
    known = plan or QualityPlan()
    return {"same_iou": known.same_iou, "results_shown": known.results_shown}


def several_of(batch: Batch) -> dict[str, int]:
    found: dict[str, int] = {}
    for copies in Task.objects.filter(batch=batch).values_list("copies", flat=True):
        found[str(copies)] = found.get(str(copies), 0) + 1
    return found


@extend_schema(operation_id="change_quality_plan", tags=["label"], request=PlanSerializer, responses=PlanSerializer)
def change_quality_plan(request: Request, batch_id: int) -> Response:
    """Say from which IoU on two boxes are one object, and whether people see their own results after the batch."""
    batch = batch_for(request, batch_id, Role.MANAGER)
    changes = validated(PlanSerializer, request.data, partial=True)
    return Response(plan_answer(change_plan(batch=batch, changes=changes, by=request.user)))


@extend_schema(operation_id="get_rest_of_batch", tags=["label"], responses=RestSerializer)
def get_rest_of_batch(request: Request, batch_id: int) -> Response:
    """How long the rest will take, learned from the tasks that are finished."""
    left, rest = rest_of_batch(batch_for(request, batch_id))
    names = ("seconds", "low", "high", "per_task", "per_object")
    figures = {name: getattr(rest, name) if rest else None for name in names}
    return Response({"pieces": left, **figures, "learned_from": rest.learned_from if rest else 0})


@extend_schema(operation_id="get_batch_report", tags=["label"], responses=ReportSerializer)
def get_batch_report(request: Request, batch_id: int) -> Response:
    """Time by person, day, kind of action and class. Reviewers and above."""
    rows = report_rows(batch_for(request, batch_id, Role.REVIEWER))
    answers = [
        {
            "person": PersonSerializer(row.person).data if row.person else None,
            "day": row.spent.day.isoformat(),
            "kind": row.spent.kind,
            "label_class": row.label_class,
            "acts": row.spent.acts,
            "seconds": row.spent.seconds,
            "median": row.spent.median,
        }
        for row in rows
    ]
    return Response({"rows": answers})


@extend_schema(operation_id="get_batch_report_csv", tags=["label"], responses={(200, "text/csv"): OpenApiTypes.STR})
def get_batch_report_csv(request: Request, batch_id: int) -> HttpResponse:
    """The same as a table for spreadsheets."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    headers = {"Content-Disposition": f'attachment; filename="batch-{batch.pk}-report.csv"'}
    return HttpResponse(as_csv(report_rows(batch)), content_type="text/csv; charset=utf-8", headers=headers)


@extend_schema(operation_id="get_own_results", tags=["label"], responses=OwnResultsSerializer)
def get_own_results(request: Request, batch_id: int) -> Response:
    """One's own error rate, once the batch is over and where its manager lets people see it."""
    batch = batch_for(request, batch_id, Role.LABELLER)
    shown = batch.state != Batch.State.OPEN and QualityPlan.objects.filter(batch=batch, results_shown=True).exists()
    own = error_rates(batch)[0].get(request.user.pk) if shown else None
    return Response({"results": rate_answer(own) if own else None})
