"""Who may do what. Outside a project, everything in it is 404; inside, too weak a role is 403.

Everything here takes the user; a token's scope hangs on it (`User.token`), so a script is held to it wherever it calls.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.asked import Question, note
from accounts.models import PREDICT, ROLE_RANK, ApiToken, Project, Role, User

Row = TypeVar("Row", bound=Model)
MEMBER_ROLE = "SELECT role FROM accounts_member WHERE user_id = %s AND project_id = %s"
ONLY_PREDICTS = "A token of the role predict has images predicted and sees how far that is; it reads nothing else."


def role_in(user: User, project_id: int | None) -> Role | None:
    """The user's role in the project, lowered to the token's where a script calls; None outside it."""
    return None if project_id is None else held_down(user, project_id, member_role(user.pk, project_id))


def member_role(user_id: int | None, project_id: int) -> str | None:
    """What stands in the table. Every request asks this, most of them twice: composing it would cost more than it."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBER_ROLE, [user_id, project_id])
        row = cursor.fetchone()
    return row[0] if row else None


def held_down(user: User, project_id: int, own: str | None) -> Role | None:
    """A user's own role in a project as it counts: an administrator's is owner, a script's at most its token's."""
    role = Role.OWNER if user.is_superuser else Role(own) if own else None
    token = user.token
    if token is None or role is None:
        return role
    if token.project_id not in (None, project_id):
        return None
    if not token.role:
        return role
    most = Role.VIEWER if token.role == PREDICT else Role(token.role)
    return min(role, most, key=ROLE_RANK.__getitem__)


def check(user: User, project_id: int | None, at_least: Role = Role.VIEWER) -> Role:
    """The user's role in the project. Raises Http404 outside it, PermissionDenied where the role is too weak."""
    role = role_in(user, project_id)
    if role is None:
        raise Http404
    if ROLE_RANK[role] < ROLE_RANK[at_least]:
        raise PermissionDenied(f"This needs the role {at_least.value} in the project; yours is {role.value}.")
    if only_predicts(user):
        raise PermissionDenied(ONLY_PREDICTS)
    note("role", project_id or 0, at_least)
    return role


def only_predicts(user: User) -> bool:
    """Whether a script calls whose token has images predicted and is good for nothing else."""
    return user.token is not None and user.token.role == PREDICT


def check_may_predict(user: User, project_id: int) -> None:
    """Predicting is for managers, and for a manager's script whose token is held to just that."""
    if not only_predicts(user):
        check(user, project_id, Role.MANAGER)
        return
    if role_in(user, project_id) is None:  # the project is not in the token's scope
        raise Http404
    own = own_role(user, project_id)
    if own is None or ROLE_RANK[own] < ROLE_RANK[Role.MANAGER]:
        raise PermissionDenied("This needs the role manager in the project, which the token's maker has no longer.")
    note("predict", project_id)


def check_may_ask_endpoint(user: User, project_id: int) -> None:
    """Asking an endpoint is for labellers and above, and for a manager's script whose token is held to predicting."""
    if only_predicts(user):
        check_may_predict(user, project_id)
    else:
        check(user, project_id, Role.LABELLER)


def own_role(user: User, project_id: int) -> Role | None:
    """The person's role, whatever token they come with."""
    if user.is_superuser:
        return Role.OWNER
    role = member_role(user.pk, project_id)
    return Role(role) if role else None


def project_for(user: User, project_id: int, at_least: Role = Role.VIEWER) -> Project:
    """The project, if the user may; 404 or 403 otherwise."""
    check(user, project_id, at_least)
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        raise Http404
    return project


def one_of(
    user: User, rows: QuerySet[Row], row_id: int, *, through: str = "project_id", at_least: Role = Role.VIEWER
) -> Row:
    """The row of that id, if the user may see its project; 404 or 403 otherwise.

    `through` is the attribute path to its project's id: one_of(user, Batch.objects.select_related("dataset"), 3,
    through="dataset.project_id").
    """
    row = next(iter(rows.filter(pk=row_id).order_by()[:1]), None)
    if row is None:
        raise Http404
    check(user, attrgetter(through)(row), at_least)
    return row


def one_to_predict(user: User, rows: QuerySet[Row], row_id: int) -> Row:
    """The row of that id (a dataset, a checkpoint), if the user may predict in its project; everybody's has none."""
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Http404
    project_id: int | None = attrgetter("project_id")(row)
    if project_id is not None:
        check_may_predict(user, project_id)
    return row


def visible_projects(user: User) -> QuerySet[Project]:
    """The projects that exist for this user (and token)."""
    if only_predicts(user):
        raise PermissionDenied(ONLY_PREDICTS)
    projects = Project.objects.all()
    if user.token is not None and user.token.project_id is not None:
        projects = projects.filter(pk=user.token.project_id)
    return projects if user.is_superuser else projects.filter(members__user=user)


def check_person(user: User) -> None:
    """Raise PermissionDenied for a script whose token is held to a project or a role: accounts are in no such scope."""
    if user.token is not None and (user.token.project_id is not None or user.token.role):
        raise PermissionDenied("A token that is held to a project or a role cannot do this. Sign in instead.")
    note("person")


def is_administrator(user: User) -> bool:
    """Whether it is one, in person or with a token that is held to nothing."""
    return user.is_superuser and (user.token is None or not (user.token.project_id or user.token.role))


def check_administrator(user: User) -> None:
    """Raise PermissionDenied for all but administrators."""
    if not is_administrator(user):
        raise PermissionDenied("This is for administrators.")
    note("administrator")


def check_token(user: User, token: ApiToken) -> None:
    """Raise Http404 unless the user may take the token back: it is their own, or of a project that they own."""
    if token.user_id != user.pk and role_in(user, token.project_id) != Role.OWNER:
        raise Http404


def check_again(user: User, asked: Iterable[Question]) -> None:
    """Raise what the checks that were passed once (accounts.asked) would raise today."""
    for what, project_id, role in asked:
        if what == "role":
            check(user, project_id, Role(role))
        elif what == "predict":
            check_may_predict(user, project_id)
        else:
            {"person": check_person, "administrator": check_administrator}[what](user)
