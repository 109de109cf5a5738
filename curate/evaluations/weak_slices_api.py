"""Weak slices of an evaluation over HTTP."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import Conflict, validated
from curate.evaluations import weak_slices
from curate.evaluations.api import whole_evaluation_for
from curate.models import Evaluation
from dataset.api.slices import SliceSerializer
from jobs.api import JobSerializer
from jobs.models import Job


class WeakFactSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="metadata.KEY, brightness …, size, cluster")
    label = serializers.CharField(allow_null=True, help_text="Of a value; a band is named by its bounds")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    q = serializers.CharField(allow_blank=True)


class WeakSliceSerializer(serializers.Serializer):
    """A group that is worse than the rest; its figures are of the half of the images on which it was tested."""

    place = serializers.IntegerField(help_text="In the list")
    facts = WeakFactSerializer(many=True)
    class_id = serializers.IntegerField(allow_null=True, help_text="Null: all classes")
    measure = serializers.ChoiceField(choices=["recall", "ap"])
    value = serializers.FloatField()
    rest = serializers.FloatField()
    difference = serializers.FloatField()
    low = serializers.FloatField(help_text="Of the difference, 95 %")
    high = serializers.FloatField()
    q_value = serializers.FloatField(help_text="The rate of false discoveries at which it would just be reported")
    boxes = serializers.IntegerField()
    images = serializers.IntegerField()
    q = serializers.CharField(allow_null=True, help_text="The query line of its images; null where none can say it")


class WeakSlicesSerializer(serializers.Serializer):
    """`found` is null where they were not looked for yet."""

    found = WeakSliceSerializer(many=True, allow_null=True)
    job = serializers.IntegerField(allow_null=True, help_text="The job that looks for them")
    error = serializers.CharField(allow_null=True, help_text="Why they could not be looked for, the last time")


class WeakSliceInSerializer(serializers.Serializer):
    place = serializers.IntegerField(min_value=0)
    name = serializers.CharField(max_length=120)


@extend_schema(operation_id="list_weak_slices", tags=["curate"], responses=WeakSlicesSerializer)
def list_weak_slices(request: Request, evaluation_id: int) -> Response:
    """The groups of images or objects on which it is worse than on the rest, the surest first."""
    row = whole_evaluation_for(request, evaluation_id)
    found = row.weak_slices
    listed = None
    if found is not None:
        listed = [{"place": place, "images": len(one["image_ids"]), **one} for place, one in enumerate(found)]
        for one in listed:
            del one["image_ids"]
    job = _last_job(row)
    failed = job is not None and job.state == Job.State.FAILED
    return Response(
        {
            "found": listed,
            "job": job.pk if job and _is_at_work(job) else None,
            "error": job.error if job and failed else None,
        }
    )


def _last_job(row: Evaluation) -> Job | None:
    mine = Job.objects.filter(dataset_id=row.dataset_id, params__evaluation=row.pk)
    return mine.filter(kind__in=(weak_slices.KIND, "evaluate")).order_by("-pk").first()


def _is_at_work(job: Job) -> bool:
    return job.state not in Job.ENDED


@extend_schema(operation_id="find_weak_slices", tags=["curate"], request=None, responses={202: JobSerializer})
def find_weak_slices(request: Request, evaluation_id: int) -> Response:
    """Look for them, again where that was done before."""
    row = whole_evaluation_for(request, evaluation_id)
    access.check(request.user, row.dataset.project_id, Role.REVIEWER)
    job = _last_job(row)
    if job is not None and _is_at_work(job):
        raise Conflict("They are being looked for already.")
    return Response(JobSerializer(weak_slices.start(evaluation=row, by=request.user)).data, status=202)


@extend_schema(
    operation_id="make_weak_slice", tags=["curate"], request=WeakSliceInSerializer, responses={201: SliceSerializer}
)
def make_slice(request: Request, evaluation_id: int) -> Response:
    """A slice of the images of one of them."""
    row = whole_evaluation_for(request, evaluation_id)
    access.check(request.user, row.dataset.project_id, Role.MANAGER)
    given = validated(WeakSliceInSerializer, request.data)
    made = weak_slices.make_slice(evaluation=row, place=given["place"], name=given["name"], by=request.user)
    return Response(SliceSerializer(made).data, status=201)
