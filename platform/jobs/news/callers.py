"""Who watches, and what of: looked up anew as if they called again, since a stream outlives a membership."""

import io
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from accounts import access
from accounts.models import Project, User

CALLED_WITH = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR")


@dataclass(frozen=True)
class Visible:
    """The projects that exist for a caller, and the newest project that there was when that was looked up."""

    projects: frozenset[int]
    newest: int
    at: float  # time.monotonic()

    def covers(self, project: int) -> bool:
        """Whether it can tell about a project: a younger one may be the caller's or not."""
        return project <= self.newest


class Caller:
    """A session or a token; all streams of one are looked after together."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.key = tuple(request.META.get(name, "") for name in CALLED_WITH[:2])
        self.user_id = user.pk
        # Who calls for themselves; a token that is held to a project or a role hears nothing of its person's own.
        self.person = None if user.token and (user.token.project_id or user.token.role) else user.pk
        self._with = {name: request.META[name] for name in CALLED_WITH if name in request.META}
        self.visible = visible_to(user)

    def seeing_also(self, same: "Caller") -> "Caller":
        """This one, told of what was seen when it called anew; what it no longer sees is found when it is looked up."""
        self.visible = replace(self.visible, projects=self.visible.projects | same.visible.projects)
        return self

    def look_again(self) -> bool:
        """Whether everything that could be seen still can; sees what is new."""
        user, before = self._who(), self.visible.projects
        if user is None or user.pk != self.user_id:
            return False
        self.visible = visible_to(user)
        return before <= self.visible.projects

    def _who(self) -> User | None:
        """Whom the session or token stands for now, by the same way as every call."""
        again = WSGIRequest({**self._with, "REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": io.BytesIO()})
        for part in (SessionMiddleware, AuthenticationMiddleware):
            part(lambda _: HttpResponse()).process_request(again)
        try:
            found = APIView().initialize_request(again).user
        except APIException:
            return None
        return found if isinstance(found, User) else None


def visible_to(user: User) -> Visible:
    newest = Project.objects.aggregate(newest=Max("pk"))["newest"] or 0
    visible = access.visible_projects(user).values_list("pk", flat=True)
    return Visible(frozenset(visible), newest, time.monotonic())


def concerned(callers: Iterable[Caller], projects: Iterable[int]) -> list[Caller]:
    """Those who may see one of the projects, and were looked up when it was not there yet."""
    unsure = [(one, {pk for pk in projects if not one.visible.covers(pk)}) for one in callers]
    new = set[int]().union(*(missing for _, missing in unsure))
    if not new:
        return []
    people = User.objects.filter(Q(is_superuser=True) | Q(memberships__project__in=new)).values_list("pk", flat=True)
    may = set(people)
    return [one for one, missing in unsure if missing and one.user_id in may]
