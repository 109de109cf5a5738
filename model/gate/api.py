"""Gates over HTTP: saved rules, and results."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import BadInput, validated
from dataset.api.datasets import dataset_for
from dataset.models import Dataset, Slice
from jobs.models import Job
from model.endpoints.finding import endpoint_for
from model.gate import asking, rules
from model.gate.asking import NewGate
from model.models import Checkpoint, GateResult, GateRules
from science.evaluation.gate import FIGURES, GateVerdict
from science.evaluation.gate_rules import EVERY, MOST_RULES

VERDICTS = [(one.value, one.value) for one in GateVerdict]


class GateRuleSerializer(serializers.Serializer):
    """A figure that may drop by at most so many points; of all, of one class, of every class, on a scenario."""

    figure = serializers.ChoiceField(choices=list(FIGURES), default="mAP", help_text="Of a class, mAP is its AP")
    drop = serializers.FloatField(help_text="Points of average precision, 0 to 100")
    scenario = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        named: dict[str, serializers.Field] = {
            "class": serializers.CharField(required=False, help_text="The name of one class"),
            "classes": serializers.ChoiceField(choices=[EVERY], required=False, help_text="A rule for each class"),
        }
        return {**super().get_fields(), **named}


@extend_schema_field(
    {
        "type": "object",
        "description": "By name: {query: line}, {slice: name}, {images: [key or id]} or {where: {field: value}}",
        "additionalProperties": {"type": "object", "additionalProperties": {}},
    }
)
class ScenariosField(serializers.JSONField):
    """Some images under a name each."""


@extend_schema_field(
    {
        "type": "object",
        "required": ["rules"],
        "properties": {
            "rules": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_RULES,
                "items": {
                    "type": "object",
                    "required": ["drop"],
                    "properties": {
                        "figure": {"type": "string", "enum": list(FIGURES), "default": "mAP"},
                        "drop": {"type": "number", "description": "Points of average precision, 0 to 100"},
                        "class": {"type": "string", "description": "The name of one class"},
                        "classes": {"type": "string", "enum": [EVERY], "description": "A rule for each class"},
                        "scenario": {"type": "string"},
                    },
                },
            },
            "scenarios": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {}}},
        },
    }
)
class DocumentField(serializers.JSONField):
    """Rules and their scenarios, as docs/gate.md has them. Checked by science.evaluation.gate_rules, by place."""


class GateDocumentSerializer(serializers.Serializer):
    rules = GateRuleSerializer(many=True)
    scenarios = ScenariosField()


class GateSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    dataset = serializers.IntegerField(source="dataset_id")
    name = serializers.CharField()
    document = GateDocumentSerializer()
    endpoints = serializers.SerializerMethodField(help_text="The names of those that go by them")
    created_by = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()

    def get_endpoints(self, row: GateRules) -> list[str]:
        return sorted(one.name for one in row.endpoints.all())


class GateInSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    document = DocumentField()


class GateChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    document = DocumentField(required=False)


class GateRowSerializer(serializers.Serializer):
    """One rule judged. Figures and differences are 0 to 1; `drop` is in points (hundredths)."""

    title = serializers.CharField()
    figure = serializers.ChoiceField(choices=list(FIGURES))
    scenario = serializers.CharField(allow_null=True)
    drop = serializers.FloatField()
    incumbent = serializers.FloatField(allow_null=True)
    candidate = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text="Candidate minus incumbent")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    smallest_shown = serializers.FloatField(allow_null=True, help_text="Difference seen four times in five")
    images = serializers.IntegerField()
    units = serializers.IntegerField(help_text="Images or sequences with such a box")
    verdict = serializers.ChoiceField(choices=VERDICTS)
    sentence = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "class": serializers.CharField(allow_null=True)}


class GateCheckpointSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    run = serializers.IntegerField(source="run_id", allow_null=True)


class GateResultSerializer(serializers.Serializer):
    """What is computed is null until the job has ended well."""

    id = serializers.IntegerField()
    dataset = serializers.IntegerField(source="dataset_id")
    gate = serializers.IntegerField(source="rules_id", allow_null=True)
    candidate = GateCheckpointSerializer()
    incumbent = GateCheckpointSerializer()
    manifest = serializers.IntegerField(source="manifest_id")
    revision = serializers.IntegerField()
    images = serializers.IntegerField(source="manifest.image_count")
    document = GateDocumentSerializer()
    verdict = serializers.SerializerMethodField()
    rules = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField()
    leaked = serializers.IntegerField(help_text="Images that the candidate was trained on")
    state = serializers.SerializerMethodField()
    job = serializers.IntegerField(source="job_id", allow_null=True)
    created_by = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=VERDICTS, allow_null=True))
    def get_verdict(self, row: GateResult) -> str | None:
        return row.verdict or None

    @extend_schema_field(GateRowSerializer(many=True))
    def get_rules(self, row: GateResult) -> list[dict[str, Any]]:
        return (row.verdicts or {}).get("rules", [])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_notes(self, row: GateResult) -> list[str]:
        return (row.verdicts or {}).get("notes", [])

    @extend_schema_field(serializers.ChoiceField(choices=Job.State.choices))
    def get_state(self, row: GateResult) -> str:
        if row.finished_at is not None:
            return Job.State.SUCCEEDED
        return Job.objects.filter(pk=row.job_id or 0).values_list("state", flat=True).first() or Job.State.FAILED


class GateEndpointSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GateResultDetailSerializer(GateResultSerializer):
    """A result with the endpoints that it is about."""

    endpoints = serializers.SerializerMethodField(
        help_text="Of its dataset: those under which the incumbent answers, or the candidate because of it"
    )

    @extend_schema_field(GateEndpointSerializer(many=True))
    def get_endpoints(self, row: GateResult) -> list[dict[str, Any]]:
        return list(GateEndpointSerializer(asking.endpoints_of(row), many=True).data)


class GateResultInSerializer(serializers.Serializer):
    """Against the deployed checkpoint of an `endpoint`, on its slice and by its gate, unless others are named."""

    candidate = serializers.IntegerField()
    incumbent = serializers.IntegerField(required=False, allow_null=True)
    endpoint = serializers.CharField(required=False, allow_null=True, help_text="Its name or id")
    slice = serializers.IntegerField(required=False, allow_null=True)
    gate = serializers.IntegerField(required=False, allow_null=True, help_text="Saved rules")
    document = DocumentField(required=False, allow_null=True, help_text="Rules of this call alone")


@extend_schema(
    operation_id="list_gates", tags=["model"], parameters=PAGE_PARAMETERS, responses=page_shape(GateSerializer)
)
def list_gates(request: Request, dataset_id: int) -> Response:
    """A dataset's saved rules, newest first."""
    rows = GateRules.objects.filter(dataset=dataset_for(request, dataset_id))
    items, following = newest_first(with_what_is_shown(rows), page_request(request))
    return Response({"items": GateSerializer(items, many=True).data, "next": following})


