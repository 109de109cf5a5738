"""Notices: who is told of what, what they read, and what nobody else sees."""

from typing import Any

import pytest

from accounts.models import Member, Role
from jobs.models import Job
from notices.models import Notice
from notices.services import NewNotice, tell
from notices.words import SENTENCES, sentence
from tests.factories import assert_problem, call, make_user
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db
ALL_NAMES: dict[str, Any] = dict.fromkeys(
    ["by", "batch", "count", "due", "image", "text", "title", "why", "url", "event"], "x"
)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def kinds_of(user: Any) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_it_works(scene: Scene) -> None:
    bob, batch = scene.cast.bob, scene.batch()
    call(scene.cast.alice, "post", f"batches/{batch.pk}/assignments", {"parts": [{"people": [bob.pk]}]})
    (notice,) = call(bob, "get", "notices").json()["items"]
    assert notice["text"] == "Alice assigned 3 tasks of Corrections to you."
    assert (notice["link"], notice["read_at"]) == (f"/batches/{batch.pk}", None)
    assert call(bob, "get", "notices/unread").json() == {"unread": 1}
    assert call(bob, "post", "notices/read", {"notices": [notice["id"]]}).json() == {"unread": 0}
    assert call(bob, "get", "notices").json()["items"][0]["read_at"]


def test_a_labeller_hears_of_what_was_sent_back_and_who_sent_the_batch_of_its_end(scene: Scene) -> None:
    batch = scene.batch(review=True)
    for place in range(3):
        scene.save(scene.task(batch, place), state="in_review")
    back, task = {"verdict": "sent_back", "reason": "A bus is missing."}, scene.task(batch, 0)
    call(scene.cast.alice, "put", f"tasks/{task.pk}/review", back, **{"If-Match": str(task.version)})
    assert kinds_of(scene.cast.bob) == ["sent_back"]
    scene.save(scene.task(batch, 0), state="in_review")
    rita = make_user("Rita")
    Member.objects.create(project=scene.cast.project, user=rita, role=Role.REVIEWER)
    for place in range(3):
        scene.save(scene.task(batch, place), user=rita, state="done")
    assert kinds_of(scene.cast.alice) == ["batch_done"]


def test_a_remark_reaches_the_labeller_and_those_who_remarked_before_but_not_its_author(scene: Scene) -> None:
    task = scene.task(scene.batch())
    scene.save(task, state="in_progress")
    call(scene.cast.alice, "post", f"tasks/{task.pk}/comments", {"text": "And the bus?"})
    call(scene.cast.bob, "post", f"tasks/{task.pk}/comments", {"text": "That is a truck."})
    assert kinds_of(scene.cast.bob) == ["remark"]
    assert kinds_of(scene.cast.alice) == ["remark"]


def test_an_answer_reaches_who_opened_the_issue(scene: Scene) -> None:
    task = scene.task(scene.batch())
    issue = call(scene.cast.alice, "post", f"tasks/{task.pk}/issues", {"text": "And the bus?"}).json()
    call(scene.cast.bob, "post", f"issues/{issue['id']}/remarks", {"text": "That is a truck."})
    assert kinds_of(scene.cast.alice) == ["reply"]
    assert kinds_of(scene.cast.bob) == []


@pytest.mark.parametrize(
    ("kind", "state", "result", "expected"),
    [
        ("train", "succeeded", {}, ["run_finished"]),
        ("train", "failed", None, ["run_failed"]),
        ("gate", "succeeded", {"verdict": "broken"}, ["gate_failed"]),
        ("gate", "succeeded", {"verdict": "passed"}, []),
        ("split", "failed", None, ["job_failed"]),
        ("split", "succeeded", {}, []),
    ],
)
def test_who_asked_for_a_job_hears_what_came_of_it(
    scene: Scene, kind: str, state: str, result: Any, expected: list[str]
) -> None:
    job = Job.objects.create(project=scene.cast.project, kind=kind, title="T", created_by=scene.cast.alice)
    job.claim("w")
    assert job.fail("w", "No room.") if state == "failed" else job.succeed("w", result)
    assert kinds_of(scene.cast.alice) == expected
    assert not Notice.objects.exclude(user=scene.cast.alice).exists()


def test_a_job_that_another_worker_has_taken_tells_nobody(scene: Scene) -> None:
    job = Job.objects.create(project=scene.cast.project, kind="train", title="T", created_by=scene.cast.alice)
    job.claim("w")
    assert not job.fail("another", "No room.")
    assert not Notice.objects.exists()


def test_who_has_left_or_was_never_there_hears_nothing_more(scene: Scene) -> None:
    cast = scene.cast
    new = NewNotice(cast.project, "batch_done", {"batch": "B"})
    assert tell(new, [cast.alice.pk, cast.bob.pk, cast.charlie.pk]) == 2
    Member.objects.filter(user=cast.bob).delete()
    assert call(cast.bob, "get", "notices").json()["items"] == []
    assert call(cast.bob, "get", "notices/unread").json() == {"unread": 0}


def test_what_is_said_once_is_said_once(scene: Scene) -> None:
    new = NewNotice(scene.cast.project, "overdue", {"batch": "B", "count": 1, "due": "2026-12-04"}, once="overdue 1")
    assert [tell(new, [scene.cast.bob.pk]) for _ in range(2)] == [1, 0]


def test_one_reads_ones_own_alone(scene: Scene) -> None:
    cast = scene.cast
    tell(NewNotice(cast.project, "batch_done", {"batch": "B"}), [cast.bob.pk])
    notice = Notice.objects.get()
    assert call(cast.charlie, "get", "notices").json()["items"] == []
    call(cast.charlie, "post", "notices/read", {"notices": [notice.pk]})
    call(cast.alice, "post", "notices/read", {})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_every_kind_has_a_sentence_in_both_languages() -> None:
    for kind, languages in SENTENCES.items():
        assert set(languages) == {"en", "ko"}
        assert all(sentence(kind, ALL_NAMES, language) for language in languages)


def test_it_rejects_a_time_zone_that_nobody_knows(scene: Scene) -> None:
    answer = call(scene.cast.bob, "patch", "notices/wish", {"time_zone": "Mars/Olympus"})
    assert "time_zone" in assert_problem(answer, 400)["errors"]
    assert call(scene.cast.bob, "patch", "notices/wish", {"mail": "daily"}).json()["mail"] == "daily"
