"""Jobs, to watch and to cancel."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.problems import Conflict
from jobs import services
from jobs.models import Job

COLOURS = {"queued": "info", "running": "primary", "succeeded": "success", "failed": "danger", "cancelled": "warning"}


@admin.register(Job)
class JobAdmin(ModelAdmin):
    """Read only but for one action: a job's state is moved by its worker alone."""

    list_display = ("id", "title", "kind", "state_label", "percent", "queue", "worker", "created_by", "created_at")
    list_filter = ("state", "kind", "queue")
    list_select_related = ("created_by",)
    search_fields = ("title", "kind", "error")
    date_hierarchy = "created_at"
    actions = ("cancel_jobs",)

    @display(description="state", ordering="state", label=COLOURS)
    def state_label(self, job: Job) -> str:
        return job.state

    @display(description="progress", ordering="progress")
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0%}"

    @admin.action(description="Cancel the chosen jobs", permissions=["view"])
    def cancel_jobs(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        cancelled = 0
        for job in queryset:
            try:
                services.cancel(job=job, by=request.user)
                cancelled += 1
            except Conflict as conflict:
                messages.warning(request, f"{job.title}: {conflict}")
        if cancelled:
            messages.success(request, f"Asked {cancelled} jobs to stop.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False
