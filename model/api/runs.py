"""Training runs over HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ManifestSerializer, ManifestSliceSerializer, SliceBriefSerializer
from jobs.api import JobLogSerializer, JobSerializer
from jobs.models import Job
from model.api.shapes import CheckpointSerializer, RunBriefSerializer, SettingsField
from model.models import Run, RunEpoch
from model.selectors import runs as reads
from model.selectors.leaks import leaks_of
from model.services import runs as services

THROUGH = "dataset.project_id"


class RunWeightsSerializer(serializers.Serializer):
    """What a training starts from; `checkpoint` with the kind checkpoint only."""

    kind = serializers.ChoiceField(choices=Run.Weights.choices)
    checkpoint = serializers.IntegerField(required=False, allow_null=True)


class RunInSerializer(serializers.Serializer):
    dataset = serializers.IntegerField()
    name = serializers.CharField(max_length=120)
    train_slices = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=100)
    validation_slice = serializers.IntegerField()
    baseline = serializers.CharField(max_length=40, required=False, help_text="A baseline's name; else the weights'")
    weights = RunWeightsSerializer(required=False)
    revision = serializers.IntegerField(required=False, allow_null=True, help_text="The newest where left out")
    parent = serializers.IntegerField(required=False, allow_null=True, help_text="The run that this one carries on")
    control_of = serializers.IntegerField(required=False, allow_null=True, help_text="The run that this one measures")
    settings = serializers.DictField(
        required=False, help_text="Those left out are the followed run's, or the baseline's defaults"
    )
    evaluate = serializers.BooleanField(default=True)
    unlabelled = serializers.ChoiceField(
        choices=services.UNLABELLED, default=services.LEAVE_OUT, help_text="Images to train on that are not labelled"
    )


@extend_schema_field({"allOf": [{"$ref": "#/components/schemas/Figures"}], "nullable": True})
class FiguresField(serializers.JSONField):
    """An evaluation's figures, as Curate describes them."""


@extend_schema_field({"allOf": [{"$ref": "#/components/schemas/Interval"}], "nullable": True})
class IntervalField(serializers.JSONField):
    """The interval of an evaluation's mAP or mAP50, as Curate describes it."""


@extend_schema_field({"allOf": [{"$ref": "#/components/schemas/MoreIntervals"}], "nullable": True})
class MoreIntervalsField(serializers.JSONField):
    """The intervals of its further figures, as Curate describes them."""


class RunEvaluationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    figures = FiguresField(allow_null=True)
    interval = IntervalField(allow_null=True)
    interval50 = IntervalField(allow_null=True)
    intervals = MoreIntervalsField(allow_null=True)


class RunSerializer(serializers.ModelSerializer[Run]):
    state = serializers.ChoiceField(source="progress.state", choices=Job.State.choices)
    job = JobSerializer(source="progress.job", allow_null=True)
    weights = serializers.SerializerMethodField()
    parent = RunBriefSerializer(allow_null=True)
    control_of = RunBriefSerializer(allow_null=True)
    train_slices = SliceBriefSerializer(many=True)
    validation_slice = SliceBriefSerializer()
    train_manifest = ManifestSerializer(allow_null=True)
    validation_manifest = ManifestSerializer(allow_null=True)
    settings = SettingsField()
    classes = serializers.ListField(child=serializers.CharField())
    epoch = serializers.IntegerField(source="progress.epoch", help_text="Finished epochs")
    epochs = serializers.IntegerField(source="progress.epochs")
    eta_seconds = serializers.FloatField(source="progress.eta_seconds", allow_null=True)
    checkpoints = CheckpointSerializer(many=True)
    evaluation = RunEvaluationSerializer(source="progress.evaluation", allow_null=True)
    created_by = PersonSerializer(allow_null=True)
    finished_at = serializers.DateTimeField(source="progress.finished_at", allow_null=True)
    seconds = serializers.FloatField(source="progress.seconds", allow_null=True, help_text="From its start to its end")

    class Meta:
        model = Run
        fields = [
            "id", "dataset", "name", "state", "job", "baseline", "weights", "parent", "control_of", "train_slices",
            "validation_slice", "train_manifest", "validation_manifest", "revision", "unlabelled", "seed", "settings",
            "classes", "devices", "epoch", "epochs", "eta_seconds", "checkpoints", "prediction_set", "evaluation",
            "created_by", "created_at", "started_at", "finished_at", "seconds",
        ]  # fmt: skip

    @extend_schema_field(RunWeightsSerializer)
    def get_weights(self, run: Run) -> dict[str, Any]:
        return {"kind": run.weights, "checkpoint": run.start_checkpoint_id}


