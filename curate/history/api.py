"""A project's evaluations over its runs, over HTTP; what one would be judged on; deleting one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Project
from accounts.pages import PAGE_PARAMETERS, newest_first, page_parameters, page_request, page_shape
from accounts.problems import BadInput
from curate.comparisons.api import DifferenceSerializer
from curate.evaluations import api, reads
from curate.evaluations.api import ClassFiguresSerializer, EvaluationSerializer, RunNameSerializer, evaluation_for
from curate.evaluations.deletion import delete_evaluation as delete
from curate.history import plans
from curate.history import reads as history
from curate.history.run_steps import worth_json, worth_of
from curate.models import Evaluation
from curate.query.request import row_named
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ManifestSliceSerializer
from dataset.models import Slice
from jobs.models import Job
from model.models import Checkpoint, Run
from model.selectors import run_tree
from model.selectors.runs import checkpoints_for

LARGEST_TREE = 200  # runs of a page: each is set against the one before it, image by image

FILTERS = [
    OpenApiParameter("dataset", int),
    OpenApiParameter("slice", int, description="Only those judged on the images of this slice"),
]


class CheckpointBriefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Checkpoint.Kind.choices)


class ProjectEvaluationSerializer(EvaluationSerializer):
    """An evaluation with what says which others it can be set against: the same `manifest` is the same images with the
    same labels; `images_key` is equal where the images are, whatever their labels."""

    images_key = serializers.CharField()
    checkpoint = CheckpointBriefSerializer(allow_null=True)
    of_class = ClassFiguresSerializer(allow_null=True, help_text="With ?class=: the figures of that class")


class SettingChangeSerializer(serializers.Serializer):
    name = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class RunChangesSerializer(serializers.Serializer):
    """What the training was given that the one before it was not."""

    images_added = serializers.IntegerField()
    images_removed = serializers.IntegerField()
    boxes = serializers.IntegerField(help_text="More than before; fewer where negative")
    slices_added = serializers.ListField(child=serializers.CharField())
    slices_removed = serializers.ListField(child=serializers.CharField())
    revision_before = serializers.IntegerField()
    revision = serializers.IntegerField()
    settings = SettingChangeSerializer(many=True, help_text="That bear on what is learned, but for the seed")


class StepComparisonSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    same_labels = serializers.BooleanField(allow_null=True)
    images = serializers.IntegerField(allow_null=True)
    delta = DifferenceSerializer(allow_null=True, help_text="Of mAP, later − earlier")


class PairToCompareSerializer(serializers.Serializer):
    a = serializers.IntegerField()
    b = serializers.IntegerField()


class WorthSerializer(serializers.Serializer):
    """What a step was worth: a comparison, or else two evaluations on the same images, to be given to POST comparisons;
    neither where there are none."""

    comparison = StepComparisonSerializer(allow_null=True)
    pair = PairToCompareSerializer(allow_null=True)


class RunStepSerializer(serializers.Serializer):
    """A run in the tree of a project's trainings."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    dataset = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    baseline = serializers.CharField()
    seed = serializers.IntegerField()
    weights = serializers.ChoiceField(choices=Run.Weights.choices)
    start = CheckpointBriefSerializer(allow_null=True, help_text="The checkpoint that it started from")
    images = serializers.IntegerField(allow_null=True, help_text="Trained on")
    revision = serializers.IntegerField()
    slices = ManifestSliceSerializer(many=True)
    before = RunNameSerializer(allow_null=True, help_text="The run of its weights, else the one that it carries on")
    control_of = RunNameSerializer(allow_null=True)
    repeat_of = RunNameSerializer(allow_null=True, help_text="An earlier run that differs in nothing but the seed")
    changes = RunChangesSerializer(allow_null=True)
    step = WorthSerializer(allow_null=True, help_text="This run − the one before it")
    gain = WorthSerializer(allow_null=True, help_text="Of a control: the run that it measures − this one")
    created_at = serializers.DateTimeField()


class EvaluationPreviewSerializer(serializers.Serializer):
    revision = serializers.IntegerField()
    images = serializers.IntegerField()
    boxes = serializers.IntegerField(help_text="Labels on them at the revision")
    trained_on = serializers.IntegerField(help_text="Images that the checkpoint, or one behind it, was trained on")


@extend_schema(
    operation_id="list_project_evaluations",
    tags=["curate"],
    parameters=[
        *FILTERS,
        OpenApiParameter("class", str, description="The name of a class whose figures are wanted"),
        OpenApiParameter("newest", bool, description="Only the newest finished one of each run on the same manifest"),
        *PAGE_PARAMETERS,
    ],
    responses=page_shape(ProjectEvaluationSerializer),
)
def list_project_evaluations(request: Request, project_id: int) -> Response:
    """All evaluations of a project, newest first, at most 500 a page."""
    project = access.project_for(request.user, project_id)
    wanted = _wanted(request, project)
    rows, following = newest_first(history.evaluations_of(wanted), page_request(request))
    return Response({"items": _as_json(rows, project, request.query_params.get("class", "")), "next": following})


def _wanted(request: Request, project: Project) -> history.EvaluationFilter:
    newest = request.query_params.get("newest", "false")
    if newest not in ("true", "false"):
        raise BadInput("newest is true or false.", errors={"newest": ["Must be true or false."]})
    return history.EvaluationFilter(
        project=project,
        dataset=row_named(request, "dataset", project.datasets.all()),
        within=row_named(request, "slice", Slice.objects.filter(dataset__project=project)),
        newest=newest == "true",
    )


