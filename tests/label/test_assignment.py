"""POST batches/{id}/assignments: who gets which tasks, all of a call or none; and what "next" gives whom."""

from datetime import date
from typing import Any

import pytest

from accounts import services
from accounts.models import AuditLine, Member, Role, User
from label.models import Batch, Task
from label.services import giving_back
from notices.models import Notice
from tests.factories import NOT_THERE, assert_charlie_gets_404, assert_problem, call, make_image, make_user
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db


class Team:
    """Ten tasks; Bob and Dora label, Rita reviews."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.cast, self.project = self.scene.cast, self.scene.cast.project
        self.alice, self.bob = self.cast.alice, self.cast.bob
        self.dora, self.rita = self.member("Dora", Role.LABELLER), self.member("Rita", Role.REVIEWER)
        images = [*self.scene.images, *(make_image(self.scene.dataset) for _ in range(7))]
        sent = {"name": "Ten", "images": [image.pk for image in images]}
        answer = call(self.alice, "post", "batches", sent)
        self.batch = Batch.objects.get(pk=answer.json()["id"])

    def member(self, name: str, role: Role) -> User:
        user = make_user(name)
        Member.objects.create(project=self.project, user=user, role=role)
        return user

    def assign(self, *parts: dict[str, Any], user: User | None = None, **more: Any) -> Any:
        body = {"parts": list(parts), **more}
        return call(user or self.rita, "post", f"batches/{self.batch.pk}/assignments", body)

    def owners(self) -> list[str]:
        """The first letter of each task's person, in order."""
        rows = self.batch.tasks.order_by("position").values_list("assignee__name", flat=True)
        return [name[0] if name else "-" for name in rows]

    def next(self, user: User) -> int | None:
        found = call(user, "post", f"batches/{self.batch.pk}/next").json()["task"]
        return None if found is None else Task.objects.get(pk=found).position


@pytest.fixture
def team() -> Team:
    return Team()


def test_it_works(team: Team) -> None:
    answer = team.assign({"people": [team.bob.pk, team.dora.pk], "due": "2026-12-24"})
    (part,) = answer.json()["parts"]
    assert part["tasks"] == 10
    assert {one["person"]["name"]: one["tasks"] for one in part["people"]} == {"Bob": 5, "Dora": 5}
    assert "".join(team.owners()) == "BDBDBDBDBD"
    assert set(team.batch.tasks.values_list("due", flat=True).distinct()) == {date(2026, 12, 24)}
    line = AuditLine.objects.get(action="batch.assign")
    assert line.actor == team.rita
    assert line.data["tasks"] == 10
    assert Notice.objects.get(user=team.bob).names["count"] == 5


def test_a_range_a_selection_and_the_rest_of_somebody_go_in_one_call(team: Team) -> None:
    chosen = list(team.batch.tasks.filter(position__in=[8, 9]).values_list("pk", flat=True))
    team.assign(
        {"first": 0, "last": 3, "people": [team.bob.pk], "blocks": True},
        {"tasks": chosen, "people": [team.dora.pk]},
        {"of": 0, "most": 2, "people": [team.alice.pk]},
    )
    assert "".join(team.owners()) == "BBBBAA--DD"
    team.assign({"of": team.bob.pk, "people": [team.dora.pk]})
    assert "".join(team.owners()) == "DDDDAA--DD"
    team.assign({"of": team.alice.pk, "people": []})
    assert "".join(team.owners()) == "DDDD----DD"


def test_a_preview_says_the_counts_and_changes_nothing(team: Team) -> None:
    answer = team.assign({"people": [team.bob.pk, team.dora.pk], "by_speed": True}, preview=True)
    assert [one["tasks"] for one in answer.json()["parts"][0]["people"]] == [5, 5]
    assert team.owners() == ["-"] * 10
    assert not Notice.objects.exists()
    assert not AuditLine.objects.filter(action="batch.assign").exists()


