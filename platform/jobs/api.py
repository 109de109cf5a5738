"""Jobs over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated_query
from jobs import selectors, services
from jobs.models import Job, JobLine


@extend_schema_field({"type": "object", "additionalProperties": True, "nullable": True})
class ResultField(serializers.JSONField):
    """What a job gave back; its shape is its kind's."""


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class NamesField(serializers.JSONField):
    """Texts by name."""


class SaidSerializer(serializers.Serializer):
    """A sentence of what a job is doing."""

    code = serializers.CharField(help_text="Names the sentence")
    names = NamesField(help_text="What stands in it")
    text = serializers.CharField(help_text="It in English")


class JobSerializer(serializers.ModelSerializer[Job]):
    dataset = serializers.IntegerField(source="dataset_id", allow_null=True)
    result = ResultField(allow_null=True)
    title_code = serializers.CharField(
        allow_blank=True, help_text="Names the sentence of the title, to say it elsewise"
    )
    title_names = NamesField(help_text="What stands in that sentence")
    message_parts = SaidSerializer(many=True, help_text="The message, to say it elsewise: in English, joined by ': '")
    error = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField(help_text="The front end's address of what it makes")
    queue = serializers.ChoiceField(choices=["cpu", "gpu"])
    eta_seconds = serializers.SerializerMethodField()
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Job
        fields = [
            "id", "kind", "title", "title_code", "title_names", "project", "dataset", "state", "progress", "message",
            "message_parts", "result", "error", "queue", "attempts", "created_by", "created_at", "started_at",
            "finished_at", "eta_seconds", "cancel_requested", "link",
        ]  # fmt: skip

    def get_error(self, job: Job) -> str | None:
        return job.error or None

    def get_link(self, job: Job) -> str | None:
        return job.link or None

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_eta_seconds(self, job: Job) -> float | None:
        return selectors.eta_seconds(job)


class JobFilterSerializer(serializers.Serializer):
    project = serializers.IntegerField(required=False)
    dataset = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(choices=Job.State.choices, required=False)
    kind = serializers.CharField(max_length=40, required=False)


class JobLineSerializer(serializers.ModelSerializer[JobLine]):
    n = serializers.IntegerField(source="pk", help_text="Rises from line to line; pass the last as `after`")

    class Meta:
        model = JobLine
        fields = ["n", "at", "text"]


class JobLogSerializer(serializers.Serializer):
    lines = JobLineSerializer(many=True)
    next = serializers.IntegerField(help_text="Pass as `after` to hear what comes next")


@extend_schema(
    operation_id="list_jobs",
    tags=["jobs"],
    parameters=[JobFilterSerializer, *PAGE_PARAMETERS],
    responses=page_shape(JobSerializer),
)
def list_jobs(request: Request) -> Response:
    """Jobs of your projects, newest first."""
    given = validated_query(JobFilterSerializer, request)
    rows = selectors.jobs_for(
        request.user,
        project_id=given.get("project"),
        dataset_id=given.get("dataset"),
        state=given.get("state"),
        kind=given.get("kind"),
    )
    items, following = newest_first(rows, page_request(request))
    return Response({"items": JobSerializer(items, many=True).data, "next": following})


@extend_schema(operation_id="get_job", tags=["jobs"], responses=JobSerializer)
def get_job(request: Request, job_id: int) -> Response:
    job = selectors.job_for(request.user, job_id)
    return Response(JobSerializer(job).data)


@extend_schema(operation_id="cancel_job", tags=["jobs"], request=None, responses=JobSerializer)
def cancel_job(request: Request, job_id: int) -> Response:
    """Cancel a queued job at once, a running one at its next report. 409 when it has ended."""
    rows = Job.objects.select_related("created_by")
    job = access.one_of(request.user, rows, job_id)
    return Response(JobSerializer(services.cancel(job=job, by=request.user)).data)


@extend_schema(
    operation_id="get_job_log",
    tags=["jobs"],
    parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="The last line already had")],
    responses=JobLogSerializer,
)
def get_job_log(request: Request, job_id: int) -> Response:
    """Log lines after a given one, at most 1000."""
    job = access.one_of(request.user, Job.objects.all(), job_id)
    after = request.query_params.get("after", "0")
    lines = selectors.log_of(job, after=int(after) if after.isdecimal() else 0)
    following = lines[-1].pk if lines else int(after) if after.isdecimal() else 0
    return Response({"lines": JobLineSerializer(lines, many=True).data, "next": following})