def with_what_is_shown(rows: Any) -> Any:
    return rows.select_related("created_by", "dataset").prefetch_related("endpoints")


@extend_schema(operation_id="create_gate", tags=["model"], request=GateInSerializer, responses={201: GateSerializer})
def create_gate(request: Request, dataset_id: int) -> Response:
    """Save rules under a name. Owners only."""
    dataset = dataset_for(request, dataset_id)
    access.check(request.user, dataset.project_id, Role.OWNER)
    given = validated(GateInSerializer, request.data)
    row = rules.create_rules(dataset=dataset, name=given["name"], document=given["document"], by=request.user)
    return Response(GateSerializer(row).data, status=201)


def gate_for(request: Request, gate_id: int, at_least: Role = Role.VIEWER) -> GateRules:
    rows = with_what_is_shown(GateRules.objects.all())
    return access.one_of(request.user, rows, gate_id, through="dataset.project_id", at_least=at_least)


@extend_schema(operation_id="get_gate", tags=["model"], responses=GateSerializer)
def get_gate(request: Request, gate_id: int) -> Response:
    return Response(GateSerializer(gate_for(request, gate_id)).data)


@extend_schema(operation_id="change_gate", tags=["model"], request=GateChangeSerializer, responses=GateSerializer)
def change_gate(request: Request, gate_id: int) -> Response:
    """Rename rules, or put others in their place. Owners only."""
    row = gate_for(request, gate_id, Role.OWNER)
    given = validated(GateChangeSerializer, request.data)
    changed = rules.change_rules(row=row, name=given.get("name"), document=given.get("document"), by=request.user)
    return Response(GateSerializer(changed).data)


