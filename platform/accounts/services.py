"""What is done to people, projects, members and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts import access, audit, leaving, sessions
from accounts.models import EVERY_ROOT, PREDICT, ApiToken, Invitation, Member, Project, Role, User
from accounts.problems import BadInput, Conflict

TOKEN_DAYS = 90


@dataclass(frozen=True)
class NewToken:
    """A token row and the token itself, which is shown this once."""

    row: ApiToken
    token: str


def free_slug(name: str) -> str:
    """A slug for the name that no project has yet."""
    stem = slugify(name) or "project"
    taken = set(Project.objects.filter(slug__startswith=stem[:110]).values_list("slug", flat=True))
    candidates = [stem[:110], *(f"{stem[:110]}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def create_project(*, name: str, by: User) -> Project:
    """A new project, owned by who made it. An administrator's may import from every configured root."""
    access.check_person(by)
    roots = [EVERY_ROOT] if by.is_superuser else []
    project = Project.objects.create(name=name, slug=free_slug(name), import_roots=roots)
    Member.objects.create(project=project, user=by, role=Role.OWNER)
    audit.record(by=by, action="project.create", target=name, project=project)
    return project


@transaction.atomic
def rename_project(*, project: Project, name: str, by: User) -> Project:
    """Owners only."""
    access.check(by, project.pk, Role.OWNER)
    project.name = name
    project.save(update_fields=["name"])
    audit.record(by=by, action="project.rename", target=name, project=project)
    return project


@transaction.atomic
def grant_roots(*, project: Project, roots: Sequence[str], by: User) -> Project:
    """Say which import roots the project may import from; EVERY_ROOT stands for all. Administrators only."""
    access.check_administrator(by)
    project.import_roots = list(dict.fromkeys(roots))
    project.save(update_fields=["import_roots"])
    data = {"roots": project.import_roots}
    audit.record(by=by, action="project.grant_roots", target=project.name, project=project, data=data)
    return project


@transaction.atomic
def change_role(*, member: Member, role: Role, by: User) -> Member:
    """Owners only. Raises Conflict where it would leave the project without an owner."""
    access.check(by, member.project_id, Role.OWNER)
    if role != Role.OWNER:
        keep_an_owner(member)
        withdraw_invitations_of(member)
    audit.record(
        by=by,
        action="member.change_role",
        target=member.user.email,
        project=member.project_id,
        data={"from": member.role, "to": role},
    )
    member.role = role
    member.save(update_fields=["role"])
    leaving.left(member.project_id, member.user_id)
    return member


@transaction.atomic
def remove_member(*, member: Member, by: User) -> None:
    """The person's tokens of the project go too, and the invitations they made.

    Owners only; Conflict where the project would be left without one.
    """
    access.check(by, member.project_id, Role.OWNER)
    keep_an_owner(member)
    ApiToken.objects.filter(user=member.user, project=member.project).delete()
    withdraw_invitations_of(member)
    audit.record(by=by, action="member.remove", target=member.user.email, project=member.project_id)
    member.delete()
    leaving.left(member.project_id, member.user_id)


def withdraw_invitations_of(member: Member) -> None:
    """Those that the member made and nobody has taken up; invitations.invitation_of lets none of them in any more."""
    Invitation.objects.filter(project=member.project_id, invited_by=member.user_id, accepted_at=None).delete()


def keep_an_owner(member: Member) -> None:
    owners = Member.objects.select_for_update().filter(project=member.project_id, role=Role.OWNER)
    if [owner.pk for owner in owners] == [member.pk]:
        raise Conflict("A project needs an owner. Make somebody else an owner first.")


@transaction.atomic
def create_token(
    *, name: str, project: Project | None, role: str | None, by: User, days: int | None = TOKEN_DAYS
) -> NewToken:
    """A script's key, no stronger than its maker. Without a project (administrators only) it reaches everything.

    It ends after `days` (None: never), and when its maker's password changes.
    """
    access.check_person(by)
    _check_password_stands(by)
    _check_can_make(by, project, role)
    digest, token = get_digest_token()
    row = ApiToken.objects.create(
        user=by,
        digest=digest,
        token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],  # what knox looks the token up by
        name=name,
        project=project,
        role=role or "",
        expiry=timezone.now() + timedelta(days=days) if days is not None else None,
    )
    data = {"role": role or "", "days": days}
    audit.record(by=by, action="token.create", target=name, project=project, data=data)
    return NewToken(row, token)


def _check_password_stands(by: User) -> None:
    """Raise where the password has changed since the caller was let in: the token would outlive that change.

    It cannot change before the transaction ends; one that is changed then ends the new token too.
    """
    row = User.objects.select_for_update(no_key=True).filter(pk=by.pk)
    if row.values_list("password", flat=True).get() != by.password:
        raise PermissionDenied("The password has just been changed. Sign in again.")


def _check_can_make(by: User, project: Project | None, role: str | None) -> None:
    """Raise where the token would be stronger than its maker."""
    if project is None:
        if not by.is_superuser:
            raise PermissionDenied("Only an administrator's token may reach every project. Name a project.")
        return
    needed = Role.MANAGER if role == PREDICT else Role(role or Role.VIEWER)
    access.check(by, project.pk, needed)


@transaction.atomic
def delete_token(*, token: ApiToken, by: User) -> None:
    """Take back a token of one's own or, as owner, any of the project's. Raises Http404 for any other."""
    access.check_person(by)
    access.check_token(by, token)
    audit.record(by=by, action="token.delete", target=token.name, project=token.project_id)
    token.delete()


@transaction.atomic
def change_me(*, by: User, **fields: str) -> User:
    """Set one's own name, language or theme."""
    access.check_person(by)
    for name, value in fields.items():
        setattr(by, name, value)
    by.save(update_fields=list(fields))
    audit.record(by=by, action="person.change", target=by.email, project=None, data={"fields": sorted(fields)})
    return by


def check_password_for(user: User, new: str) -> None:
    """Raise BadInput, at the field `new`, where the password is too weak for that person."""
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise BadInput(error.messages[0], errors={"new": error.messages}) from error


def change_password(*, by: User, current: str, new: str) -> None:
    """Set one's own; one's tokens end. Raises BadInput, by field, where one of the two passwords will not do."""
    access.check_person(by)
    if not by.check_password(current):
        audit.record(by=by, action="person.change_password.refused", target=by.email, project=None)
        raise BadInput("That is not the present password.", errors={"current": ["That is not the present password."]})
    check_password_for(by, new)
    with transaction.atomic():
        by.set_password(new)
        by.save(update_fields=["password"])
        data = {"tokens_ended": sessions.end_tokens(by)}
        audit.record(by=by, action="person.change_password", target=by.email, project=None, data=data)
