"""Datasets, classes, slices and revisions, to look up. What would break an invariant cannot be edited here."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from accounts.admin_audit import AuditedAdmin
from dataset.models import Dataset, LabelClass, PredictionSet, Revision, Slice


class LookOnly(ModelAdmin):
    """Rows that services alone may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class ClassInline(TabularInline):
    model = LabelClass
    extra = 0
    fields = ("index", "name", "colour", "hotkey")
    readonly_fields = ("index",)

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Dataset)
class DatasetAdmin(AuditedAdmin, ModelAdmin):
    list_display = ("name", "project", "image_count", "annotation_count", "head_revision", "created_at")
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("name", "project__name")
    fields = ("project", "name", "description", "image_count", "annotation_count", "head_revision", "created_at")
    readonly_fields = ("project", "image_count", "annotation_count", "head_revision", "created_at")
    inlines = (ClassInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(LabelClass)
class LabelClassAdmin(AuditedAdmin, ModelAdmin):
    """Names, colours and hotkeys. The index is a class's identity in exports and checkpoints and stays."""

    list_display = ("name", "dataset", "index", "colour", "hotkey")
    list_filter = ("dataset",)
    list_select_related = ("dataset",)
    search_fields = ("name", "dataset__name")
    fields = ("dataset", "index", "name", "colour", "hotkey")
    readonly_fields = ("dataset", "index")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Revision)
class RevisionAdmin(LookOnly):
    list_display = ("dataset", "number", "kind", "message", "author", "created_at")
    list_filter = ("kind", "dataset")
    list_select_related = ("dataset", "author")
    search_fields = ("message", "dataset__name")


@admin.register(Slice)
class SliceAdmin(LookOnly):
    list_display = ("name", "dataset", "image_count", "created_by", "created_at")
    list_filter = ("dataset",)
    list_select_related = ("dataset", "created_by")
    search_fields = ("name", "dataset__name")


@admin.register(PredictionSet)
class PredictionSetAdmin(LookOnly):
    list_display = ("name", "dataset", "kind", "box_count", "created_at")
    list_filter = ("kind", "dataset")
    list_select_related = ("dataset",)
    search_fields = ("name", "dataset__name")