@extend_schema(operation_id="delete_gate", tags=["model"], responses={204: None})
def delete_gate(request: Request, gate_id: int) -> Response:
    """Remove rules; 409 while an endpoint goes by them. Owners only."""
    rules.delete_rules(row=gate_for(request, gate_id), by=request.user)
    return Response(status=204)


@extend_schema(
    operation_id="start_gate",
    tags=["model"],
    request=GateResultInSerializer,
    responses={200: GateResultDetailSerializer, 202: GateResultDetailSerializer},
)
def start_gate(request: Request) -> Response:
    """Judge a candidate. 200 with the result where the same was judged before, else 202; its job follows."""
    given = validated(GateResultInSerializer, request.data)
    row = asking.start_gate(new=new_gate(request, given), by=request.user)
    shown = GateResultDetailSerializer(result_rows().get(pk=row.pk)).data
    return Response(shown, status=200 if row.finished_at else 202)


def new_gate(request: Request, given: dict[str, Any]) -> NewGate:
    """Whatever is not named is the endpoint's. Raises BadInput by field for what is named nowhere."""
    endpoint = endpoint_for(request.user, given["endpoint"]) if given.get("endpoint") else None
    current = endpoint.current.checkpoint_id if endpoint and endpoint.current else None
    found = {
        "incumbent": given.get("incumbent") or current,
        "slice": given.get("slice") or (endpoint and endpoint.validation_slice_id),
        "gate": given.get("gate") or (endpoint and endpoint.gate_id),
    }
    document = given.get("document")
    if document is not None:
        found["gate"] = None
    for name in ("slice", "incumbent"):
        if not found[name]:
            detail = f"Name {name}, or an endpoint that has one."
            raise BadInput(detail, errors={name: [detail]})
    if document is None and not found["gate"]:
        detail = "Give rules: a document, saved ones by gate, or an endpoint that has a gate."
        raise BadInput(detail, errors={"document": [detail]})
    validation = access.one_of(
        request.user, Slice.objects.select_related("dataset__project"), found["slice"], through="dataset.project_id",
        at_least=Role.MANAGER,
    )  # fmt: skip
    return NewGate(
        candidate=own_checkpoint(validation.dataset, given["candidate"], "candidate"),
        incumbent=own_checkpoint(validation.dataset, found["incumbent"], "incumbent"),
        validation=validation,
        rules=gate_for(request, found["gate"]) if found["gate"] else None,
        document=document,
    )


def own_checkpoint(dataset: Dataset, checkpoint_id: int, field: str) -> Checkpoint:
    """A checkpoint of the dataset's project, or one that is everybody's. Raises BadInput."""
    row = Checkpoint.objects.filter(pk=checkpoint_id).first()
    if row is None or row.project_id not in (None, dataset.project_id):
        detail = f"There is no checkpoint {checkpoint_id} in this project."
        raise BadInput(detail, errors={field: [detail]})
    return row


def result_rows() -> Any:
    rows = GateResult.objects.select_related("dataset", "candidate", "incumbent", "manifest", "created_by")
    return rows.defer("manifest__image_ids")


@extend_schema(operation_id="get_gate_result", tags=["model"], responses=GateResultDetailSerializer)
def get_gate_result(request: Request, result_id: int) -> Response:
    row = access.one_of(request.user, result_rows(), result_id, through="dataset.project_id")
    return Response(GateResultDetailSerializer(row).data)


@extend_schema(
    operation_id="list_gate_results",
    tags=["model"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(GateResultSerializer),
)
def list_gate_results(request: Request, dataset_id: int) -> Response:
    """What was judged on a dataset, newest first."""
    rows = result_rows().filter(dataset=dataset_for(request, dataset_id))
    items, following = newest_first(rows, page_request(request))
    return Response({"items": GateResultSerializer(items, many=True).data, "next": following})
