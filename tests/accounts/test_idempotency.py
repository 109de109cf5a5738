"""Idempotency-Key: the same call again is answered again, not done again."""

from typing import Any

import pytest

from accounts.models import IdempotencyKey, Project
from tests.factories import Cast, assert_problem, call, make_cast

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


def test_a_call_still_at_work_is_not_done_twice(cast: Cast) -> None:
    create(cast, "Night")
    IdempotencyKey.objects.update(status=None)
    assert_problem(create(cast, "Night"), 409, mentions="still being worked on")


def test_a_secret_is_not_kept(cast: Cast) -> None:
    body = {"name": "CI", "project": cast.project.pk, "role": "viewer"}
    assert call(cast.alice, "POST", "tokens", body, **{"Idempotency-Key": "t"}).status_code == 201
    assert not IdempotencyKey.objects.exists()
