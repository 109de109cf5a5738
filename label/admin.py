"""Batches and tasks in the administrator's console; to look at, since their services keep them consistent."""

from django.contrib import admin

from dataset.admin import LookOnly
from label.models import Batch, Task

Batch._meta.verbose_name_plural = "batches"  # as English has it; Django would add an s


@admin.register(Batch)
class BatchAdmin(LookOnly):
    list_display = ("name", "dataset", "state", "base", "review", "created_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("dataset", "created_by")
    search_fields = ("name", "dataset__name")


@admin.register(Task)
class TaskAdmin(LookOnly):
    list_display = ("image", "batch", "state", "assignee", "changed", "active_seconds", "saved_at")
    list_filter = ("state", "changed")
    list_select_related = ("image", "batch", "assignee")
    search_fields = ("image__key", "batch__name")
    show_full_result_count = False
