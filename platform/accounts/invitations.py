"""Invitations: how a person comes into a project. Only who has the secret of the link can take one up.

An owner never makes an account for somebody else: an account belongs to the installation, and its password is chosen
by whom it is for. Whether an address has an account already changes nothing in what an owner is answered.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts import access, audit, services
from accounts.models import Invitation, Member, Project, Role, User
from accounts.problems import Conflict

DAYS = 14
HAS_ACCOUNT = "There is an account for this address already. Log in with it, and open the link again."


@dataclass(frozen=True)
class NewInvitation:
    """An invitation's row and the secret of its link, which is shown this once."""

    row: Invitation
    secret: str


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(*, project: Project, email: str, role: Role, by: User) -> NewInvitation:
    """Offer a role to whoever the address belongs to. Owners only.

    An open invitation to the same address is replaced, and its link with it. Raises Conflict for a member.
    """
    access.check(by, project.pk, Role.OWNER)
    email = email.strip().lower()
    if Member.objects.filter(project=project, user__email=email).exists():
        raise Conflict(f"{email} is a member already.")
    Invitation.objects.filter(project=project, email=email, accepted_at=None).delete()
    secret = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        project=project,
        email=email,
        role=role,
        digest=digest_of(secret),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    audit.record(by=by, action="invitation.create", target=email, project=project, data={"role": role})
    return NewInvitation(row, secret)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """The link leads nowhere from now on. Owners only."""
    access.check(by, invitation.project_id, Role.OWNER)
    audit.record(by=by, action="invitation.withdraw", target=invitation.email, project=invitation.project_id)
    invitation.delete()


def invitation_of(secret: str, *, lock: bool = False) -> Invitation:
    """The open invitation with that secret. Raises Http404 where it was taken up, withdrawn, or has ended.

    It ends also with its inviter's right to invite: an owner who was taken out must not come back by a link of theirs.
    """
    rows = Invitation.objects.select_related("project", "invited_by")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    row = rows.filter(digest=digest_of(secret)).first()
    if row is None or not row.is_open or not may_still_invite(row):
        raise Http404
    return row


def may_still_invite(row: Invitation) -> bool:
    by = row.invited_by
    return by is not None and by.is_active and access.own_role(by, row.project_id) == Role.OWNER


@transaction.atomic
def take_up(*, secret: str, by: User) -> Member:
    """Become a member by the link, with the account that one has. Raises Conflict where the link is for another."""
    access.check_person(by)
    row = invitation_of(secret, lock=True)
    if row.email != by.email:
        raise Conflict(f"This invitation is for {row.email}; you are logged in as {by.email}. Log out first.")
    return become_member(row, by)


@transaction.atomic
def take_up_with_new_account(*, secret: str, name: str, password: str) -> User:
    """Make the account that the link is for, with a password that only its person knows, and become a member."""
    row = invitation_of(secret, lock=True)
    if User.objects.filter(email=row.email).exists():
        raise Conflict(HAS_ACCOUNT)
    user = User(email=row.email, name=name)
    services.check_password_for(user, password)
    user.set_password(password)
    user.save()
    audit.record(by=user, action="person.create", target=user.email, project=None, data={"invitation": row.pk})
    become_member(row, user)
    return user


def become_member(row: Invitation, user: User) -> Member:
    member, made = Member.objects.get_or_create(project=row.project, user=user, defaults={"role": row.role})
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    data = {"role": member.role, "invited_by": row.invited_by_id, "member_before": not made}
    audit.record(by=user, action="invitation.take_up", target=row.email, project=row.project, data=data)
    return member