class AncestorSerializer(RunBriefSerializer):
    """A run whose weights this one started from, and what it was trained on."""

    revision = serializers.IntegerField()
    images = serializers.IntegerField()
    slices = ManifestSliceSerializer(many=True)


class ClassMappingSerializer(serializers.Serializer):
    """What became of the starting weights' classes."""

    kept = serializers.ListField(child=serializers.CharField())
    new = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())


class GpuUseSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    name = serializers.CharField()
    use = serializers.FloatField(allow_null=True, help_text="0 to 1; null where the driver does not say")
    memory = serializers.IntegerField(allow_null=True, help_text="Bytes")
    memory_total = serializers.IntegerField(allow_null=True, help_text="Bytes")


class MachineUseSerializer(serializers.Serializer):
    """How busy the machine is that trains, other work on it included; seen some seconds ago."""

    cpu = serializers.FloatField(allow_null=True, help_text="0 to 1, of the cores that may be used")
    cores = serializers.IntegerField()
    memory = serializers.IntegerField(allow_null=True, help_text="Bytes taken")
    memory_total = serializers.IntegerField(allow_null=True, help_text="Bytes")
    gpus = GpuUseSerializer(many=True, help_text="Empty where the machine has none")


class RunDetailSerializer(RunSerializer):
    """A run with its lineage."""

    usage = serializers.SerializerMethodField(help_text="While it trains")

    ancestors = AncestorSerializer(many=True, help_text="The nearest first")
    children = RunBriefSerializer(many=True, help_text="Runs that carry this one on")
    controls = RunBriefSerializer(many=True, help_text="Runs that measure this one")
    class_mapping = ClassMappingSerializer()
    images_per_epoch = serializers.IntegerField(help_text="Images that an epoch sees; old ones may be seen in part")

    class Meta(RunSerializer.Meta):
        fields = [
            *RunSerializer.Meta.fields,
            "ancestors",
            "children",
            "controls",
            "class_mapping",
            "images_per_epoch",
            "usage",
        ]

    @extend_schema_field(MachineUseSerializer(allow_null=True))
    def get_usage(self, run: Run) -> dict[str, Any] | None:
        found: dict[str, Any] | None = run.usage if run.progress.state == Job.State.RUNNING else None
        return found


class RunLeaksSerializer(serializers.Serializer):
    """What the validation images share with the training images; each pair stands at `link`."""

    images = serializers.IntegerField(help_text="Validation images with a copy in training")
    pairs = serializers.IntegerField()
    sequence_images = serializers.IntegerField(help_text="Validation images of a sequence that is trained on")
    not_looked_at = serializers.IntegerField(help_text="Images at whose pictures no search for duplicates has looked")
    link = serializers.CharField()


class RunCreatedSerializer(RunDetailSerializer):
    """A run that was just asked for, with what leaks into its validation slice."""

    leaks = serializers.SerializerMethodField()

    @extend_schema_field(RunLeaksSerializer)
    def get_leaks(self, run: Run) -> dict[str, Any]:
        found: dict[str, Any] = self.context["leaks"]
        return found

    class Meta(RunDetailSerializer.Meta):
        fields = [*RunDetailSerializer.Meta.fields, "leaks"]


class RunEpochSerializer(serializers.ModelSerializer[RunEpoch]):
    metrics = serializers.DictField(child=serializers.FloatField())

    class Meta:
        model = RunEpoch
        fields = ["epoch", "metrics", "seconds"]


def run_for(request: Request, run_id: int) -> Run:
    return access.one_of(request.user, reads.runs(), run_id, through=THROUGH)


def run_answer(run: Run) -> dict[str, Any]:
    return RunDetailSerializer(reads.with_lineage(reads.with_progress([run])[0])).data


