"""What each kind of auto-curate takes, checked, with its defaults filled in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.problems import BadInput, validated
from curate.models import AutoCurate, Evaluation
from dataset.models import Dataset, PredictionSet, Slice
from model.models import Checkpoint
from model.services.settings import BadSettings, read_settings
from model.services.start import choose_start
from science.autocurate.mislabels import LabelErrorKind


class SliceNameField(serializers.CharField):
    """The name of the slice that a run makes; left out, a free one is taken."""

    def __init__(self) -> None:
        super().__init__(max_length=120, required=False, allow_blank=True, help_text="Of the slice that it makes")


class SplitParamsSerializer(serializers.Serializer):
    ratio = serializers.FloatField(default=0.8, min_value=0.01, max_value=0.99, help_text="The first side's part")
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    names = serializers.ListField(
        child=serializers.CharField(max_length=120), min_length=2, max_length=2, default=["train", "validation"]
    )
    stratify = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Metadata keys; left out: those with few values"
    )
    sources = serializers.BooleanField(
        default=True, help_text="Keep images of one source, by their names, on one side; it becomes their sequence"
    )
    sight = serializers.BooleanField(
        default=True, help_text="Keep images that show the same on one side, also mirrored, turned, cut out or moved"
    )


class MislabelParamsSerializer(serializers.Serializer):
    name = SliceNameField()
    folds = serializers.IntegerField(default=2, min_value=2, max_value=10)
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    baseline = serializers.CharField(required=False, allow_null=True)
    weights = serializers.DictField(required=False, allow_null=True)
    settings = serializers.DictField(default=dict, help_text="Of the training; they may also stand beside the others")
    prediction_set = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="Judge by these predictions, which must be out-of-fold; trains nothing",
    )
    crops = serializers.BooleanField(
        default=True, help_text="Look inside the boxes as well: an encoder learns there what each class looks like"
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=[kind.value for kind in LabelErrorKind]), required=False, min_length=1
    )
    limit = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    smallest_score = serializers.FloatField(required=False, min_value=0, max_value=1)
    after = serializers.IntegerField(
        required=False, allow_null=True, help_text="The search whose corrections this one looks at again"
    )


class EdgeCaseParamsSerializer(serializers.Serializer):
    name = SliceNameField()
    budget = serializers.IntegerField(default=100, min_value=1, max_value=1_000_000, help_text="Images at most")
    per_group = serializers.IntegerField(default=1, min_value=1, help_text="Images of one sequence at most")
    checkpoint = serializers.IntegerField(required=False, allow_null=True)
    prediction_set = serializers.IntegerField(required=False, allow_null=True)
    imgsz = serializers.IntegerField(required=False, allow_null=True, min_value=32, max_value=2048)
    use_labels = serializers.BooleanField(default=True, help_text="Count missed and false boxes where there are labels")


class LabelSelectionParamsSerializer(serializers.Serializer):
    name = SliceNameField()
    budget = serializers.IntegerField(default=100, min_value=1, max_value=1_000_000, help_text="Images at most")
    per_sequence = serializers.IntegerField(default=1, min_value=1, help_text="Images of one sequence at most")
    checkpoint = serializers.IntegerField(required=False, allow_null=True, help_text="Whose uncertainty is meant")
    prediction_set = serializers.IntegerField(required=False, allow_null=True)
    imgsz = serializers.IntegerField(required=False, allow_null=True, min_value=32, max_value=2048)
    evaluation = serializers.IntegerField(required=False, allow_null=True, help_text="Which classes are weak")
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)


class RareClassParamsSerializer(serializers.Serializer):
    name = SliceNameField()
    classes = serializers.ListField(
        child=serializers.IntegerField(), required=False, min_length=1, help_text="Ids; left out: the three rarest"
    )
    beside = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="The slice that the images are to be added to: what there is. Left out: all others with labels",
    )
    budget = serializers.IntegerField(default=100, min_value=1, max_value=1_000_000, help_text="Images at most")
    per_sequence = serializers.IntegerField(default=1, min_value=1, help_text="Images of one sequence at most")
    checkpoint = serializers.IntegerField(
        required=False, allow_null=True, help_text="What it sees counts on images without labels"
    )
    prediction_set = serializers.IntegerField(required=False, allow_null=True)
    imgsz = serializers.IntegerField(required=False, allow_null=True, min_value=32, max_value=2048)
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)


SHAPES: dict[str, type[serializers.Serializer]] = {
    AutoCurate.Kind.SPLIT: SplitParamsSerializer,
    AutoCurate.Kind.MISLABELS: MislabelParamsSerializer,
    AutoCurate.Kind.EDGE_CASES: EdgeCaseParamsSerializer,
    AutoCurate.Kind.LABEL_SELECTION: LabelSelectionParamsSerializer,
    AutoCurate.Kind.RARE_CLASSES: RareClassParamsSerializer,
}


def bad_param(field: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={f"params.{field}": [sentence]})


def checked_params(dataset: Dataset, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """The params of a kind, complete. Raises BadInput by field."""
    if kind not in SHAPES:
        sentence = f"Auto-curate does {', '.join(SHAPES)}; not {kind}."
        raise BadInput(sentence, errors={"kind": [sentence]})
    if kind == AutoCurate.Kind.MISLABELS:
        return _mislabels(dataset, params)
    given: dict[str, Any] = dict(_validated(kind, params))
    if kind == AutoCurate.Kind.SPLIT:
        return _split(dataset, given)
    if kind == AutoCurate.Kind.LABEL_SELECTION:
        return _label_selection(dataset, given)
    if kind == AutoCurate.Kind.RARE_CLASSES:
        return _rare_classes(dataset, given)
    return _edge_cases(dataset, given)


def _validated(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(validated(SHAPES[kind], params))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"params": error.detail}) from None


def _split(dataset: Dataset, given: dict[str, Any]) -> dict[str, Any]:
    first, second = given["names"]
    if first == second:
        raise bad_param("names", "The two sides need two names.")
    for name in given["names"]:
        free_name(dataset, name)
    unknown = [key for key in given.get("stratify", []) if key not in dataset.metadata_keys]
    if unknown:
        raise bad_param("stratify", f"No image has the metadata key {unknown[0]}.")
    return given


def _mislabels(dataset: Dataset, params: dict[str, Any]) -> dict[str, Any]:
    """Settings of the training may stand beside the other params; they are gathered into `settings`."""
    known = MislabelParamsSerializer().fields.keys()
    beside = {name: value for name, value in params.items() if name not in known}
    nested = params.get("settings") or {}
    own = {name: value for name, value in params.items() if name in known} | {"settings": {**nested, **beside}}
    given = _validated(AutoCurate.Kind.MISLABELS, own)
    if given.get("prediction_set") is not None:
        _prediction_set(dataset, given["prediction_set"])
    else:
        _training(dataset, given)
    after = given.get("after")
    if after is not None and not AutoCurate.objects.filter(dataset=dataset, kind="mislabels", pk=after).exists():
        raise bad_param("after", f"This dataset has no search for mislabels {after}.")
    given["name"] = name_for(dataset, given.get("name"), "mislabels")
    return given


def _training(dataset: Dataset, given: dict[str, Any]) -> None:
    """Raise BadInput where the folds could not be trained so."""
    weights, baseline = given.get("weights"), given.get("baseline")
    try:
        read_settings(given["settings"])
        choose_start(project_id=dataset.project_id, weights=weights, baseline=baseline)
    except (BadSettings, BadInput) as error:
        named = {f"params.{name}": lines for name, lines in (error.errors or {}).items()}
        raise BadInput(str(error), errors=named) from error


def _edge_cases(dataset: Dataset, given: dict[str, Any]) -> dict[str, Any]:
    checkpoint: int | None = given.get("checkpoint")
    prediction_set: int | None = given.get("prediction_set")
    if (checkpoint is None) == (prediction_set is None):
        raise bad_param("checkpoint", "Name a checkpoint to predict with, or a prediction set: one of the two.")
    _predictions(dataset, checkpoint, prediction_set)
    given["name"] = name_for(dataset, given.get("name"), "edge cases")
    return given


def _rare_classes(dataset: Dataset, given: dict[str, Any]) -> dict[str, Any]:
    _one_judge_at_most(dataset, given)
    known = set(dataset.classes.values_list("pk", flat=True))
    unknown = [one for one in given.get("classes", []) if one not in known]
    if unknown:
        raise bad_param("classes", f"This dataset has no class {unknown[0]}.")
    beside = given.get("beside")
    if beside is not None and not dataset.slices.filter(pk=beside).exists():
        raise bad_param("beside", f"This dataset has no slice {beside}.")
    given["name"] = name_for(dataset, given.get("name"), "rare classes")
    return given


def _one_judge_at_most(dataset: Dataset, given: dict[str, Any]) -> None:
    """Raise BadInput where both a checkpoint and predictions are named, or what is not there."""
    checkpoint: int | None = given.get("checkpoint")
    prediction_set: int | None = given.get("prediction_set")
    if checkpoint is not None and prediction_set is not None:
        raise bad_param("checkpoint", "Name a checkpoint to predict with, or a prediction set, or neither; not both.")
    _predictions(dataset, checkpoint, prediction_set)


def _label_selection(dataset: Dataset, given: dict[str, Any]) -> dict[str, Any]:
    _one_judge_at_most(dataset, given)
    if given.get("evaluation") is not None:
        _evaluation(dataset, given["evaluation"])
    given["name"] = name_for(dataset, given.get("name"), "to label")
    return given


def _evaluation(dataset: Dataset, evaluation_id: int) -> None:
    evaluation = Evaluation.objects.filter(dataset=dataset, of=None, pk=evaluation_id).first()
    if evaluation is None:
        raise bad_param("evaluation", f"This dataset has no evaluation {evaluation_id}.")
    if evaluation.per_class is None:
        raise bad_param("evaluation", f"Evaluation {evaluation_id} has no figures yet; wait until it is computed.")


def _predictions(dataset: Dataset, checkpoint: int | None, prediction_set: int | None) -> None:
    """Raise BadInput where what is named is not there."""
    if prediction_set is not None:
        _prediction_set(dataset, prediction_set)
    if checkpoint is None:
        return
    if not Checkpoint.objects.filter(pk=checkpoint, project_id=dataset.project_id).exists():
        raise bad_param("checkpoint", f"This project has no checkpoint {checkpoint}.")


def _prediction_set(dataset: Dataset, prediction_set_id: int) -> None:
    if not PredictionSet.objects.filter(dataset=dataset, pk=prediction_set_id).exists():
        raise bad_param("prediction_set", f"This dataset has no prediction set {prediction_set_id}.")


def name_for(dataset: Dataset, name: str | None, default: str) -> str:
    """The name asked for, if it is free, or the first free one like the default."""
    if name:
        return free_name(dataset, name)
    taken = set(Slice.objects.filter(dataset=dataset, name__startswith=default).values_list("name", flat=True))
    candidates = [default, *(f"{default} {number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


def free_name(dataset: Dataset, name: str) -> str:
    """The name, if no slice of the dataset has it; raises BadInput."""
    if Slice.objects.filter(dataset=dataset, name=name).exists():
        raise bad_param("name", f"There is a slice named {name} already.")
    return name
