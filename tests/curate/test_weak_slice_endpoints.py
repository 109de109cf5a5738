"""Weak slices of an evaluation: found with it, said with their interval, opened and made slices of."""

import pytest

from accounts.models import Role
from curate.models import Evaluation
from dataset.models import Slice
from tests.curate.judged_scene import Scene, make_scene
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
NIGHT = 'time = "night"'


@pytest.fixture
def scene() -> Scene:
    return make_scene(make_cast(bob=Role.REVIEWER), count=200)


def test_it_works(scene: Scene) -> None:
    """By night half is missed, so recall is lower there; the sentence's parts and the images behind it are given."""
    body = scene.get(f"evaluations/{scene.evaluation}/weak-slices")
    assert body["job"] is None
    surest = next(one for one in body["found"] if one["q"] == NIGHT and one["class_id"] is None)
    assert surest["facts"] == [{"name": "metadata.time", "label": "night", "low": None, "high": None, "q": NIGHT}]
    assert surest["low"] < surest["difference"] < surest["high"] < 0
    assert surest["q_value"] < 0.1
    assert surest["images"] == 50
    assert "image_ids" not in surest


def test_a_slice_is_made_of_one(scene: Scene) -> None:
    found = scene.get(f"evaluations/{scene.evaluation}/weak-slices")["found"]
    place = next(one["place"] for one in found if one["q"] == NIGHT and one["class_id"] is None)
    path = f"evaluations/{scene.evaluation}/weak-slices/make-slice"
    response = call(scene.cast.alice, "POST", path, {"place": place, "name": "dark"})
    assert response.status_code == 201, response.content
    made = Slice.objects.get(pk=response.json()["id"])
    assert made.image_count == found[place]["images"]
    assert {image.metadata["time"] for image in scene.images if made.slice_images.filter(image=image).exists()} == {
        "night"
    }
    assert (made.origin["kind"], made.origin["evaluation"]) == ("diagnosis", scene.evaluation)
    assert_problem(call(scene.cast.alice, "POST", path, {"place": 999, "name": "none"}), 400, mentions="999")
    assert_problem(call(scene.cast.bob, "POST", path, {"place": 0, "name": "not Bob's"}), 403, mentions="manager")


def test_those_of_an_older_evaluation_are_looked_for_when_asked(scene: Scene) -> None:
    path = f"evaluations/{scene.evaluation}/weak-slices"
    before = scene.get(path)["found"]
    Evaluation.objects.update(weak_slices=None)
    assert scene.get(path) == {"found": None, "job": None}
    make = call(scene.cast.alice, "POST", f"{path}/make-slice", {"place": 0, "name": "x"})
    assert_problem(make, 409, mentions="not looked for")
    job = call(scene.cast.bob, "POST", path)
    assert job.status_code == 202
    assert scene.get(path)["job"] == job.json()["id"]
    assert_problem(call(scene.cast.bob, "POST", path), 409, mentions="already")
    assert run_jobs()[-1].state == "succeeded"
    assert scene.get(path) == {"found": before, "job": None}


def test_charlie_sees_nothing(scene: Scene) -> None:
    path = f"evaluations/{scene.evaluation}/weak-slices"
    assert_charlie_gets_404(scene.cast, "GET", path)
    assert_charlie_gets_404(scene.cast, "POST", path)
    assert_charlie_gets_404(scene.cast, "POST", f"{path}/make-slice", {"place": 0, "name": "x"})
