"""An endpoint by what stands in an address: its name, or its id."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from accounts.values import LARGEST_ID
from model.models import Endpoint


def endpoints() -> QuerySet[Endpoint]:
    """With all that answering and showing them reads."""
    return Endpoint.objects.select_related(
        "project",
        "dataset",
        "gate",
        "validation_slice__dataset",
        "current__checkpoint",
        "current__form",
        "sample_dataset",
        "created_by",
    )


def endpoint_for(user: User, given: str, at_least: Role = Role.VIEWER) -> Endpoint:
    """The endpoint, if the caller is in its project: 404 outside, 403 for too weak a role."""
    return chosen(user, given, lambda row: access.check(user, row.project_id, at_least))


def endpoint_to_ask(user: User, given: str) -> Endpoint:
    """The endpoint, if the caller may have pictures predicted: labellers and above, and tokens of the role predict."""
    return chosen(user, given, lambda row: access.check_may_ask_endpoint(user, row.project_id))


def chosen(user: User, given: str, check: Callable[[Endpoint], object]) -> Endpoint:
    """The one that the check lets through. Names are unique in a project: BadInput where several projects have it."""
    rows = list(by_address(given).order_by("pk")[:50])
    seen = [row for row in rows if access.role_in(user, row.project_id) is not None]
    if not seen:
        raise Http404
    if len(seen) > 1:
        ids = ", ".join(str(row.pk) for row in seen)
        raise BadInput(f"Endpoints of several projects are called {given}. Say which by its id: {ids}.")
    check(seen[0])
    return seen[0]


def by_address(given: str) -> QuerySet[Endpoint]:
    if given.isascii() and given.isdecimal():
        return endpoints().filter(pk=int(given)) if int(given) <= LARGEST_ID else Endpoint.objects.none()
    return endpoints().filter(name=given)
