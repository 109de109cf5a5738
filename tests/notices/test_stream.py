"""A notice arrives by the stream of events that every page has open; only its person's."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Role
from jobs import services as jobs
from jobs.news import hub
from notices.services import NewNotice, tell
from tests.factories import make_cast
from tests.jobs.streams import by_session, by_token, watching

pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


@pytest.fixture(autouse=True)
def _streams_end() -> Iterator[None]:
    yield
    hub.HUB.stop()


def test_it_works(live_server: Any) -> None:
    cast = make_cast(bob=Role.LABELLER)
    with (
        watching(live_server.url, by_session(cast.bob)) as mine,
        watching(live_server.url, by_token(cast.bob, cast.project)) as script,
        watching(live_server.url, by_session(cast.alice)) as hers,
    ):
        tell(NewNotice(cast.project, "batch_done", {"batch": "B"}), [cast.bob.pk])
        assert mine.next() == {"notices": {"unread": 1}}
        jobs.enqueue(kind="nothing", project=cast.project, author=cast.alice, params={}, title="Next")
        assert "job" in (script.next() or {})  # and nothing before it
        assert "job" in (hers.next() or {})
