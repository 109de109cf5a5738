"""What is done to people, projects, members and tokens."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts import access, audit
from accounts.models import ApiToken, Member, Project, Role, User
from accounts.problems import BadInput, Conflict


@dataclass(frozen=True)
class NewToken:
    """A token row and the token itself, which is shown this once."""

    row: ApiToken
    token: str


@dataclass(frozen=True)
class NewMember:
    """A member, and the one-time password of a person who was not known before."""

    row: Member
    password: str | None


def free_slug(name: str) -> str:
    """A slug for the name that no project has yet."""
    stem = slugify(name) or "project"
    taken = set(Project.objects.filter(slug__startswith=stem[:110]).values_list("slug", flat=True))
    candidates = [stem[:110], *(f"{stem[:110]}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def create_project(*, name: str, by: User) -> Project:
    """A new project, owned by who made it."""
    access.check_person(by)
    project = Project.objects.create(name=name, slug=free_slug(name))
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
def add_member(*, project: Project, email: str, role: Role, by: User) -> NewMember:
    """Give a person a role in the project. Owners only.

    Who is not known yet gets an account with a one-time password.
    """
    access.check(by, project.pk, Role.OWNER)
    email = email.strip().lower()
    user, password = User.objects.filter(email=email).first(), None
    if user is None:
        password = secrets.token_urlsafe(12)
        user = User.objects.create_user(email, password)
    try:
        with transaction.atomic():
            member = Member.objects.create(project=project, user=user, role=role)
    except IntegrityError as error:
        raise Conflict(f"{user} is a member already.") from error
    audit.record(by=by, action="member.add", target=email, project=project, data={"role": role})
    return NewMember(member, password)


@transaction.atomic
def change_role(*, member: Member, role: Role, by: User) -> Member:
    """Owners only. Raises Conflict where it would leave the project without an owner."""
    access.check(by, member.project_id, Role.OWNER)
    if role != Role.OWNER:
        keep_an_owner(member)
    audit.record(
        by=by,
        action="member.change_role",
        target=member.user.email,
        project=member.project_id,
        data={"from": member.role, "to": role},
    )
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove_member(*, member: Member, by: User) -> None:
    """The person's tokens of the project go too. Owners only; Conflict where the project would be left without one."""
    access.check(by, member.project_id, Role.OWNER)
    keep_an_owner(member)
    ApiToken.objects.filter(user=member.user, project=member.project).delete()
    audit.record(by=by, action="member.remove", target=member.user.email, project=member.project_id)
    member.delete()


def keep_an_owner(member: Member) -> None:
    owners = Member.objects.select_for_update().filter(project=member.project_id, role=Role.OWNER)
    if [owner.pk for owner in owners] == [member.pk]:
        raise Conflict("A project needs an owner. Make somebody else an owner first.")


@transaction.atomic
def create_token(*, name: str, project: Project | None, role: Role | None, by: User) -> NewToken:
    """A script's key, no stronger than its maker. Without a project (administrators only) it reaches everything."""
    access.check_person(by)
    if project is None and not by.is_superuser:
        raise PermissionDenied("Only an administrator's token may reach every project. Name a project.")
    if project is not None:
        access.check(by, project.pk, role or Role.VIEWER)
    digest, token = get_digest_token()
    key = token[: CONSTANTS.TOKEN_KEY_LENGTH]  # what knox looks the token up by
    row = ApiToken.objects.create(user=by, digest=digest, token_key=key, name=name, project=project, role=role or "")
    audit.record(by=by, action="token.create", target=name, project=project, data={"role": role or ""})
    return NewToken(row, token)


@transaction.atomic
def delete_token(*, token: ApiToken, by: User) -> None:
    """Take back a token of one's own or, as owner, any of the project's. Raises Http404 for any other."""
    access.check_person(by)
    access.check_token(by, token)
    audit.record(by=by, action="token.delete", target=token.name, project=token.project_id)
    token.delete()


def change_me(*, by: User, **fields: str) -> User:
    """Set one's own name, language or theme."""
    access.check_person(by)
    for name, value in fields.items():
        setattr(by, name, value)
    by.save(update_fields=list(fields))
    return by


def change_password(*, by: User, current: str, new: str) -> None:
    """Set one's own. Raises BadInput, by field, where the present password is wrong or the new one too weak."""
    access.check_person(by)
    if not by.check_password(current):
        raise BadInput("That is not the present password.", errors={"current": ["That is not the present password."]})
    try:
        validate_password(new, by)
    except ValidationError as error:
        raise BadInput(error.messages[0], errors={"new": error.messages}) from error
    by.set_password(new)
    by.save(update_fields=["password"])
    audit.record(by=by, action="person.change_password", target=by.email, project=None)
