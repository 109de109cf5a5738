"""What is written in the administration leaves a line in the audit trail, as what is written by the API does."""

import json
from typing import Any

from django.contrib.admin import ModelAdmin as DjangoModelAdmin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts import audit
from accounts.models import Project, User


class AuditedAdmin(DjangoModelAdmin):
    """Django tells these three of every change, also of one in a table of a row's page."""

    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> LogEntry:
        self.note(request, "add", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> LogEntry:
        self.note(request, "change", obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> list[LogEntry]:
        for obj in queryset:
            self.note(request, "delete", obj, [])
        return super().log_deletions(request, queryset)

    def note(self, request: HttpRequest, verb: str, obj: Model, message: object) -> None:
        changes = message if isinstance(message, list) else str(message)
        data = {"changes": json.loads(json.dumps(changes, default=str)), **self.facts(obj)}
        action = f"admin.{obj._meta.model_name}.{verb}"
        by = request.user if isinstance(request.user, User) else None
        audit.record(by=by, action=action, target=obj, project=project_of(obj), data=data)

    def facts(self, obj: Model) -> dict[str, Any]:
        """What the line says of the row as it is now."""
        return {}


def project_of(obj: Model) -> int | None:
    """The project whose trail the line belongs to, where there is one."""
    if isinstance(obj, Project):
        return obj.pk
    dataset = getattr(obj, "dataset", None)
    return getattr(obj, "project_id", None) or getattr(dataset, "project_id", None)
