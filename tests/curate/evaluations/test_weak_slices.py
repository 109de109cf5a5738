"""Weak slices of an evaluation: found with it, said with their interval, opened and made slices of."""

import numpy as np
import pytest

from accounts.models import Role
from curate.embeddings.encoder import ENCODER
from curate.models import Embedding, Evaluation
from dataset.models import Image, Slice
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
    assert scene.get(path) == {"found": None, "job": None, "error": None}
    make = call(scene.cast.alice, "POST", f"{path}/make-slice", {"place": 0, "name": "x"})
    assert_problem(make, 409, mentions="not looked for")
    job = call(scene.cast.bob, "POST", path)
    assert job.status_code == 202
    assert scene.get(path)["job"] == job.json()["id"]
    assert_problem(call(scene.cast.bob, "POST", path), 409, mentions="already")
    assert run_jobs()[-1].state == "succeeded"
    assert scene.get(path) == {"found": before, "job": None, "error": None}


def test_clusters_of_embeddings_are_groups_too(scene: Scene) -> None:
    """Where images have embeddings, a group that no query line can name is found, and made a slice of."""
    random = np.random.default_rng(0)
    centres = np.eye(1280, dtype=np.float32)[:2]
    for image in scene.images:
        vector = centres[int(image.metadata["time"] == "night")] + random.normal(0, 0.001, 1280)
        Embedding.objects.create(dataset=scene.dataset, image=image, encoder=ENCODER, vector=vector.tolist())
    Image.objects.update(metadata={})
    Evaluation.objects.update(weak_slices=None)
    path = f"evaluations/{scene.evaluation}/weak-slices"
    call(scene.cast.bob, "POST", path)
    assert run_jobs()[-1].state == "succeeded"
    found = [one for one in scene.get(path)["found"] if one["facts"][0]["name"] == "cluster"]
    assert found
    assert all(one["q"] is None for one in found)
    made = call(
        scene.cast.alice, "POST", f"{path}/make-slice", {"place": found[0]["place"], "name": "a cluster"}
    ).json()
    night = {image.pk for image in scene.images if image.metadata["time"] == "night"}
    assert set(Slice.objects.get(pk=made["id"]).slice_images.values_list("image_id", flat=True)) <= night


def test_a_search_that_failed_says_why(scene: Scene) -> None:
    Evaluation.objects.update(weak_slices=None, location="gone.npz")
    path = f"evaluations/{scene.evaluation}/weak-slices"
    call(scene.cast.bob, "POST", path)
    assert run_jobs()[-1].state == "failed"
    body = scene.get(path)
    assert body["found"] is None
    assert "gone from the storage" in body["error"]


def test_charlie_sees_nothing(scene: Scene) -> None:
    path = f"evaluations/{scene.evaluation}/weak-slices"
    assert_charlie_gets_404(scene.cast, "GET", path)
    assert_charlie_gets_404(scene.cast, "POST", path)
    assert_charlie_gets_404(scene.cast, "POST", f"{path}/make-slice", {"place": 0, "name": "x"})