def _as_json(rows: list[Evaluation], project: Project, class_name: str) -> list[dict[str, Any]]:
    """The queries do not grow with the rows."""
    images = history.image_sets(row.manifest_id for row in rows)
    checkpoints = history.checkpoints_by_id(rows)
    of_class = history.class_figures(rows, project, class_name) if class_name else {}
    return [
        {
            **brief,
            "images_key": images[row.manifest_id],
            "checkpoint": _checkpoint(checkpoints.get(row.prediction_set.checkpoint_id or 0)),
            "of_class": of_class.get(row.pk),
        }
        for row, brief in zip(rows, api.as_json(rows), strict=True)
    ]


def _checkpoint(row: Checkpoint | None) -> dict[str, Any] | None:
    return {"id": row.pk, "name": row.name, "kind": row.kind} if row else None


@extend_schema(
    operation_id="list_project_lineage",
    tags=["curate"],
    parameters=[OpenApiParameter("dataset", int), *page_parameters(largest=LARGEST_TREE)],
    responses=page_shape(RunStepSerializer),
)
def list_project_lineage(request: Request, project_id: int) -> Response:
    """A project's runs as a tree, newest first, at most 200 a page: what each goes on from, what changed, what it was
    worth."""
    project = access.project_for(request.user, project_id)
    rows = run_tree.runs_of_project(project, row_named(request, "dataset", project.datasets.all()))
    runs, following = newest_first(rows, page_request(request, largest=LARGEST_TREE))
    return Response({"items": _tree(runs), "next": following})


def _tree(runs: list[Run]) -> list[dict[str, Any]]:
    """The queries do not grow with the runs."""
    found = run_tree.steps(runs)
    steps = [(step.before.pk, step.run.pk) for step in found if step.before]
    gains = [(run.pk, run.control_of_id) for run in runs if run.control_of_id]
    worth = worth_of([*steps, *gains])
    states = reads.states(runs)
    compared = [one.comparison for one in worth.values() if one.comparison]
    comparison_states = reads.states(compared)
    shown = {pair: worth_json(one, comparison_states) for pair, one in worth.items()}
    return [
        {
            **_step(step),
            "state": states[step.run.pk],
            "step": shown.get((step.before.pk, step.run.pk)) if step.before else None,
            "gain": shown.get((step.run.pk, step.run.control_of_id)) if step.run.control_of_id else None,
        }
        for step in found
    ]


def _step(step: run_tree.RunStep) -> dict[str, Any]:
    run = step.run
    manifest = run.train_manifest
    plain = ("name", "baseline", "seed", "weights", "revision", "created_at")
    return {
        "id": run.pk,
        "dataset": run.dataset_id,
        **{name: getattr(run, name) for name in plain},
        "start": _checkpoint(step.start),
        "images": manifest.image_count if manifest else None,
        "slices": manifest.slices if manifest else [],
        "before": _run(step.before),
        "control_of": _run(run.control_of),
        "repeat_of": _run(step.repeat_of),
        "changes": asdict(step.changes) if step.changes else None,
    }


def _run(row: Run | None) -> dict[str, Any] | None:
    return {"id": row.pk, "name": row.name} if row else None


@extend_schema(
    operation_id="preview_evaluation",
    tags=["curate"],
    parameters=[
        OpenApiParameter("prediction_set", int, description="Either this,"),
        OpenApiParameter("checkpoint", int, description="or this"),
        OpenApiParameter("slice", int, description="Only its images"),
        OpenApiParameter("revision", int, description="Of the labels; the newest where left out"),
    ],
    responses=EvaluationPreviewSerializer,
)
def preview_evaluation(request: Request, dataset_id: int) -> Response:
    """What an evaluation would be judged on, and on how many of the images it would be no test."""
    dataset = dataset_for(request, dataset_id)
    judged = row_named(request, "prediction_set", dataset.prediction_sets.select_related("manifest"))
    checkpoint = row_named(request, "checkpoint", checkpoints_for(dataset.project_id))
    if (judged is None) == (checkpoint is None):
        raise BadInput(
            "Name a prediction set or a checkpoint.", errors={"prediction_set": ["Needed, unless a checkpoint is."]}
        )
    plan = plans.EvaluationPlan(
        dataset=dataset,
        revision=_revision(request, dataset.head_revision),
        prediction_set=judged,
        checkpoint=checkpoint,
        within=row_named(request, "slice", dataset.slices.all()),
    )
    return Response(EvaluationPreviewSerializer(plans.preview(plan)).data)


def _revision(request: Request, newest: int) -> int:
    text = request.query_params.get("revision", "")
    if not text:
        return newest
    if not text.isdecimal() or int(text) > newest:
        detail = f"There is no revision {text}; the newest is {newest}."
        raise BadInput(detail, errors={"revision": [detail]})
    return int(text)


@extend_schema(operation_id="delete_evaluation", tags=["curate"], responses={204: None})
def delete_evaluation(request: Request, evaluation_id: int) -> Response:
    """Delete it with its verdicts and its comparisons; the predictions stay. Managers and above. 409 while it is
    computed or compared."""
    delete(evaluation=evaluation_for(request, evaluation_id, finished=False), by=request.user)
    return Response(status=204)
