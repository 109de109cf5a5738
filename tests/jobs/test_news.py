"""events: what happens to jobs is told as it happens, to those who may see it, for as long as they may."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings

from accounts.models import ApiToken, Member, Role
from jobs import services
from jobs.models import Job
from jobs.news import hub
from jobs.sentences import Sentence
from tests.factories import Cast, assert_charlie_gets_404, browser_of, call, make_cast, make_project, make_user
from tests.jobs.streams import Stream, by_session, by_token, started, watching

pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


@pytest.fixture(autouse=True)
def _streams_end() -> Iterator[None]:
    yield
    hub.HUB.stop()


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


def ask(cast: Cast, project: Any = None) -> Job:
    return services.enqueue(kind="test_add", project=project or cast.project, author=cast.alice, params={}, title="Add")


def test_it_works(cast: Cast, live_server: Any) -> None:
    with watching(live_server.url, by_token(cast.bob, cast.project)) as stream:
        assert stream.first is not None
        assert stream.first["disk"]["state"] == "ok"
        job = ask(cast)
        assert stream.next()["job"]["state"] == "queued"
        report = started(job)
        assert stream.next()["job"]["state"] == "running"
        report(0.5, Sentence.of("adding", "Adding"))
        report.log("1 + 2")
        report.write()
        news = stream.next()
        assert (news["job"]["id"], news["job"]["progress"], news["job"]["message"]) == (job.pk, 0.5, "Adding")
        [line] = news["log"].pop("lines")
        assert (line["text"], news["log"]) == ("1 + 2", {"job": job.pk, "after": 0})
        report.log("= 3")
        report.write()
        later = stream.next()["log"]
        assert (later["after"], [one["text"] for one in later["lines"]]) == (line["n"], ["= 3"])
        job.succeed("here", {"sum": 3})
        ended = stream.next()["job"]
        assert ended["state"] == "succeeded"
        assert ended.keys() == call(cast.bob, "GET", f"jobs/{job.pk}").json().keys() - {"result"}


def test_nothing_of_another_project_is_told(cast: Cast, live_server: Any) -> None:
    elsewhere = make_project(cast.charlie)
    with watching(live_server.url, by_token(cast.alice, cast.project)) as stream:
        ask(cast, project=elsewhere)
        mine = ask(cast)
        assert stream.next()["job"]["id"] == mine.pk


def test_one_job_or_project_alone(cast: Cast, live_server: Any) -> None:
    other, job = ask(cast), ask(cast)
    with watching(live_server.url, by_token(cast.alice, cast.project), job=job.pk) as stream:
        started(other)
        started(job)
        assert (stream.next()["job"]["id"], job.state) == (job.pk, "running")
    assert call(cast.alice, "GET", f"events?project={cast.project.pk}").status_code == 200


def test_charlie(cast: Cast) -> None:
    job = ask(cast)
    assert_charlie_gets_404(cast, "GET", f"events?job={job.pk}")
    assert_charlie_gets_404(cast, "GET", f"events?project={cast.project.pk}")


def test_a_project_that_is_not_there_is_404_for_administrators_too(cast: Cast) -> None:
    boss = make_user("Boss", is_superuser=True)
    assert call(boss, "GET", f"events?project={cast.project.pk + 999}").status_code == 404
    assert call(boss, "GET", "events?project=-1").status_code == 404


def test_a_project_made_since_is_told_of(cast: Cast, live_server: Any) -> None:
    with watching(live_server.url, by_session(cast.alice)) as stream:
        job = ask(cast, project=make_project(cast.alice, "New"))
        assert stream.next()["job"]["id"] == job.pk


def told_with(stream: Stream, last: Job) -> set[int]:
    """The jobs that are told of until one that surely is, with what was told at the same moment."""
    found: set[int] = set()
    while news := stream.next():
        found.add(news["job"]["id"])
        if news["job"]["id"] == last.pk:
            hub.HUB.stop()
    return found


def test_who_watches_already_is_told_of_a_project_that_they_joined_since(cast: Cast, live_server: Any) -> None:
    """From the first event of a stream that they open then."""
    elsewhere = make_project(cast.charlie, "Older")
    headers = by_session(cast.alice)
    with watching(live_server.url, headers):
        Member.objects.create(user=cast.alice, project=elsewhere, role=Role.VIEWER)
        with watching(live_server.url, headers) as stream:
            job, mine = ask(cast, project=elsewhere), ask(cast)
            assert told_with(stream, mine) == {job.pk, mine.pk}


def test_a_new_project_is_told_of_however_many_others_watch(
    cast: Cast, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "CHECKS", 1)
    own = make_project(cast.charlie, "Own")
    with watching(live_server.url, by_session(cast.alice)), watching(live_server.url, by_session(cast.charlie)) as last:
        job, other = ask(cast, project=make_project(cast.charlie, "New")), ask(cast, project=own)
        assert told_with(last, other) == {job.pk, other.pk}


def leaves(cast: Cast) -> None:
    Member.objects.filter(user=cast.bob).delete()


def token_goes(cast: Cast) -> None:
    ApiToken.objects.filter(user=cast.bob).delete()


def is_locked_out(cast: Cast) -> None:
    cast.bob.is_active = False
    cast.bob.save(update_fields=["is_active"])


@pytest.mark.parametrize("happens", [leaves, token_goes, is_locked_out])
def test_it_ends_with_the_right_to_see(
    cast: Cast, live_server: Any, monkeypatch: pytest.MonkeyPatch, happens: Any
) -> None:
    monkeypatch.setattr(hub, "CHECK_EVERY", 0)
    with watching(live_server.url, by_token(cast.bob, cast.project)) as stream:
        happens(cast)
        ask(cast)
        assert stream.next() is None


def test_it_ends_with_the_session(cast: Cast, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "CHECK_EVERY", 0)
    with watching(live_server.url, by_session(cast.alice)) as stream:
        browser_of(cast.alice).session.flush()
        assert stream.next() is None


def test_there_are_not_more_than_a_person_may_have(
    cast: Cast, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.news.api.MOST_OF_ONE", 1)
    headers = by_token(cast.alice, cast.project)
    with watching(live_server.url, headers):
        refused = httpx.get(f"{live_server.url}/api/v1/events", headers=headers | {"Accept": "text/event-stream"})
        assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
        assert "Too many" in refused.json()["detail"]
