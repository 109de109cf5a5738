"""Pictures as a training would see them, over HTTP."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from jobs.api import JobSerializer
from jobs.models import Job
from model.api.runs import RunWeightsSerializer
from model.augmentations.asking import KIND, MOST_PICTURES, PicturesWish
from model.augmentations.asking import show_augmentations as ask
from model.augmentations.showing import pictures_of


class PicturesInSerializer(serializers.Serializer):
    """As of a run that is not started."""

    dataset = serializers.IntegerField()
    train_slices = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=100)
    baseline = serializers.CharField(max_length=40, required=False, help_text="A baseline's name; else the weights'")
    weights = RunWeightsSerializer(required=False)
    revision = serializers.IntegerField(required=False, allow_null=True, help_text="The newest where left out")
    parent = serializers.IntegerField(required=False, allow_null=True, help_text="Whose settings fill in others")
    settings = serializers.DictField(required=False, help_text="Those left out are the baseline's defaults")
    seed = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=2**31 - 1, help_text="In place of the settings' own"
    )
    count = serializers.IntegerField(default=8, min_value=1, max_value=MOST_PICTURES)


class PictureBoxSerializer(serializers.Serializer):
    box = serializers.ListField(child=serializers.FloatField(), help_text="xyxy pixels of the network's input")
    class_id = serializers.IntegerField(allow_null=True, help_text="Null of an ignored box of every class")
    ignored = serializers.BooleanField(help_text="Nothing is learned there")


class TrainingPictureSerializer(serializers.Serializer):
    """One picture; its JPEG stands at `url`, at most 640 pixels wide."""

    url = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels of the network's input")
    height = serializers.IntegerField()
    boxes = PictureBoxSerializer(many=True)


def pictures_job(request: Request, job_id: int) -> Job:
    return access.one_of(request.user, Job.objects.filter(kind=KIND), job_id)


@extend_schema(
    operation_id="show_augmentations", tags=["model"], request=PicturesInSerializer, responses={202: JobSerializer}
)
def show_augmentations(request: Request) -> Response:
    """Draw pictures with their boxes as the engine would feed them to the network; a job of seconds."""
    given = validated(PicturesInSerializer, request.data)
    dataset = dataset_for(request, given.pop("dataset"), at_least=Role.MANAGER)
    job = ask(dataset=dataset, wish=PicturesWish(**given), by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="list_augmentations", tags=["model"], responses=TrainingPictureSerializer(many=True))
def list_augmentations(request: Request, job_id: int) -> Response:
    """The pictures of such a job. 409 before they are drawn, 410 half an hour later."""
    job = pictures_job(request, job_id)
    rows = [
        {**one, "url": f"/api/v1/augmentations/{job.pk}/pictures/{place}"} for place, one in enumerate(pictures_of(job))
    ]
    return Response(TrainingPictureSerializer(rows, many=True).data)


@extend_schema(operation_id="get_augmentation", tags=["model"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
def get_augmentation(request: Request, job_id: int, place: int) -> HttpResponse:
    """One of them, counted from 0."""
    pictures = pictures_of(pictures_job(request, job_id))
    if place >= len(pictures):
        raise Http404
    answer = HttpResponse(pictures[place]["jpeg"], content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=1800"
    return answer