def test_more_goes_to_who_is_faster(team: Team) -> None:
    done = list(team.batch.tasks.order_by("position")[:6])
    for place, task in enumerate(done):
        who, seconds = (team.bob, 10) if place < 3 else (team.dora, 30)
        Task.objects.filter(pk=task.pk).update(assignee=who, state="done", active_seconds=seconds)
    answer = team.assign({"people": [team.bob.pk, team.dora.pk], "by_speed": True})
    assert {one["person"]["name"]: one["tasks"] for one in answer.json()["parts"][0]["people"]} == {"Bob": 3, "Dora": 1}
    assert "".join(team.owners()[:6]) == "BBBDDD"  # what is finished stays with who did it
    people = {one["person"]["name"]: one for one in call(team.bob, "get", f"batches/{team.batch.pk}/people").json()}
    assert people["Bob"] | {"person": None} == {
        "person": None, "role": "labeller", "tasks": 3, "finished": 3, "seconds": 10.0,
    }  # fmt: skip
    assert people["Rita"]["seconds"] is None


def test_only_members_who_may_label_can_be_given_tasks(team: Team) -> None:
    viewer = team.member("Vera", Role.VIEWER)
    for person in (team.cast.charlie.pk, viewer.pk, NOT_THERE):
        answer = team.assign({"people": [team.bob.pk]}, {"people": [person]})
        assert list(assert_problem(answer, 400)["errors"]) == ["parts.1.people"]
    assert team.owners() == ["-"] * 10


def test_it_is_for_reviewers(team: Team) -> None:
    assert_problem(team.assign({"people": [team.bob.pk]}, user=team.bob), 403)
    call(team.alice, "patch", f"batches/{team.batch.pk}", {"state": "closed"})
    assert_problem(team.assign({"people": [team.bob.pk]}), 409)


def test_next_gives_ones_own_first_those_due_soonest_before_and_never_anothers(team: Team) -> None:
    """The batch's first is nobody's, the last two are Bob's, all others Dora's."""
    team.assign({"first": 1, "last": 7, "people": [team.dora.pk]}, {"first": 8, "last": 9, "people": [team.bob.pk]})
    team.assign({"first": 9, "last": 9, "due": "2026-12-02"})
    for position in (9, 8, 0):
        assert team.next(team.bob) == position
        Task.objects.filter(position=position).update(state="in_progress")
    assert team.next(team.bob) is None
    call(team.rita, "patch", f"batches/{team.batch.pk}", {"take_over": True})
    assert team.next(team.bob) == 1


def test_who_leaves_or_becomes_a_viewer_gives_unfinished_tasks_back(team: Team) -> None:
    team.assign({"people": [team.bob.pk, team.dora.pk]})
    Task.objects.filter(assignee=team.bob, position=0).update(state="done")
    services.remove_member(member=Member.objects.get(user=team.bob), by=team.alice)
    services.change_role(member=Member.objects.get(user=team.dora), role=Role.REVIEWER, by=team.alice)
    assert "".join(team.owners()) == "BD-D-D-D-D"
    services.change_role(member=Member.objects.get(user=team.dora), role=Role.VIEWER, by=team.alice)
    assert "".join(team.owners()) == "B---------"
    assert AuditLine.objects.filter(action="task.give_back").count() == 2


def test_who_is_made_inactive_in_the_administration_gives_them_back_too(team: Team) -> None:
    team.assign({"people": [team.bob.pk, team.dora.pk]})
    User.objects.filter(pk=team.bob.pk).update(is_active=False)
    giving_back.from_everybody_gone()
    assert "".join(team.owners()) == "-D-D-D-D-D"


def test_charlie_sees_nothing_of_it(team: Team) -> None:
    assert_charlie_gets_404(team.cast, "get", f"batches/{team.batch.pk}/people")
    assert_charlie_gets_404(team.cast, "post", f"batches/{team.batch.pk}/assignments", {"parts": []})
