"""Experiments over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from jobs.api import JobSerializer
from model.api.experiment_shapes import ExperimentEstimateSerializer, ExperimentSerializer
from model.api.runs import RunWeightsSerializer
from model.models import Experiment, Run
from model.selectors import experiments as reads
from model.selectors.experiment_costs import cost_of
from model.services import experiments as services
from model.services import judging
from model.services.runs import LEAVE_OUT, UNLABELLED

THROUGH = "dataset.project_id"


class ExperimentInSerializer(serializers.Serializer):
    dataset = serializers.IntegerField()
    name = serializers.CharField(max_length=90)
    train_slices = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=100)
    validation_slice = serializers.IntegerField()
    baseline = serializers.CharField(max_length=40, required=False, help_text="A baseline's name; else the weights'")
    weights = RunWeightsSerializer(required=False)
    revision = serializers.IntegerField(required=False, allow_null=True, help_text="The newest where left out")
    parent = serializers.IntegerField(required=False, allow_null=True, help_text="The run that both arms carry on")
    settings = serializers.DictField(
        required=False, help_text="Those left out are the parent's, or the baseline's defaults; `seed` is the first"
    )
    unlabelled = serializers.ChoiceField(choices=UNLABELLED, default=LEAVE_OUT)
    seeds = serializers.IntegerField(default=3, min_value=1, max_value=services.MOST_SEEDS, help_text="Of each arm")
    control = serializers.BooleanField(default=True)
    control_slices = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, help_text="The parent's where left out"
    )
    control_revision = serializers.IntegerField(required=False, allow_null=True, help_text="The parent's if left out")
    match = serializers.ChoiceField(
        choices=Experiment.Match.choices, default=Experiment.Match.STEPS, help_text="What both arms do as many of"
    )
    early_stop = serializers.BooleanField(default=True, help_text="End when the verdict can hardly change any more")
    watched_slices = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Parts of the parent's images not to be forgotten"
    )


class EstimateInSerializer(ExperimentInSerializer):
    name = serializers.CharField(max_length=90, required=False, default="", allow_blank=True)


class MoreSeedsSerializer(serializers.Serializer):
    count = serializers.IntegerField(default=1, min_value=1, max_value=services.MOST_SEEDS)


def as_json(rows: list[Experiment]) -> list[Any]:
    """Experiments as lists and pages show them."""
    standings = reads.standings(rows)
    every = [run for one in standings.values() for run in one.runs]
    compared = reads.comparisons_of_pairs(every)
    for row in rows:
        standing = standings[row.pk]
        like = next((run for run in standing.runs if run.arm == Run.Arm.TREATMENT), None)
        shown: dict[str, Any] = {
            "state": standing.state,
            "problem": standing.judging.error or None if standing.judging else None,
            "finished_pairs": standing.finished_pairs,
            "train_slices": like.train_slices.all() if like else [],
            "validation_slice": like.validation_slice if like else None,
            "baseline": like.baseline if like else None,
            "revision": like.revision if like else None,
            "settings": like.settings if like else None,
            "comparisons": list(_pairs(standing.runs, compared)),
        }
        for name, value in shown.items():
            setattr(row, name, value)
        row._prefetched_objects_cache["runs"] = standing.runs  # type: ignore[attr-defined]
    return list(ExperimentSerializer(rows, many=True).data)


def _pairs(runs: list[Run], compared: dict[tuple[int, int], int]) -> Any:
    evaluations = {
        (run.arm, run.seed): run.evaluation_id
        for run in runs
        if run.progress.evaluation and run.progress.evaluation.finished_at
    }
    for seed in sorted({run.seed for run in runs}):
        a, b = evaluations.get((Run.Arm.CONTROL, seed)), evaluations.get((Run.Arm.TREATMENT, seed))
        if a and b:
            yield {"seed": seed, "a": a, "b": b, "comparison": compared.get((a, b))}


def experiment_for(request: Request, experiment_id: int) -> Experiment:
    return access.one_of(request.user, reads.experiments(), experiment_id, through=THROUGH)


def answer(experiment_id: int) -> Any:
    return as_json([reads.experiments().get(pk=experiment_id)])[0]


@extend_schema(
    operation_id="create_experiment", tags=["model"], request=ExperimentInSerializer,
    responses={202: ExperimentSerializer},
)  # fmt: skip
def create_experiment(request: Request) -> Response:
    """Train with and without a change of the data, each with several seeds. 409 as for a run."""
    given = validated(ExperimentInSerializer, request.data)
    dataset = dataset_for(request, given.pop("dataset"))
    made = services.create_experiment(dataset=dataset, new=services.NewExperiment(**given), by=request.user)
    return Response(answer(made.pk), status=202)


@extend_schema(
    operation_id="estimate_experiment",
    tags=["model"],
    request=EstimateInSerializer,
    responses=ExperimentEstimateSerializer,
)
def estimate(request: Request) -> Response:
    """What it would cost, before it is started."""
    given = validated(EstimateInSerializer, request.data)
    dataset = dataset_for(request, given.pop("dataset"), at_least=Role.MANAGER)
    found = cost_of(dataset, services.NewExperiment(**given))
    return Response(ExperimentEstimateSerializer(found).data)


@extend_schema(
    operation_id="list_experiments", tags=["model"], parameters=PAGE_PARAMETERS,
    responses=page_shape(ExperimentSerializer),
)  # fmt: skip
def list_experiments(request: Request, dataset_id: int) -> Response:
    """The dataset's experiments, newest first."""
    dataset = dataset_for(request, dataset_id)
    rows, following = newest_first(reads.experiments_of(dataset), page_request(request))
    return Response({"items": as_json(rows), "next": following})


@extend_schema(operation_id="get_experiment", tags=["model"], responses=ExperimentSerializer)
def get_experiment(request: Request, experiment_id: int) -> Response:
    """Its arms with their runs, and what they show so far."""
    return Response(as_json([experiment_for(request, experiment_id)])[0])


@extend_schema(operation_id="cancel_experiment", tags=["model"], request=None, responses=ExperimentSerializer)
def cancel_experiment(request: Request, experiment_id: int) -> Response:
    """Stop all runs that wait or train. 409 where none does."""
    experiment = experiment_for(request, experiment_id)
    services.cancel_experiment(experiment=experiment, by=request.user)
    return Response(answer(experiment.pk))


@extend_schema(
    operation_id="add_seeds", tags=["model"], request=MoreSeedsSerializer, responses={202: ExperimentSerializer}
)
def add_seeds(request: Request, experiment_id: int) -> Response:
    """Train both arms with further seeds, at most ten in all."""
    experiment = experiment_for(request, experiment_id)
    count = validated(MoreSeedsSerializer, request.data)["count"]
    services.add_seeds(experiment=experiment, count=count, by=request.user)
    return Response(answer(experiment.pk), status=202)


@extend_schema(operation_id="judge_experiment", tags=["model"], request=None, responses={202: JobSerializer})
def judge_experiment(request: Request, experiment_id: int) -> Response:
    """Judge it again, where that failed. 409 while it is being judged."""
    job = judging.judge_again(experiment=experiment_for(request, experiment_id), by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="delete_experiment", tags=["model"], responses={204: None})
def delete_experiment(request: Request, experiment_id: int) -> Response:
    """Delete it with its runs and checkpoints; predictions and evaluations stay."""
    services.delete_experiment(experiment=experiment_for(request, experiment_id), by=request.user)
    return Response(status=204)
