"""Review: handing in, the queue, passing, sending back, rounds, sampling; by API, for each who may and may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditLine, Member, Role, User
from label.models import Batch, Task
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_user
from tests.label.scene import Scene, at_once, new_box, several_connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def member(scene: Scene, name: str, role: Role = Role.REVIEWER) -> User:
    user = make_user(name)
    Member.objects.create(project=scene.cast.project, user=user, role=role)
    return user


def handed_in(scene: Scene, batch: Batch, place: int = 0, by: User | None = None) -> Task:
    task = scene.task(batch, place)
    boxes = [*scene.boxes(place), new_box(scene.car, (200, 200, 260, 240))]
    assert scene.save(task, by, boxes=boxes, state="in_review").status_code == 200
    task.refresh_from_db()
    return task


def decide(task: Task, by: User, verdict: str, **body: Any) -> Any:
    task.refresh_from_db()
    seen = {"If-Match": f'"{task.version}"'}
    return call(by, "put", f"tasks/{task.pk}/review", {"verdict": verdict, **body}, **seen)


def review_of(task: Task, by: User) -> dict[str, Any]:
    found: dict[str, Any] = call(by, "get", f"tasks/{task.pk}/review").json()
    return found


def test_it_works(scene: Scene) -> None:
    """Handed in, sent back with a reason, handed in again, passed: two rounds, each with who, when, why."""
    alice, bob = scene.cast.alice, scene.cast.bob
    task = handed_in(scene, scene.batch(review=True))
    assert review_of(task, bob)["own"] is True
    assert decide(task, alice, "sent_back", reason="The bus is missing.").json()["state"] == "in_progress"
    assert scene.save(task, state="in_review").status_code == 200
    assert decide(task, alice, "passed").json()["state"] == "done"
    first, second = review_of(task, bob)["rounds"]
    assert [first["number"], first["verdict"], first["reason"]] == [1, "sent_back", "The bus is missing."]
    assert (first["handed_in_by"]["id"], first["reviewer"]["id"]) == (bob.pk, alice.pk)
    assert (second["number"], second["verdict"], second["reason"]) == (2, "passed", "")
    assert all(one["handed_in_at"] and one["decided_at"] for one in (first, second))


def test_a_review_shows_the_boxes_before(scene: Scene) -> None:
    task = handed_in(scene, scene.batch(review=True))
    shown = review_of(task, scene.cast.alice)
    assert [box["id"] for box in shown["base_boxes"]] == [box["id"] for box in scene.boxes()]
    assert shown["sent_back_boxes"] is None
    decide(task, scene.cast.alice, "sent_back", reason="Too wide")
    scene.save(task, boxes=scene.boxes(), state="in_review")
    assert len(review_of(task, scene.cast.alice)["sent_back_boxes"]) == 3  # as it was when it went back


def test_it_is_not_sent_back_without_a_reason(scene: Scene) -> None:
    task = handed_in(scene, scene.batch(review=True))
    assert_problem(decide(task, scene.cast.alice, "sent_back", reason=" "), 400, mentions="Say why")
    assert_problem(scene.save(task, scene.cast.alice, state="in_progress"), 400, mentions="Say why")
    call(scene.cast.alice, "post", f"tasks/{task.pk}/issues", {"text": "A bus is missing", "kind": "missing"})
    assert decide(task, scene.cast.alice, "sent_back").status_code == 200


def test_a_labeller_takes_back_what_they_handed_in(scene: Scene) -> None:
    task = handed_in(scene, scene.batch(review=True))
    assert scene.save(task, state="in_progress").status_code == 200
    assert [one["verdict"] for one in review_of(task, scene.cast.bob)["rounds"]] == ["taken_back"]


def test_nobody_passes_their_own_work(scene: Scene) -> None:
    """Whoever changed its boxes, before or while it is in review, nor whoever handed it in."""
    carol, alice = member(scene, "Carol"), scene.cast.alice
    batch = scene.batch(review=True)
    task = handed_in(scene, batch, by=carol)
    assert_problem(decide(task, carol, "passed"), 403, mentions="You worked on this task yourself")
    assert_problem(scene.save(task, carol, state="done"), 403)
    scene.save(task, alice, boxes=scene.boxes())  # Alice mends it in review
    assert_problem(decide(task, alice, "passed"), 403)
    assert decide(task, member(scene, "Dan"), "passed").status_code == 200
    only_looked = scene.task(batch, 1)
    scene.save(only_looked, carol, state="in_review")
    assert_problem(decide(only_looked, carol, "passed"), 403)


def test_an_owner_may_let_people_review_their_own(scene: Scene) -> None:
    manager = member(scene, "Mary", Role.MANAGER)
    batch = scene.batch(review=True)
    task = handed_in(scene, batch, by=scene.cast.alice)
    path = f"batches/{batch.pk}/review"
    assert_problem(call(manager, "patch", path, {"own": True}), 403, mentions="owner")
    assert call(scene.cast.alice, "patch", path, {"own": True}).json()["own"] is True
    assert AuditLine.objects.filter(action="batch.review", data__own=True).exists()
    assert decide(task, scene.cast.alice, "passed").status_code == 200


def test_a_labeller_neither_passes_nor_sends_back_nor_takes_from_the_queue(scene: Scene) -> None:
    eve = member(scene, "Eve", Role.LABELLER)
    batch = scene.batch(review=True)
    task = handed_in(scene, batch)
    for verdict in ("passed", "sent_back"):
        assert_problem(decide(task, eve, verdict, reason="no"), 403)
    assert_problem(scene.save(task, eve, state="in_progress"), 403)
    assert_problem(call(eve, "post", f"batches/{batch.pk}/next-review"), 403)
    assert_problem(call(eve, "get", f"batches/{batch.pk}/review"), 403)


def test_passing_over_open_issues_is_asked_for(scene: Scene) -> None:
    alice, task = scene.cast.alice, handed_in(scene, scene.batch(review=True))
    call(alice, "post", f"tasks/{task.pk}/issues", {"text": "Too wide"})
    refused = assert_problem(decide(task, alice, "passed"), 409, mentions="1 issue is not resolved")
    assert refused["open_issues"] == 1
    assert decide(task, alice, "passed", despite_issues=True).json()["state"] == "done"


def test_it_is_handed_in_again_once_issues_are_resolved_or_answered(scene: Scene) -> None:
    alice, bob = scene.cast.alice, scene.cast.bob
    task = handed_in(scene, scene.batch(review=True))
    path = f"tasks/{task.pk}/issues"
    issues = [call(alice, "post", path, {"text": text}).json()["id"] for text in ("Too wide", "A bus is missing")]
    decide(task, alice, "sent_back")
    refused = assert_problem(scene.save(task, state="in_review"), 409, mentions="2 issues have no answer")
    assert refused["issues"] == issues
    call(bob, "patch", f"issues/{issues[0]}", {"resolved": True})
    assert_problem(scene.save(task, state="in_review"), 409, mentions="1 issue has no answer")
    call(bob, "post", f"issues/{issues[1]}/remarks", {"text": "It is a truck, and it is there."})
    assert scene.save(task, state="in_review").status_code == 200


def test_a_stale_verdict_is_told(scene: Scene) -> None:
    task = handed_in(scene, scene.batch(review=True))
    body, seen = {"verdict": "passed"}, {"If-Match": '"0"'}
    problem = assert_problem(call(scene.cast.alice, "put", f"tasks/{task.pk}/review", body, **seen), 412)
    assert problem["current"]["state"] == "in_review"
    decide(task, scene.cast.alice, "passed")
    assert_problem(decide(task, scene.cast.alice, "passed"), 409, mentions="not in review")


def test_the_queue_gives_nobody_their_own_and_each_another(scene: Scene) -> None:
    carol, alice = member(scene, "Carol"), scene.cast.alice
    batch = scene.batch(review=True)
    tasks = [handed_in(scene, batch, place, by=by) for place, by in enumerate((carol, scene.cast.bob, scene.cast.bob))]
    path = f"batches/{batch.pk}/next-review"
    first = call(carol, "post", path).json()
    assert first == {"task": tasks[1].pk, "waiting": 3, "yours": 1, "held": 0}
    assert call(carol, "post", path).json()["task"] == tasks[1].pk  # hers, until she decides
    assert call(alice, "post", path).json() == {"task": tasks[0].pk, "waiting": 3, "yours": 0, "held": 1}
    decide(tasks[0], alice, "passed")
    assert call(alice, "post", path).json()["task"] == tasks[2].pk
    decide(tasks[1], carol, "passed")
    assert call(carol, "post", path).json() == {"task": None, "waiting": 1, "yours": 0, "held": 1}


def test_a_reservation_ends_after_half_an_hour_without_a_sign(scene: Scene) -> None:
    carol, alice = member(scene, "Carol"), scene.cast.alice
    batch = scene.batch(review=True)
    task = handed_in(scene, batch)
    path, hold = f"batches/{batch.pk}/next-review", f"tasks/{task.pk}/review/hold"
    call(carol, "post", path)
    assert review_of(task, alice)["held"]["person"]["name"] == "Carol"
    assert call(alice, "post", hold).json()["held"]["person"]["name"] == "Carol"  # not taken from her
    Task.objects.filter(pk=task.pk).update(held_until=timezone.now() + timedelta(minutes=1))
    call(carol, "post", hold)  # a sign of life
    task.refresh_from_db()
    assert task.held_until is not None
    assert task.held_until > timezone.now() + timedelta(minutes=29)
    Task.objects.filter(pk=task.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    assert call(alice, "post", path).json()["task"] == task.pk


@several_connections
def test_two_reviewers_at_once_get_two_tasks() -> None:
    scene = Scene()
    carol = member(scene, "Carol")
    batch = scene.batch(review=True)
    tasks = [handed_in(scene, batch, place).pk for place in (0, 1)]
    path = f"batches/{batch.pk}/next-review"
    answers = at_once(*[lambda user=user: call(user, "post", path) for user in (carol, scene.cast.alice)])
    assert sorted(answer.json()["task"] for answer in answers) == tasks


# Sampling


def sampled(scene: Scene, share: float, seed: int = 0) -> Batch:
    batch = scene.batch(review=True, review_share=share)
    Batch.objects.filter(pk=batch.pk).update(review_seed=seed)
    batch.refresh_from_db()
    return batch


def test_of_a_share_of_nothing_all_is_done_unreviewed_and_says_so(scene: Scene) -> None:
    batch = sampled(scene, 0)
    answer = scene.save(scene.task(batch), boxes=[], state="in_review")
    assert answer.json()["state"] == "done"
    (entry,) = review_of(scene.task(batch), scene.cast.bob)["rounds"]
    assert (entry["verdict"], entry["share"], entry["reviewer"]) == ("unreviewed", 0, None)
    rows = call(scene.cast.alice, "get", f"batches/{batch.pk}/tasks?review=unreviewed").json()["items"]
    assert [row["id"] for row in rows] == [scene.task(batch).pk]


def test_what_was_sent_back_is_always_looked_at_again(scene: Scene) -> None:
    batch = scene.batch(review=True)
    task = handed_in(scene, batch)
    decide(task, scene.cast.alice, "sent_back", reason="Too wide")
    Batch.objects.update(review_share=0)
    assert scene.save(task, state="in_review").json()["state"] == "in_review"


def test_a_manager_reviews_everything_of_a_person_after_all(scene: Scene) -> None:
    manager, bob = member(scene, "Mary", Role.MANAGER), scene.cast.bob
    batch = sampled(scene, 0)
    tasks = [scene.task(batch, place) for place in (0, 1)]
    for task in tasks:
        scene.save(task, boxes=[], state="in_review")
    body = {"people": [{"person": bob.pk, "share": 1, "earlier": True}]}
    plan = call(manager, "patch", f"batches/{batch.pk}/review", body).json()
    assert [(one["person"]["id"], one["share"], one["set_share"]) for one in plan["people"]] == [(bob.pk, 1, 1)]
    assert set(batch.tasks.filter(pk__in=[t.pk for t in tasks]).values_list("state", flat=True)) == {"in_review"}
    assert scene.save(scene.task(batch, 2), boxes=[], state="in_review").json()["state"] == "in_review"
    assert decide(tasks[0], scene.cast.alice, "passed").status_code == 200
    assert_problem(call(scene.cast.bob, "patch", f"batches/{batch.pk}/review", {"share": 1}), 403)


def test_the_plan_says_what_was_found_and_what_is_left(scene: Scene) -> None:
    batch = sampled(scene, 1)
    wrong, right = handed_in(scene, batch, 0), handed_in(scene, batch, 1)
    decide(wrong, scene.cast.alice, "sent_back", reason="Too wide")
    decide(right, scene.cast.alice, "passed")
    call(scene.cast.alice, "patch", f"batches/{batch.pk}/review", {"share": 0})
    scene.save(scene.task(batch, 2), boxes=[], state="in_review")
    plan = call(scene.cast.alice, "get", f"batches/{batch.pk}/review").json()
    total = plan["total"]
    assert (total["handed_in"], total["reviewed"], total["wrong"], total["unreviewed"]) == (3, 2, 1, 1)
    assert total["interval"]["low"] == pytest.approx(0.0945, abs=1e-3)  # Wilson, 1 of 2
    assert plan["errors_left"]["expected"] == pytest.approx(0.5)
    assert plan["errors_left"]["high"] == pytest.approx(0.9055, abs=1e-3)


@pytest.mark.parametrize("body", [{"share": 2}, {"people": [{"person": 1, "share": -1}]}, {"own": "perhaps"}])
def test_a_plan_that_makes_no_sense_is_refused(scene: Scene, body: dict[str, Any]) -> None:
    assert_problem(call(scene.cast.alice, "patch", f"batches/{scene.batch(review=True).pk}/review", body), 400)


def test_without_review_there_is_no_share(scene: Scene) -> None:
    path = f"batches/{scene.batch().pk}/review"
    assert_problem(call(scene.cast.alice, "patch", path, {"share": 0.2}), 400, mentions="asks for no review")


@pytest.mark.parametrize(
    "method_and_path",
    ["get tasks/{task}/review", "put tasks/{task}/review", "post tasks/{task}/review/hold",
     "post batches/{batch}/next-review", "get batches/{batch}/review", "patch batches/{batch}/review"],
)  # fmt: skip
def test_charlie_sees_no_review(scene: Scene, method_and_path: str) -> None:
    method, path = method_and_path.split()
    batch = scene.batch(review=True)
    assert_charlie_gets_404(scene.cast, method, path.format(task=scene.task(batch).pk, batch=batch.pk), {})
