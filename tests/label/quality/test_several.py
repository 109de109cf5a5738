"""Tasks that several people label: hidden from one another, put together by vote, decided by a reviewer."""

from typing import Any

import pytest

from accounts.models import AuditLine, Role, User
from dataset.models import Image
from label.models import Batch, Task
from label.quality.models import Consensus, TaskCopy
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_user
from tests.label.scene import CAR_BOX, RIDER_BOX, Scene, new_box

pytestmark = pytest.mark.django_db
NEW = (300, 300, 340, 340)


class Several(Scene):
    """Bob and Dora label the same tasks; Eve is another labeller, Alice owns."""

    def __init__(self) -> None:
        super().__init__()
        self.dora, self.eve = self.labeller("Dora"), self.labeller("Eve")
        self.sent = self.batch()
        answer = call(self.cast.alice, "post", f"batches/{self.sent.pk}/several", {"people": 2})
        assert answer.json() == {"tasks": 3}

    def labeller(self, name: str, role: Role = Role.LABELLER) -> User:
        person = make_user(name)
        self.cast.project.members.create(user=person, role=role)
        return person

    def copy(self, task: Task, person: User, *, boxes: Any = None, **body: Any) -> Any:
        """Save a person's copy, on the version that they see."""
        seen = call(person, "get", f"tasks/{task.pk}").json()["version"]
        given = body if boxes is None else body | {"boxes": boxes}
        return call(person, "put", f"tasks/{task.pk}", given, **{"If-Match": str(seen)})

    def both(self, place: int, bobs: Any, doras: Any) -> Task:
        """Both hand the task in with these boxes; the task as it then stands."""
        task = self.task(self.sent, place)
        for person, boxes in ((self.cast.bob, bobs), (self.dora, doras)):
            assert self.copy(task, person, boxes=boxes, state="done").status_code == 200
        task.refresh_from_db()
        return task


@pytest.fixture
def scene() -> Several:
    return Several()


def test_it_works(scene: Several) -> None:
    """Both draw the same new box a little differently: the median, no question, done; and it is merged."""
    labels = scene.boxes()
    task = scene.both(0, [*labels, new_box(scene.car, NEW)], [*labels, new_box(scene.car, (302, 300, 342, 340), "n7")])
    assert task.state == "done"
    assert [box["box"] for box in task.boxes] == [[*CAR_BOX], [*RIDER_BOX], [301, 300, 341, 340]]
    assert [box["id"][0] for box in task.boxes] == ["o", "o", "n"]
    merged = call(scene.cast.alice, "post", f"batches/{scene.sent.pk}/merge", {})
    assert merged.json()["counts"]["added"] == 1


def test_nobody_sees_the_others_copy(scene: Several) -> None:
    task = scene.task(scene.sent)
    assert scene.copy(task, scene.cast.bob, boxes=[], state="done").status_code == 200
    doras = call(scene.dora, "get", f"tasks/{task.pk}").json()
    assert (doras["state"], doras["version"], doras["assignee"], len(doras["boxes"])) == ("to_label", 0, None, 2)
    assert call(scene.cast.alice, "get", f"tasks/{task.pk}").json()["boxes"] != []  # the task itself holds nothing yet
    assert_problem(call(scene.cast.alice, "get", f"tasks/{task.pk}/copies"), 409, mentions="everybody")
    assert_problem(call(scene.dora, "get", f"tasks/{task.pk}/copies"), 403)
    (row, *_) = call(scene.cast.bob, "get", f"batches/{scene.sent.pk}/tasks").json()["items"]
    assert (row["state"], row["assignee"]["id"]) == ("done", scene.cast.bob.pk)


def test_each_takes_a_task_once_and_no_more_than_were_asked_for(scene: Several) -> None:
    took = {
        person.name: [call(person, "post", f"batches/{scene.sent.pk}/next").json()["task"] for _ in range(1)]
        for person in (scene.cast.bob, scene.dora, scene.eve)
    }
    first, second = scene.task(scene.sent, 0).pk, scene.task(scene.sent, 1).pk
    assert took == {"Bob": [first], "Dora": [first], "Eve": [second]}
    assert call(scene.cast.bob, "post", f"batches/{scene.sent.pk}/next").json()["task"] == first  # which he began
    assert_problem(scene.copy(scene.task(scene.sent, 0), scene.eve, boxes=[]), 409, mentions="2 people")
    scene.copy(scene.task(scene.sent, 0), scene.dora, state="skipped")
    assert scene.copy(scene.task(scene.sent, 0), scene.eve, boxes=[]).status_code == 200


