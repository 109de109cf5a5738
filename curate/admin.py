"""Evaluations, comparisons and auto-curate runs, to look up."""

from django.contrib import admin

from curate.models import AutoCurate, Comparison, Evaluation, Suggestion
from dataset.admin import LookOnly


@admin.register(AutoCurate)
class AutoCurateAdmin(LookOnly):
    list_display = ("id", "kind", "dataset", "created_by", "created_at", "finished_at")
    list_filter = ("kind", "dataset")
    list_select_related = ("dataset", "created_by")
    search_fields = ("dataset__name",)


@admin.register(Suggestion)
class SuggestionAdmin(LookOnly):
    list_display = ("id", "kind", "score", "verdict", "image", "auto_curate", "decided_by")
    list_filter = ("kind", "verdict")
    list_select_related = ("image", "auto_curate", "decided_by")
    search_fields = ("image__key",)
    show_full_result_count = False


@admin.register(Evaluation)
class EvaluationAdmin(LookOnly):
    list_display = ("id", "prediction_set", "dataset", "revision", "iou", "conf", "created_at", "finished_at")
    list_filter = ("dataset",)
    list_select_related = ("prediction_set", "dataset")
    search_fields = ("prediction_set__name", "dataset__name")


@admin.register(Comparison)
class ComparisonAdmin(LookOnly):
    list_display = ("id", "dataset", "a_id", "b_id", "created_by", "created_at", "finished_at")
    list_filter = ("dataset",)
    list_select_related = ("dataset", "created_by")
