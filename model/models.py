"""Runs, their metrics by epoch, and checkpoints."""

from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.db import models

from accounts.models import Project
from dataset.models import Dataset, Manifest, PredictionSet, Slice
from model.class_names import ClassMapping
from model.endpoint_models import (
    Deployment,
    Endpoint,
    EndpointMinute,
    GateResult,
    GateRules,
    KeptPicture,
)
from model.measurement_models import Measurement
from model.search_models import SettingsSearch, Trial

__all__ = [
    "Checkpoint",
    "Deployment",
    "Endpoint",
    "EndpointMinute",
    "ExportedForm",
    "GateResult",
    "GateRules",
    "KeptPicture",
    "Measurement",
    "Run",
    "RunEpoch",
    "SettingsSearch",
    "Trial",
]

if TYPE_CHECKING:
    from model.progress import RunProgress


class Experiment(models.Model):
    """Does a change of the data make the detector better? Trainings with it and without, each with several seeds.

    Its state is read off its runs and the job that judges them; what was judged last stands in `result`.
    """

    class Match(models.TextChoices):
        STEPS = "steps"  # the control takes as many optimiser steps as the treatment
        EPOCHS = "epochs"  # as many passes over its own, fewer images

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="experiments")
    name = models.CharField(max_length=90)
    parent = models.ForeignKey("Run", on_delete=models.SET_NULL, null=True, related_name="experiments_from")
    control = models.BooleanField(default=True)  # whether there is a control arm
    match = models.CharField(max_length=6, choices=Match.choices, default=Match.STEPS)
    seeds = models.JSONField(default=list)  # planned, in the order in which they are trained
    early_stop = models.BooleanField(default=True)
    control_slices = models.ManyToManyField(Slice, related_name="control_experiments")
    control_revision = models.PositiveIntegerField(null=True)
    watched = models.ManyToManyField(Slice, related_name="watching_experiments")  # parts that must not be forgotten
    looks = models.JSONField(default=list)  # what was said after each pair, see science.evaluation.stopping
    stopped = models.JSONField(null=True)  # the look that ended it early, and how many runs that saved
    result = models.JSONField(null=True)  # of the last look, see curate.comparisons.over_seeds
    job_id = models.BigIntegerField(null=True)  # that judges, or judged last
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Set by the selectors of experiments, where a page shows them:
    state: str

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="experiment_name_once")]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """A training: what went in, frozen, and what came out. Its state is its job's."""

    class Arm(models.TextChoices):
        TREATMENT = "treatment"
        CONTROL = "control"

    class Weights(models.TextChoices):
        BASE = "base"  # the small class-agnostic checkpoint that ships with Halfday
        SCRATCH = "scratch"
        CHECKPOINT = "checkpoint"  # uploaded, or of an earlier run

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="runs")
    name = models.CharField(max_length=120)
    baseline = models.CharField(max_length=40)
    weights = models.CharField(max_length=10, choices=Weights.choices)
    start_checkpoint = models.ForeignKey(
        "Checkpoint", on_delete=models.RESTRICT, null=True, related_name="continued_by"
    )
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="children")
    control_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="controls")
    train_slices = models.ManyToManyField(Slice, related_name="training_runs")
    validation_slice = models.ForeignKey(Slice, on_delete=models.RESTRICT, related_name="validation_runs")
    train_manifest = models.ForeignKey(Manifest, on_delete=models.RESTRICT, null=True, related_name="training_runs")
    validation_manifest = models.ForeignKey(
        Manifest, on_delete=models.RESTRICT, null=True, related_name="validation_runs"
    )
    revision = models.PositiveIntegerField()
    # Images of the training slices that are not labelled: neither objects nor background, so they are left out.
    unlabelled = models.PositiveIntegerField(default=0, db_default=0)
    seed = models.PositiveIntegerField(default=0)
    settings = models.JSONField(default=dict)
    classes = models.JSONField(default=list)  # class names in index order, as trained
    prediction_set = models.ForeignKey(PredictionSet, on_delete=models.SET_NULL, null=True, related_name="runs")
    devices = models.PositiveIntegerField(null=True)  # that shared its newest epoch; None: nothing is trained yet
    usage = models.JSONField(null=True)  # of the machine that trains it, seen last: see measurements.usage.MachineUse
    evaluate = models.BooleanField(default=True)  # whether the end of the training starts an evaluation
    evaluation_id = models.BigIntegerField(null=True)  # that evaluation; Curate's, so not a foreign key
    job_id = models.BigIntegerField(null=True, db_index=True)
    experiment = models.ForeignKey(Experiment, on_delete=models.SET_NULL, null=True, related_name="runs")
    arm = models.CharField(max_length=9, choices=Arm.choices, blank=True, default="", db_default="")
    # Predictions for the parent's validation images where these are others: what it still knows of them.
    memory_set = models.ForeignKey(PredictionSet, on_delete=models.SET_NULL, null=True, related_name="remembering_runs")
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    # Set by the selectors of runs, where a page shows them:
    progress: "RunProgress"
    ancestors: list[dict[str, Any]]
    class_mapping: ClassMapping
    images_per_epoch: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "name"], name="run_name_once"),
            models.UniqueConstraint(
                fields=["experiment", "arm", "seed"],
                condition=models.Q(experiment__isnull=False),
                name="run_once_per_arm_and_seed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RunEpoch(models.Model):
    """One epoch's losses and figures. Written once; a resumed run writes an epoch again over the old row."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="epochs")
    epoch = models.PositiveIntegerField()  # from 1
    metrics = models.JSONField()
    seconds = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "epoch"], name="run_epoch_once")]


class Checkpoint(models.Model):
    """Weights on disk, by SHA-256. An uploaded file is converted, never unpickled, before it becomes one of these."""

    class Kind(models.TextChoices):
        BEST = "best"
        LAST = "last"
        UPLOADED = "uploaded"
        BASE = "base"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="checkpoints")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="checkpoints")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    architecture = models.CharField(max_length=60)
    classes = models.JSONField(default=list)
    imgsz = models.PositiveIntegerField(default=0)  # pixels it was trained at; 0 where nobody knows
    parameters = models.BigIntegerField(default=0)
    location = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    epoch = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=models.Q(kind="base"), name="base_checkpoint_once"),
            models.UniqueConstraint(
                fields=["run", "kind"], condition=models.Q(run__isnull=False), name="checkpoint_once_per_run"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExportedForm(models.Model):
    """A checkpoint in another form, for another runtime, and how it differs from the checkpoint on labelled images.

    Asked for, it is a row whose job is under way; finished, it has a file and a verdict, which stay. Where the job
    failed or was cancelled, asking again gives the row another one.
    """

    class Form(models.TextChoices):
        ONNX = "onnx"
        OPENVINO = "openvino"
        TORCHSCRIPT = "torchscript"
        TENSORRT = "tensorrt"

    class Precision(models.TextChoices):
        F32 = "f32"
        BF16 = "bf16"

    class Verdict(models.TextChoices):
        PASSED = "passed"  # may be served
        WORSE = "worse"  # may have lost more than is allowed: not for serving
        UNCHECKED = "unchecked"  # there were no labelled images to check it on: not for serving

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="forms")
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.CASCADE, related_name="forms")
    form = models.CharField(max_length=12, choices=Form.choices)
    precision = models.CharField(max_length=4, choices=Precision.choices, default=Precision.F32)
    imgsz = models.PositiveIntegerField()  # pixels
    manifest = models.ForeignKey(Manifest, on_delete=models.SET_NULL, null=True, related_name="+")  # checked on
    allowed_drop = models.FloatField()  # of mAP, 0..1; the interval must lie above minus this
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    location = models.CharField(max_length=300, blank=True)  # a zip
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    facts = models.JSONField(null=True)  # what the file says of itself
    differences = models.JSONField(null=True)
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    state: str  # its job's; set by the selectors of forms, where a page shows it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "checkpoint", "form", "precision", "imgsz"], name="exported_form_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint.name} · {self.form} {self.precision} {self.imgsz} px"

    @property
    def may_be_served(self) -> bool:
        """Made, checked, and not worse than allowed."""
        return self.verdict == self.Verdict.PASSED
