"""The audit trail: every write of a service leaves a line here, in the same transaction."""

from typing import Any

from accounts.models import AuditLine, Project, User
from accounts.values import mended, mended_text


def record(
    *, by: User | None, action: str, target: object, project: Project | int | None, data: dict[str, Any] | None = None
) -> AuditLine:
    """Note that `by` (None: the platform itself) did `action` ("slice.create") to `target` (its name)."""
    project_id = project.pk if isinstance(project, Project) else project
    return AuditLine.objects.create(
        project_id=project_id, actor=by, action=action, target=mended_text(str(target))[:200], data=mended(data or {})
    )
