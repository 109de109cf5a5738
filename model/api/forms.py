"""Exported forms of checkpoints over HTTP."""

from django.http import FileResponse, Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.problems import BadInput, validated
from jobs.api import JobSerializer
from jobs.models import Job
from model.api.checkpoints import checkpoint_for, number
from model.models import ExportedForm
from model.selectors import forms as reads
from model.services import exports
from storage import blobs

KIND = "application/zip"


class FormInSerializer(serializers.Serializer):
    """Which form, and on what it is checked."""

    form = serializers.ChoiceField(choices=ExportedForm.Form.choices)
    precision = serializers.ChoiceField(
        choices=ExportedForm.Precision.choices, default=ExportedForm.Precision.F32, help_text="bf16: of OpenVINO only"
    )
    imgsz = serializers.IntegerField(
        required=False, allow_null=True, min_value=32, max_value=2048,
        help_text="Pixels, a multiple of the network's stride; what the checkpoint was trained at where left out",
    )  # fmt: skip
    slice = serializers.IntegerField(
        required=False, allow_null=True, help_text="To check it on; the validation images of its run where left out"
    )
    allowed_drop = serializers.FloatField(
        default=exports.ALLOWED_DROP, min_value=0, max_value=1,
        help_text="Of mAP, 0 to 1: the interval of the difference must lie above minus this",
    )  # fmt: skip


class BoxesAgreementSerializer(serializers.Serializer):
    """Boxes above the floor, and how far partners differ. Null where there is no pair of boxes."""

    first = serializers.IntegerField(help_text="Of the checkpoint")
    second = serializers.IntegerField(help_text="Of the form")
    matched = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="Of the checkpoint, and not found by the form at any score")
    extra = serializers.IntegerField(help_text="Of the form, and not found by the checkpoint at any score")
    alike = serializers.IntegerField(help_text="Pairs with an IoU of .99 or more")
    iou_least = serializers.FloatField(allow_null=True)
    iou_low = serializers.FloatField(allow_null=True, help_text="One pair in a hundred stays below")
    iou_median = serializers.FloatField(allow_null=True)
    score_largest = serializers.FloatField(allow_null=True)
    score_high = serializers.FloatField(allow_null=True, help_text="One pair in a hundred exceeds it")
    pixels_largest = serializers.FloatField(allow_null=True, help_text="By which a side of a box is moved")


class FormDifferenceSerializer(serializers.Serializer):
    """mAP of the form minus the checkpoint's, with its 95 % interval."""

    checkpoint = serializers.FloatField(allow_null=True)
    form = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class FormDifferencesSerializer(serializers.Serializer):
    """Checkpoint and form on the same images."""

    manifest = serializers.IntegerField()
    dataset = serializers.IntegerField()
    images = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="Of the labels")
    floor = serializers.FloatField()
    boxes = BoxesAgreementSerializer()
    mAP = FormDifferenceSerializer(allow_null=True, help_text="Null where no image is labelled")  # noqa: N815
    allowed_drop = serializers.FloatField()
    groups = serializers.ChoiceField(choices=["image", "sequence"], help_text="What the bootstrap draws")
    resamples = serializers.IntegerField()


class FormFactsSerializer(serializers.Serializer):
    """What the file says of itself, as its metadata has it too; docs/export-checkpoints.md says what each means."""

    class_names = serializers.ListField(child=serializers.CharField())
    imgsz = serializers.IntegerField()
    stride = serializers.IntegerField()
    fit = serializers.CharField()
    output = serializers.CharField()
    nms = serializers.BooleanField()
    iou = serializers.FloatField()
    precision = serializers.CharField()
    licence = serializers.CharField()
    architecture = serializers.CharField()
    checkpoint = serializers.CharField()
    run = serializers.CharField()
    revision = serializers.IntegerField(allow_null=True)


class FormSerializer(serializers.ModelSerializer[ExportedForm]):
    state = serializers.ChoiceField(choices=Job.State.choices, help_text="Its job's")
    job = serializers.IntegerField(source="job_id", allow_null=True)
    verdict = serializers.ChoiceField(
        choices=[*ExportedForm.Verdict.choices, ("", "")], help_text="Empty until it is made"
    )
    may_be_served = serializers.BooleanField()
    facts = FormFactsSerializer(allow_null=True, help_text="Null until it is made")
    differences = FormDifferencesSerializer(allow_null=True, help_text="Null where there was nothing to check on")
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = ExportedForm
        fields = [
            "id", "checkpoint", "project", "form", "precision", "imgsz", "state", "job", "verdict", "may_be_served",
            "allowed_drop", "sha256", "size", "facts", "differences", "created_by", "created_at", "finished_at",
        ]  # fmt: skip


def form_for(request: Request, form_id: int) -> ExportedForm:
    return access.one_of(request.user, reads.forms(), form_id, through="project_id")


@extend_schema(operation_id="create_form", tags=["model"], request=FormInSerializer, responses={202: JobSerializer})
def create_form(request: Request, checkpoint_id: int) -> Response:
    """Export a checkpoint and check the form against it. 409 where there is this form already. Managers and above."""
    checkpoint = checkpoint_for(request, checkpoint_id)
    given = validated(FormInSerializer, request.data)
    new = exports.NewForm(
        given["form"], given["precision"], given.get("imgsz"), given.get("slice"), given["allowed_drop"]
    )
    job = exports.start_export(checkpoint=checkpoint, new=new, by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(
    operation_id="list_forms",
    tags=["model"],
    parameters=[OpenApiParameter("project", int, description="Needed for the checkpoint that belongs to none")],
    responses=FormSerializer(many=True),
)
def list_forms(request: Request, checkpoint_id: int) -> Response:
    """A checkpoint's forms, newest first: those there are, and those being made."""
    checkpoint = checkpoint_for(request, checkpoint_id)
    project_id = checkpoint.project_id or number(request, "project")
    if project_id is None:
        raise BadInput("Name a project.", errors={"project": ["Needed: this checkpoint belongs to none."]})
    access.check(request.user, project_id)
    rows = reads.with_state(list(reads.forms_of(checkpoint, project_id)))
    return Response(FormSerializer(rows, many=True).data)


@extend_schema(operation_id="get_form", tags=["model"], responses=FormSerializer)
def get_form(request: Request, form_id: int) -> Response:
    return Response(FormSerializer(reads.with_state([form_for(request, form_id)])[0]).data)


@extend_schema(
    operation_id="get_form_file",
    tags=["model"],
    responses={
        (200, KIND): OpenApiResponse(OpenApiTypes.BINARY),
        302: OpenApiResponse(description="Where the bytes lie, if that is S3"),
    },
)
def get_form_file(request: Request, form_id: int) -> HttpResponseBase:
    """A zip: the network, its facts and an example. 404 until it is made."""
    row = form_for(request, form_id)
    if not row.location:
        raise Http404
    name = f"{row.checkpoint.name} {row.form} {row.precision} {row.imgsz}.zip"
    try:
        attachment = str(content_disposition_header(True, name))
        if address := blobs.address(row.location, KIND, attachment=attachment):
            return HttpResponseRedirect(address)
        file = blobs.open_blob(row.location)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=name, content_type=KIND)


@extend_schema(operation_id="delete_form", tags=["model"], responses={204: None})
def delete_form(request: Request, form_id: int) -> Response:
    """Remove a form. 409 while it is being made, or an endpoint serves it. Managers and above."""
    exports.delete_form(form=form_for(request, form_id), by=request.user)
    return Response(status=204)
