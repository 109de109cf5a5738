"""Reads of projects, members, tokens and the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404

from accounts import access
from accounts.models import ROLE_RANK, ApiToken, AuditLine, Invitation, Member, Project, Role, User
from accounts.natural_names import by_name


@dataclass(frozen=True)
class DescribedProject:
    """A project as one user sees it."""

    id: int
    name: str
    slug: str
    created_at: datetime
    datasets: int
    role: Role | None


def projects_of(user: User) -> list[DescribedProject]:
    """The user's projects, by name."""
    rows = access.visible_projects(user).annotate(total=Count("datasets", distinct=True)).order_by(by_name(), "pk")
    own = dict(Member.objects.filter(user=user).values_list("project_id", "role"))
    return [as_seen(row, row.total, access.held_down(user, row.pk, own.get(row.pk))) for row in rows]


def described_project(project: Project, user: User) -> DescribedProject:
    return as_seen(project, project.datasets.count(), access.role_in(user, project.pk))


def as_seen(project: Project, datasets: int, role: Role | None) -> DescribedProject:
    return DescribedProject(project.pk, project.name, project.slug, project.created_at, datasets, role)


def members() -> QuerySet[Member]:
    return Member.objects.select_related("user", "project")


def members_of(project: Project) -> list[Member]:
    """Strongest role first, then by e-mail."""
    rows = members().filter(project=project)
    return sorted(rows, key=lambda member: (-ROLE_RANK[Role(member.role)], member.user.email))


def configured_roots() -> list[str]:
    """Server folders and S3 prefixes that can be granted to projects, as they are configured."""
    return [*map(str, settings.IMPORT_ROOTS), *settings.IMPORT_PREFIXES]


def invitations() -> QuerySet[Invitation]:
    """Those that nobody has taken up; ended ones too, until they are withdrawn."""
    return Invitation.objects.filter(accepted_at=None).select_related("project", "invited_by").order_by("email")


def audit_of(project: Project) -> QuerySet[AuditLine]:
    return AuditLine.objects.filter(project=project).select_related("actor")


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user).order_by("-id")


def token_for(user: User, token_id: int) -> ApiToken:
    """A token that the user may take back: one of their own, or of a project that they own. Raises Http404."""
    token = ApiToken.objects.filter(pk=token_id).first()
    if token is None:
        raise Http404
    access.check_token(user, token)
    return token
