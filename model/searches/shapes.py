"""What searches look like over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.people import PersonSerializer
from dataset.api.shapes import SliceBriefSerializer
from jobs.api import JobSerializer
from jobs.models import Job
from model.api.runs import RunWeightsSerializer
from model.api.shapes import RunBriefSerializer, SettingsField
from model.models import Trial
from model.searches.asking import LEAST_REPEATS, MOST_REPEATS, MOST_TRIALS
from model.services.runs import LEAVE_OUT, UNLABELLED

CHOICES = {
    "type": "array",
    "items": {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]},
}


@extend_schema_field(CHOICES)
class ChoicesField(serializers.JSONField):
    """Values of a setting."""


class SearchableSerializer(serializers.Serializer):
    """A setting that can be searched for, and the range or the choices that are proposed."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["float", "int", "choice"])
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    log = serializers.BooleanField(help_text="Whether a tenth and ten times as much are equally far")
    choices = ChoicesField()


class SettingRangeSerializer(serializers.Serializer):
    """Where a setting is looked for: from `low` to `high`, or among `choices`."""

    name = serializers.CharField(max_length=40)
    low = serializers.FloatField(required=False, allow_null=True)
    high = serializers.FloatField(required=False, allow_null=True)
    log = serializers.BooleanField(default=False)
    choices = ChoicesField(required=False)

    def validate_choices(self, value: Any) -> Any:
        if not isinstance(value, list) or any(isinstance(one, list | dict) for one in value):
            raise serializers.ValidationError("Give a list of values.")
        return value


class SettingsSearchInSerializer(serializers.Serializer):
    dataset = serializers.IntegerField()
    name = serializers.CharField(max_length=80)
    train_slices = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=100)
    validation_slice = serializers.IntegerField()
    ranges = SettingRangeSerializer(many=True, help_text="The settings that are searched for, 1 to 8")
    baseline = serializers.CharField(max_length=40, required=False, help_text="A baseline's name; else the weights'")
    weights = RunWeightsSerializer(required=False)
    revision = serializers.IntegerField(required=False, allow_null=True, help_text="The newest where left out")
    settings = serializers.DictField(
        required=False, help_text="The unchanged ones; left out, the baseline's defaults. `seed` is the first"
    )
    unlabelled = serializers.ChoiceField(choices=UNLABELLED, default=LEAVE_OUT)
    trials = serializers.IntegerField(default=20, min_value=1, max_value=MOST_TRIALS)
    repeats = serializers.IntegerField(
        default=5, min_value=LEAST_REPEATS, max_value=MOST_REPEATS, help_text="Of the unchanged settings, trained first"
    )
    minutes = serializers.FloatField(
        required=False, allow_null=True, min_value=1, help_text="No trial begins that would end later, as far as known"
    )
    prune = serializers.BooleanField(default=True, help_text="End trials below the median of the others at an epoch")


class SettingsSearchEstimateInSerializer(SettingsSearchInSerializer):
    name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class SettingsSearchResumeSerializer(serializers.Serializer):
    trials = serializers.IntegerField(required=False, allow_null=True, help_text="In all, where there are to be more")
    minutes = serializers.FloatField(required=False, allow_null=True, help_text="In all, where it may take longer")


class SettingsSearchEstimateSerializer(serializers.Serializer):
    runs = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True, help_text="Of all, none pruned; null: not measured yet")
    images_per_second = serializers.FloatField(allow_null=True)
    disk_bytes = serializers.IntegerField(allow_null=True)
    spreads = serializers.FloatField(
        help_text="Standard deviations of the repeats above their mean, beyond which a trial is called better"
    )


class NoiseFloorSerializer(serializers.Serializer):
    """What another seed alone brings: the repeats of the unchanged settings."""

    repeats = serializers.IntegerField()
    trials = serializers.IntegerField(help_text="Of which the best must exceed the bound")
    mean = serializers.FloatField(help_text="mAP, 0..1")
    spread = serializers.FloatField(help_text="Standard deviation")
    bound = serializers.FloatField(help_text="Up to here the best of so many would come by chance, 95 times in 100")


class TrialSerializer(serializers.ModelSerializer[Trial]):
    values = SettingsField(help_text="Of the settings searched for")
    run = RunBriefSerializer(allow_null=True)
    curve = serializers.ListField(child=serializers.FloatField(), help_text="The fast mAP after each epoch")
    value = serializers.FloatField(allow_null=True, help_text="mAP of its evaluation, 0..1")
    evaluation = serializers.IntegerField(source="run.evaluation_id", default=None, allow_null=True)
    better = serializers.SerializerMethodField(help_text="Whether it lies above the noise floor; null: not known")

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_better(self, trial: Trial) -> bool | None:
        if self.context["floor"] is None or trial.value is None or trial.kind == Trial.Kind.REPEAT:
            return None
        return trial.pk in self.context["better"]

    class Meta:
        model = Trial
        fields = [
            "id", "kind", "number", "state", "values", "run", "curve", "value", "evaluation", "better", "seconds",
            "problem",
        ]  # fmt: skip


class SettingsSearchBriefSerializer(serializers.Serializer):
    """A search as a list shows it."""

    id = serializers.IntegerField()
    dataset = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    job = JobSerializer(allow_null=True)
    trials = serializers.IntegerField(help_text="Planned")
    repeats = serializers.IntegerField()
    finished = serializers.IntegerField(help_text="Trials that have ended")
    best = serializers.FloatField(allow_null=True, help_text="mAP of the best trial so far, 0..1")
    better = serializers.BooleanField(allow_null=True, help_text="Whether that lies above the noise floor")
    created_by = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()


class SettingsSearchSerializer(SettingsSearchBriefSerializer):
    """A search with all that was tried, and what it shows so far."""

    baseline = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    train_slices = SliceBriefSerializer(many=True)
    validation_slice = SliceBriefSerializer(allow_null=True)
    settings = SettingsField(allow_null=True, help_text="The unchanged ones")
    ranges = SettingRangeSerializer(many=True)
    minutes = serializers.FloatField(allow_null=True)
    prune = serializers.BooleanField()
    seconds = serializers.FloatField(help_text="That its trainings have taken")
    tried = TrialSerializer(many=True, help_text="The repeats first")
    floor = NoiseFloorSerializer(allow_null=True)
    floor_missing = serializers.ChoiceField(
        choices=["", "waits", "equal"], help_text="Why there is no floor: repeats are missing, or they do not differ"
    )
    best_trial = serializers.IntegerField(allow_null=True, help_text="Its id")