def test_what_they_disagree_on_is_decided_by_a_reviewer(scene: Several) -> None:
    """Bob calls the car a rider and draws a box that Dora does not: two questions, two answers."""
    car, rider = scene.boxes()
    task = scene.both(0, [car | {"class_id": scene.rider}, rider, new_box(scene.car, NEW)], [car, rider])
    assert (task.state, task.boxes, Consensus.objects.get().questions) == ("in_progress", None, 2)
    shown = call(scene.cast.alice, "get", f"tasks/{task.pk}/copies").json()
    assert [one["question"] for one in shown["seen"]] == ["class", None, "presence"]
    assert [len(one["boxes"]) for one in shown["seen"]] == [2, 2, 1]
    path, seen = f"tasks/{task.pk}/copies", {"If-Match": str(shown["version"])}
    problem = assert_problem(call(scene.cast.alice, "put", path, {"answers": []}, **seen), 409)
    assert problem["unresolved"] == [0, 2]
    answers = [{"object": 0, "class_id": scene.car}, {"object": 2, "class_id": None}]
    done = call(scene.cast.alice, "put", path, {"answers": answers}, **seen)
    assert (done.status_code, done.json()["state"], done.json()["next"]) == (200, "done", None)
    task.refresh_from_db()
    assert (task.boxes, task.reviewer) == (None, scene.cast.alice)  # what the labels say already
    assert AuditLine.objects.filter(action="task.decide").count() == 1
    assert_problem(scene.copy(task, scene.dora, boxes=[]), 409, mentions="decided")
    assert_problem(call(scene.cast.alice, "put", path, {"answers": answers}, **seen), 412)


def test_taking_a_copy_up_again_takes_the_result_back(scene: Several) -> None:
    car, rider = scene.boxes()
    task = scene.both(0, [car, rider, new_box(scene.car, NEW)], [car, rider])
    assert Consensus.objects.exists()
    scene.copy(task, scene.dora, boxes=[car, rider, new_box(scene.car, NEW)], state="in_progress")
    task.refresh_from_db()
    assert (task.state, Consensus.objects.exists()) == ("in_progress", False)
    scene.copy(task, scene.dora, state="done")
    task.refresh_from_db()
    assert (task.state, len(task.boxes)) == ("done", 3)


def test_an_undecided_task_is_not_merged(scene: Several) -> None:
    scene.both(0, [], scene.boxes())
    assert_problem(call(scene.cast.alice, "post", f"batches/{scene.sent.pk}/merge", {}), 409, mentions="No task")


def test_who_labelled_does_not_decide(scene: Several) -> None:
    rita = scene.labeller("Rita", Role.REVIEWER)
    task = scene.task(scene.sent)
    assert call(rita, "post", f"batches/{scene.sent.pk}/next").json()["task"] == task.pk
    scene.copy(task, rita, boxes=[], state="done")
    scene.copy(task, scene.dora, boxes=scene.boxes(), state="done")
    assert_problem(call(rita, "get", f"tasks/{task.pk}/copies"), 409)
    seen = {"If-Match": str(Task.objects.get(pk=task.pk).version)}
    assert_problem(call(rita, "put", f"tasks/{task.pk}/copies", {"answers": []}, **seen), 409, mentions="yourself")


def test_a_stale_save_is_told_how_ones_own_copy_stands(scene: Several) -> None:
    task = scene.task(scene.sent)
    scene.copy(task, scene.cast.bob, boxes=[])
    answer = call(scene.cast.bob, "put", f"tasks/{task.pk}", {"boxes": scene.boxes()}, **{"If-Match": "0"})
    current = assert_problem(answer, 412)["current"]
    assert (current["version"], current["boxes"]) == (1, [])


