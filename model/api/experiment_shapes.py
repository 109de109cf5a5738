"""Shapes of an experiment's answers."""

from rest_framework import serializers

from accounts.api.people import PersonSerializer
from dataset.api.shapes import SliceBriefSerializer
from jobs.models import Job
from model.api.runs import RunEvaluationSerializer
from model.api.shapes import RunBriefSerializer, SettingsField
from model.models import Experiment, Run
from science.evaluation.bootstrap import Gain

VERDICTS = [gain.value for gain in Gain]


class AloneSerializer(serializers.Serializer):
    """Treatment − control with its interval over images alone: of these checkpoints."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    verdict = serializers.ChoiceField(choices=VERDICTS)


class SeedGainSerializer(AloneSerializer):
    seed = serializers.IntegerField()


class SeededGainSerializer(AloneSerializer):
    """Treatment − control over images and seeds: of the training."""

    level = serializers.FloatField(help_text="The certainty of the interval, 0–1")
    by_images = serializers.FloatField(allow_null=True, help_text="Standard error that the choice of images brings")
    by_seeds = serializers.FloatField(allow_null=True, help_text="Standard error that the choice of seeds brings")
    p = serializers.FloatField(allow_null=True, help_text="Two-sided; of classes after Holm's correction")


class SeededClassSerializer(SeededGainSerializer):
    class_id = serializers.IntegerField()
    a = serializers.FloatField(allow_null=True, help_text="The control's mean")
    b = serializers.FloatField(allow_null=True, help_text="The treatment's mean")


class SeededDeltaSerializer(serializers.Serializer):
    mAP = SeededGainSerializer()  # noqa: N815  as it is called
    mAP50 = SeededGainSerializer()  # noqa: N815


class ArmResultSerializer(serializers.Serializer):
    mean = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(allow_null=True, help_text="Standard deviation over seeds")
    values = serializers.ListField(child=serializers.FloatField(allow_null=True), help_text="mAP by seed")


class ArmsResultSerializer(serializers.Serializer):
    treatment = ArmResultSerializer()
    control = ArmResultSerializer(allow_null=True)


class LookSerializer(serializers.Serializer):
    """What was said after so many pairs."""

    pairs = serializers.IntegerField()
    planned = serializers.IntegerField()
    level = serializers.FloatField(help_text="The certainty that this look asks for; 1 where it may show nothing")
    gain = serializers.ChoiceField(choices=VERDICTS)
    chance = serializers.FloatField(allow_null=True, help_text="Of another verdict at the end; null where not asked")
    stops = serializers.BooleanField()


class MemoryDifferenceSerializer(serializers.Serializer):
    """The run's checkpoint − its parent's."""

    a = serializers.FloatField(allow_null=True)
    b = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True)
    verdict = serializers.ChoiceField(choices=VERDICTS)


class MemoryClassSerializer(MemoryDifferenceSerializer):
    class_id = serializers.IntegerField()
    name = serializers.CharField()


class MemorySliceSerializer(MemoryDifferenceSerializer):
    slice_id = serializers.IntegerField()
    name = serializers.CharField()
    images = serializers.IntegerField()


class ForgotSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["class", "slice"])
    id = serializers.IntegerField()
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class MemorySerializer(serializers.Serializer):
    """What a run's checkpoint still knows of the parent's validation images."""

    run = serializers.IntegerField()
    images = serializers.IntegerField()
    revision = serializers.IntegerField()
    delta = MemoryDifferenceSerializer()
    per_class = MemoryClassSerializer(many=True)
    slices = MemorySliceSerializer(many=True)
    forgot = ForgotSerializer(many=True, help_text="What got worse for sure")


class PairRunsSerializer(serializers.Serializer):
    treatment = serializers.IntegerField()
    control = serializers.IntegerField(allow_null=True)


class BestSerializer(serializers.Serializer):
    run = serializers.IntegerField(
        allow_null=True, help_text="Of the treatment: highest mAP of those that forgot nothing"
    )
    held_back = serializers.ListField(child=serializers.IntegerField(), help_text="Runs that forgot something")


class ExperimentResultSerializer(serializers.Serializer):
    """What the pairs show that are judged, all on the same images and the labels of one revision."""

    pairs = serializers.IntegerField()
    revision = serializers.IntegerField()
    images = serializers.IntegerField()
    groups = serializers.ChoiceField(choices=["image", "sequence"])
    seeds = serializers.ListField(child=serializers.IntegerField())
    runs = PairRunsSerializer(many=True)
    arms = ArmsResultSerializer()
    delta = SeededDeltaSerializer(allow_null=True)
    images_alone = AloneSerializer(allow_null=True)
    each = SeedGainSerializer(many=True)
    per_class = SeededClassSerializer(many=True)
    look = LookSerializer(allow_null=True)
    memory = MemorySerializer(many=True)
    best = BestSerializer()


class StoppedSerializer(serializers.Serializer):
    pairs = serializers.IntegerField()
    planned = serializers.IntegerField()
    saved = serializers.IntegerField(help_text="Runs that were not trained to their end")


class ExperimentRunSerializer(serializers.ModelSerializer[Run]):
    state = serializers.ChoiceField(source="progress.state", choices=Job.State.choices)
    progress = serializers.SerializerMethodField()
    epoch = serializers.IntegerField(source="progress.epoch")
    epochs = serializers.IntegerField(source="progress.epochs")
    eta_seconds = serializers.FloatField(source="progress.eta_seconds", allow_null=True)
    seconds = serializers.FloatField(source="progress.seconds", allow_null=True)
    images = serializers.SerializerMethodField()
    evaluation = RunEvaluationSerializer(source="progress.evaluation", allow_null=True)

    def get_progress(self, run: Run) -> float:
        job = run.progress.job
        return 1.0 if run.finished_at else job.progress if job else 0.0

    def get_images(self, run: Run) -> int:
        return run.train_manifest.image_count if run.train_manifest else 0

    class Meta:
        model = Run
        fields = [
            "id", "name", "arm", "seed", "state", "progress", "epoch", "epochs", "eta_seconds", "seconds", "images",
            "revision", "evaluation",
        ]  # fmt: skip


class SeedComparisonSerializer(serializers.Serializer):
    seed = serializers.IntegerField()
    a = serializers.IntegerField(help_text="The control's evaluation")
    b = serializers.IntegerField(help_text="The treatment's evaluation")
    comparison = serializers.IntegerField(allow_null=True)


class ExperimentSerializer(serializers.ModelSerializer[Experiment]):
    """An experiment with its runs; `result` is null until the first pair is judged."""

    state = serializers.ChoiceField(choices=Job.State.choices)
    problem = serializers.CharField(allow_null=True, help_text="Why judging it failed")
    parent = RunBriefSerializer(allow_null=True)
    match = serializers.ChoiceField(choices=Experiment.Match.choices)
    seeds = serializers.ListField(child=serializers.IntegerField(), help_text="Planned, in the order of training")
    train_slices = SliceBriefSerializer(many=True)
    validation_slice = SliceBriefSerializer(allow_null=True)
    control_slices = SliceBriefSerializer(many=True)
    watched_slices = SliceBriefSerializer(source="watched", many=True)
    baseline = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField(allow_null=True, help_text="The treatment's")
    settings = SettingsField(allow_null=True)
    runs = ExperimentRunSerializer(many=True)
    finished_pairs = serializers.IntegerField()
    comparisons = SeedComparisonSerializer(many=True, help_text="Of each seed's pair")
    looks = LookSerializer(many=True)
    stopped = StoppedSerializer(allow_null=True)
    result = ExperimentResultSerializer(allow_null=True)
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Experiment
        fields = [
            "id", "dataset", "name", "state", "problem", "parent", "control", "match", "seeds", "early_stop",
            "train_slices", "validation_slice", "revision", "control_slices", "control_revision", "watched_slices",
            "baseline", "settings", "runs", "finished_pairs", "comparisons", "looks", "stopped", "result",
            "created_by", "created_at",
        ]  # fmt: skip


class ArmCostSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    epochs = serializers.IntegerField()
    steps = serializers.IntegerField()


class ExperimentEstimateSerializer(serializers.Serializer):
    """What it would cost. `seconds` is null where nothing like it was trained here yet: measure one epoch first."""

    runs = serializers.IntegerField()
    steps = serializers.IntegerField(help_text="Optimiser steps of all runs")
    treatment = ArmCostSerializer()
    control = ArmCostSerializer(allow_null=True)
    seconds = serializers.FloatField(allow_null=True, help_text="Of all runs, one after the other")
    images_per_second = serializers.FloatField(allow_null=True, help_text="Measured in earlier runs")
    measured_on = RunBriefSerializer(allow_null=True)
    disk_bytes = serializers.IntegerField(allow_null=True)
