"""Gates and endpoints: rules, what came of them, what is deployed, and how it is asked."""

from typing import Any

from django.conf import settings as django_settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Project
from dataset.models import Dataset, Manifest, PredictionSet, Slice


class GateRules(models.Model):
    """Rules that a candidate must keep, and the scenarios (named images) that they speak of; see docs/gate.md."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="gates")
    name = models.CharField(max_length=120)
    document = models.JSONField()  # {"rules": […], "scenarios": {…}}, checked by science.evaluation.gate_rules
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="gate_rules_name_once")]

    def __str__(self) -> str:
        return self.name


class GateResult(models.Model):
    """A candidate judged by rules against an incumbent, on frozen images and labels. Its state is its job's."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="gate_results")
    rules = models.ForeignKey(GateRules, on_delete=models.SET_NULL, null=True, related_name="results")
    document = models.JSONField()  # the rules as they were
    scenario_images = models.JSONField(default=dict)  # the ids of each scenario's images, as they were
    candidate = models.ForeignKey("model.Checkpoint", on_delete=models.CASCADE, related_name="gates_as_candidate")
    incumbent = models.ForeignKey("model.Checkpoint", on_delete=models.CASCADE, related_name="gates_as_incumbent")
    manifest = models.ForeignKey(Manifest, on_delete=models.RESTRICT, related_name="gate_results")
    revision = models.PositiveIntegerField()
    candidate_set = models.ForeignKey(PredictionSet, on_delete=models.SET_NULL, null=True, related_name="+")
    incumbent_set = models.ForeignKey(PredictionSet, on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=9, blank=True, default="")  # GateVerdict's; none until it is judged
    verdicts = models.JSONField(null=True)  # each rule's difference, interval and verdict
    leaked = models.PositiveIntegerField(default=0)  # images that the candidate was trained on
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.candidate} against {self.incumbent}"


class Endpoint(models.Model):
    """A name under which a checkpoint answers. `current` is what is deployed; none until the first form is there."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="endpoints")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="endpoints")
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=500, blank=True, default="")
    gate = models.ForeignKey(GateRules, on_delete=models.RESTRICT, null=True, related_name="endpoints")
    validation_slice = models.ForeignKey(Slice, on_delete=models.RESTRICT, related_name="endpoints")
    current = models.ForeignKey("model.Deployment", on_delete=models.SET_NULL, null=True, related_name="+")
    conf = models.FloatField(default=0.25)  # boxes scored below are left out, unless a call says otherwise
    iou = models.FloatField(default=0.7)  # of two boxes of a class that overlap more, the lower scored one goes
    stopped = models.BooleanField(default=False)  # by hand: it answers nothing
    idle_minutes = models.PositiveIntegerField(default=10)  # after which its process ends; 0: never
    hours = models.JSONField(default=dict)  # {"from", "to", "zone"}: when it is up; empty: always
    sample_share = models.FloatField(default=0.0)  # of the pictures asked for that are kept; 0: none
    sample_pictures = models.PositiveIntegerField(default=1000)  # at most so many
    sample_bytes = models.BigIntegerField(default=1 << 30)  # and at most so many bytes
    sample_dataset = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, related_name="sampled_from")
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="endpoint_name_once")]

    def __str__(self) -> str:
        return self.name


class Deployment(models.Model):
    """One version of an endpoint, in the order in which they answered. Only ever added.

    A roll-back is a version of its own that has the form of an earlier one.
    """

    class Kind(models.TextChoices):
        FIRST = "first"
        PROMOTED = "promoted"
        ROLLED_BACK = "rolled_back"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deployments")
    version = models.PositiveIntegerField()  # from 1
    kind = models.CharField(max_length=11, choices=Kind.choices)
    checkpoint = models.ForeignKey("model.Checkpoint", on_delete=models.RESTRICT, related_name="deployments")
    gate_result = models.ForeignKey(GateResult, on_delete=models.SET_NULL, null=True, related_name="deployments")
    back_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="")  # why it was promoted in spite of the gate
    form = models.ForeignKey(  # what answers: it has passed its check
        "model.ExportedForm", on_delete=models.RESTRICT, null=True, related_name="deployments"
    )
    expected: Any = models.JSONField(null=True)  # what it sees on the validation slice: classes, scores; for the drift
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deployed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "version"], name="deployment_version_once")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.version}"


class EndpointMinute(models.Model):
    """How a version was asked within one minute, in counts that can be added up."""

    id = models.BigAutoField(primary_key=True)
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()
    requests = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)  # the caller's fault: no picture
    failed = models.PositiveIntegerField(default=0)  # ours: 503
    images = models.PositiveIntegerField(default=0)
    latencies = ArrayField(models.PositiveIntegerField())  # of answered requests, by science.serving's steps
    scores = ArrayField(models.PositiveIntegerField())  # of boxes at the endpoint's own confidence, in twentieths
    classes = ArrayField(models.PositiveIntegerField())  # of these boxes, by the checkpoint's class

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deployment", "minute"], name="endpoint_minute_once")]


class KeptPicture(models.Model):
    """A picture that somebody asked an endpoint about and that was kept."""

    id = models.BigAutoField(primary_key=True)
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="kept")
    sha256 = models.CharField(max_length=64)
    location = models.CharField(max_length=300)
    size = models.BigIntegerField()
    brought_at = models.DateTimeField(null=True)  # when it was asked into the dataset
    at = models.DateTimeField(auto_now_add=True)