def test_agreement_is_told(scene: Several) -> None:
    """Two images alike (car, rider each), one where Bob calls the rider a car: by hand.

    Six units, twelve answers: Bob C R C R C C, Dora C R C R C R. o_CC = 6, o_RR = 4, o_CR = o_RC = 1; n_C = 7, n_R = 5.
    alpha = 1 - 11 * 2 / (144 - 49 - 25) = 1 - 22 / 70 = .686.
    """
    for place in (0, 1):
        scene.both(place, scene.boxes(place), scene.boxes(place))
    car, rider = scene.boxes(2)
    scene.both(2, [car, rider | {"class_id": scene.car}], [car, rider])
    found = call(scene.cast.alice, "get", f"batches/{scene.sent.pk}/figures").json()
    agreement = found["agreement"]
    assert (agreement["tasks"], agreement["objects_seen"], agreement["undecided"]) == (3, 6, 1)
    assert agreement["classes"]["value"] == pytest.approx(1 - 22 / 70)
    assert agreement["objects"]["value"] == pytest.approx(1 - 22 / 70)  # everybody saw everything
    assert agreement["overlap"] == pytest.approx(1)
    assert {
        one["person"]["name"]: (one["finished"], one["agreed"]["alike"], one["agreed"]["answers"])
        for one in found["people"]
    } == {
        "Bob": (3, 5, 6),
        "Dora": (3, 5, 6),
    }
    items = call(scene.cast.alice, "get", f"batches/{scene.sent.pk}/several").json()["items"]
    assert [(one["handed_in"], one["questions"], one["decided"]) for one in items] == [
        (2, 1, False),
        (2, 0, True),
        (2, 0, True),
    ]


def test_a_labeller_cannot_ask_for_several(scene: Several) -> None:
    assert_problem(call(scene.cast.bob, "post", f"batches/{scene.sent.pk}/several", {"people": 3}), 403)
    assert_problem(call(scene.cast.bob, "get", f"batches/{scene.sent.pk}/several"), 403)


def test_none_is_left_of_what_was_begun(scene: Several) -> None:
    for place in range(3):
        scene.copy(scene.task(scene.sent, place), scene.cast.bob, boxes=[])
    assert_problem(call(scene.cast.alice, "post", f"batches/{scene.sent.pk}/several", {"people": 3}), 409)
    assert Batch.objects.get(pk=scene.sent.pk).tasks.filter(copies=2).count() == 3
    assert TaskCopy.objects.count() == 3


@pytest.mark.parametrize(
    "path",
    [
        "get batches/{batch}/several",
        "post batches/{batch}/several",
        "get tasks/{task}/copies",
        "put tasks/{task}/copies",
    ],
)
def test_charlie_sees_nothing(scene: Several, path: str) -> None:
    method, name = path.split()
    name = name.format(batch=scene.sent.pk, task=scene.task(scene.sent).pk)
    assert_charlie_gets_404(scene.cast, method, name, None if method == "get" else {})


def test_time_is_counted_after_the_decision(scene: Several) -> None:
    """The last seconds come when the page is left: nothing else of a decided task may change."""
    labels = scene.boxes()
    task = scene.both(0, labels, labels)
    assert task.state == "done"
    assert scene.copy(task, scene.dora, sitting={"key": "a1", "seconds": 2, "steps": []}).status_code == 200
    task.refresh_from_db()
    assert (task.state, task.active_seconds) == ("done", 2)
    assert Consensus.objects.get().decided_at is not None


def test_frames_and_an_assigned_task_show_ones_own_copy(scene: Several) -> None:
    """Not what the others drew, nor how far they are; a reviewer without a copy sees the task itself."""
    task = scene.task(scene.sent, 0)
    Image.objects.filter(pk=task.image_id).update(sequence="drive")
    drawn = new_box(scene.car, NEW) | {"attributes": {"track": 1}}
    scene.copy(task, scene.dora, boxes=[*scene.boxes(), drawn], state="done")

    def frame(person: User) -> dict[str, Any]:
        [found] = call(person, "get", f"tasks/{task.pk}/sequence").json()["frames"]
        return {"state": found["state"], "tracks": len(found["boxes"])}

    assert frame(scene.dora) == {"state": "done", "tracks": 1}
    assert frame(scene.cast.bob) == {"state": "to_label", "tracks": 0}
    given = call(scene.cast.bob, "patch", f"tasks/{task.pk}", {"assignee": scene.cast.bob.pk}).json()
    assert (given["state"], len(given["boxes"])) == ("to_label", len(scene.boxes()))
