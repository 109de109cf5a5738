"""Runs and checkpoints in the administrator's console; to look at, since their services keep them consistent."""

from django.contrib import admin

from dataset.admin import LookOnly
from model.models import Checkpoint, Deployment, Endpoint, Experiment, ExportedForm, GateResult, Run


@admin.register(Run)
class RunAdmin(LookOnly):
    list_display = (
        "name",
        "dataset",
        "baseline",
        "weights",
        "revision",
        "seed",
        "created_by",
        "created_at",
        "finished_at",
    )
    list_filter = ("baseline", "weights")
    list_select_related = ("dataset", "created_by")
    search_fields = ("name", "dataset__name")


@admin.register(Checkpoint)
class CheckpointAdmin(LookOnly):
    list_display = ("name", "project", "kind", "architecture", "imgsz", "size", "created_by", "created_at")
    list_filter = ("kind", "architecture")
    list_select_related = ("project", "created_by")
    search_fields = ("name", "sha256")


@admin.register(Experiment)
class ExperimentAdmin(LookOnly):
    list_display = ("name", "dataset", "control", "match", "early_stop", "created_by", "created_at")
    list_select_related = ("dataset", "created_by")
    search_fields = ("name", "dataset__name")


@admin.register(Endpoint)
class EndpointAdmin(LookOnly):
    list_display = ("name", "project", "dataset", "gate", "conf", "stopped", "created_by", "created_at")
    list_filter = ("stopped",)
    list_select_related = ("project", "dataset", "gate", "created_by")
    search_fields = ("name", "dataset__name")


@admin.register(Deployment)
class DeploymentAdmin(LookOnly):
    list_display = ("endpoint", "version", "kind", "checkpoint", "reason", "created_by", "deployed_at")
    list_filter = ("kind",)
    list_select_related = ("endpoint", "checkpoint", "created_by")
    search_fields = ("endpoint__name", "checkpoint__name")


@admin.register(GateResult)
class GateResultAdmin(LookOnly):
    list_display = ("candidate", "incumbent", "dataset", "verdict", "leaked", "created_by", "finished_at")
    list_filter = ("verdict",)
    list_select_related = ("candidate", "incumbent", "dataset", "created_by")
    search_fields = ("candidate__name", "incumbent__name")


@admin.register(ExportedForm)
class ExportedFormAdmin(LookOnly):
    list_display = (
        "checkpoint",
        "project",
        "form",
        "precision",
        "imgsz",
        "verdict",
        "size",
        "created_by",
        "created_at",
    )
    list_filter = ("form", "precision", "verdict")
    list_select_related = ("checkpoint", "project", "created_by")
    search_fields = ("checkpoint__name", "sha256")
