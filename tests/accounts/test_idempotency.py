"""Idempotency-Key: the same call again is answered again, not done again."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts import services
from accounts.models import IdempotencyKey, Member, Project, Role, User
from tests.factories import Cast, assert_problem, call, make_cast, make_user
from tests.processes import until

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def create(cast: Cast, name: str, key: str = "k1") -> Any:
    return call(cast.alice, "POST", "projects", {"name": name}, **{"Idempotency-Key": key})


def test_it_works(cast: Cast) -> None:
    first, second = create(cast, "Night"), create(cast, "Night")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Project.objects.filter(name="Night").count() == 1
    assert create(cast, "Night", key="k2").json()["id"] != first.json()["id"]


def test_it_rejects_the_key_for_another_request(cast: Cast) -> None:
    create(cast, "Night")
    assert_problem(create(cast, "Day"), 409, mentions="used for another request")


def test_two_people_may_use_the_same_key(cast: Cast) -> None:
    create(cast, "Night")
    other = call(cast.charlie, "POST", "projects", {"name": "Night"}, **{"Idempotency-Key": "k1"})
    assert other.json()["role"] == "owner"
    assert Project.objects.filter(name="Night").count() == 2


def test_a_refused_call_may_be_tried_again(cast: Cast) -> None:
    assert create(cast, "").status_code == 400
    assert create(cast, "Night").status_code == 201


def test_what_was_not_finished_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work and key are one: a call that dies after its work leaves neither, and the same call does it, once."""

    class Killed(BaseException):
        pass

    def die(*given: object, **named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("accounts.idempotency.keep", die)
        with pytest.raises(Killed):
            create(cast, "Night")
    assert not Project.objects.filter(name="Night").exists()
    assert create(cast, "Night").status_code == 201
    assert Project.objects.filter(name="Night").count() == 1


def test_who_may_no_longer_make_the_call_is_not_given_its_answer(cast: Cast) -> None:
    """Neither who was taken out, nor who became less; whoever may is answered again."""
    Member.objects.filter(user=cast.bob).update(role=Role.MANAGER)
    body = {"project": cast.project.pk, "name": "Night"}

    def ask() -> Any:
        return call(cast.bob, "POST", "datasets", body, **{"Idempotency-Key": "k1"})

    first = ask()
    assert first.status_code == 201
    assert ask().json() == first.json()
    Member.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    assert_problem(ask(), 403, mentions="needs the role manager")
    Member.objects.filter(user=cast.bob).delete()
    assert_problem(ask(), 404)


def test_an_administrator_no_more_is_not_given_an_administrators_answer(cast: Cast) -> None:
    boss = make_user("Boss", is_superuser=True)
    address, body = f"projects/{cast.project.pk}/import-roots", {"granted": ["*"]}
    key = {"Idempotency-Key": "k1"}
    assert call(boss, "PUT", address, body, **key).status_code == 200
    User.objects.filter(pk=boss.pk).update(is_superuser=False)
    Member.objects.create(user=boss, project=cast.project, role=Role.OWNER)
    assert_problem(call(boss, "PUT", address, body, **key), 403, mentions="administrators")


@pytest.mark.django_db(transaction=True)
def test_a_call_still_at_work_is_not_done_twice() -> None:
    """The key is held by the connection of whoever works; when that dies, the key is free at once."""
    cast = make_cast()
    at_work = connection.copy()
    name = f"{hashlib.sha256(f'user {cast.alice.pk}'.encode()).hexdigest()} k1"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with at_work.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    assert_problem(create(cast, "Night"), 409, mentions="still being worked on")
    at_work.close()
    until(lambda: create(cast, "Night").status_code == 201)  # the server hears of a closed connection a moment later


def test_it_answers_nobody_who_may_not_ask(cast: Cast) -> None:
    """A token that was taken back gets 401, not the answer that it was given while it was good."""
    made = services.create_token(name="CI", project=cast.project, role="manager", by=cast.alice)
    headers = {"Authorization": f"Bearer {made.token}", "Idempotency-Key": "k"}
    body, path = {"project": cast.project.pk, "name": "Night"}, "/api/v1/datasets"
    first = Client().post(path, body, "application/json", headers=headers)
    assert first.status_code == 201
    assert Client().post(path, body, "application/json", headers=headers).json() == first.json()
    services.delete_token(token=made.row, by=cast.alice)
    assert_problem(Client().post(path, body, "application/json", headers=headers), 401)


def test_a_secret_is_not_kept(cast: Cast) -> None:
    body = {"name": "CI", "project": cast.project.pk, "role": "viewer"}
    assert call(cast.alice, "POST", "tokens", body, **{"Idempotency-Key": "t"}).status_code == 201
    assert not IdempotencyKey.objects.exists()