@extend_schema(
    operation_id="create_run", tags=["model"], request=RunInSerializer, responses={202: RunCreatedSerializer}
)
def create_run(request: Request) -> Response:
    """Ask for a training. 409 where an image of the validation slice would be, or was, trained on.

    `leaks` warns of validation images that have a copy in training.
    """
    given = validated(RunInSerializer, request.data)
    dataset = dataset_for(request, given.pop("dataset"))
    run = services.create_run(dataset=dataset, new=services.NewRun(**given), by=request.user)
    made = reads.with_lineage(reads.with_progress([reads.runs().get(pk=run.pk)])[0])
    return Response(RunCreatedSerializer(made, context={"leaks": leaks_of(run)}).data, status=202)


@extend_schema(
    operation_id="list_runs", tags=["model"], parameters=PAGE_PARAMETERS, responses=page_shape(RunSerializer)
)
def list_runs(request: Request, dataset_id: int) -> Response:
    """The dataset's runs, newest first."""
    dataset = dataset_for(request, dataset_id)
    rows, following = newest_first(reads.runs_of(dataset), page_request(request))
    return Response({"items": RunSerializer(reads.with_progress(rows), many=True).data, "next": following})


@extend_schema(operation_id="get_run", tags=["model"], responses=RunDetailSerializer)
def get_run(request: Request, run_id: int) -> Response:
    """A run: what went in, frozen; where it is; what came out; where its weights come from."""
    return Response(run_answer(run_for(request, run_id)))


@extend_schema(operation_id="get_run_metrics", tags=["model"], responses=RunEpochSerializer(many=True))
def get_run_metrics(request: Request, run_id: int) -> Response:
    """Losses, and figures where there are any, of each finished epoch."""
    return Response(RunEpochSerializer(reads.metrics_of(run_for(request, run_id)), many=True).data)


@extend_schema(
    operation_id="get_run_log",
    tags=["model"],
    parameters=[OpenApiParameter("after", int, description="The last line already had")],
    responses=JobLogSerializer,
)
def get_run_log(request: Request, run_id: int) -> Response:
    """The log of all the run's attempts, after a given line, at most 1000 lines."""
    run = run_for(request, run_id)
    after = request.query_params.get("after", "")
    lines = reads.log_of_run(run, after=int(after) if after.isdecimal() else 0)
    following = lines[-1].pk if lines else int(after) if after.isdecimal() else 0
    return Response(JobLogSerializer({"lines": lines, "next": following}).data)


@extend_schema(operation_id="cancel_run", tags=["model"], request=None, responses=RunDetailSerializer)
def cancel_run(request: Request, run_id: int) -> Response:
    """Stop the training; it can be resumed. 409 where it has ended."""
    run = run_for(request, run_id)
    services.cancel_run(run=run, by=request.user)
    return Response(run_answer(run))


class ResumeSerializer(serializers.Serializer):
    """Settings that it is to have otherwise from its next epoch on."""

    epochs = serializers.IntegerField(
        required=False, allow_null=True, help_text="In all, where it is to have more or fewer than before"
    )
    batch = serializers.IntegerField(required=False, allow_null=True, help_text="Images per optimiser step")
    devices = serializers.CharField(
        required=False, allow_null=True, max_length=4, help_text="That share each step: auto, or a number"
    )


@extend_schema(
    operation_id="resume_run", tags=["model"], request=ResumeSerializer, responses={202: RunDetailSerializer}
)
def resume_run(request: Request, run_id: int) -> Response:
    """Go on with a run that failed or was cancelled, from its last whole epoch. 409 where it did neither."""
    run = run_for(request, run_id)
    services.resume_run(run=run, by=request.user, changes=validated(ResumeSerializer, request.data))
    return Response(run_answer(run_for(request, run_id)), status=202)


@extend_schema(operation_id="delete_run", tags=["model"], responses={204: None})
def delete_run(request: Request, run_id: int) -> Response:
    """Delete the run and its checkpoints; predictions and evaluations stay. 409 where other runs started from it."""
    services.delete_run(run=run_for(request, run_id), by=request.user)
    return Response(status=204)
