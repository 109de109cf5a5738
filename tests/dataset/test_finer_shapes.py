"""Polygons, turned boxes and masks beside boxes: edited, read, compared, reverted over HTTP, and imported again."""

from typing import Any

import numpy as np
import pytest

from dataset.models import Annotation
from dataset.services.bulk_labels import relabel_objects
from dataset.services.manifests import freeze
from science.shapes.packed import facts_of
from tests.dataset.test_api_revisions import Scene
from tests.factories import assert_problem, call

pytestmark = pytest.mark.django_db

TRIANGLE = {"kind": "polygon", "parts": [[[[10.0, 10.0], [50.0, 10.0], [30.25, 40.0]]]]}
WITH_HOLE = {
    "kind": "polygon",
    "parts": [
        [[[10, 10], [50, 10], [50, 40], [10, 40]], [[20, 20], [30, 20], [30, 30]]],
        [[[60, 60], [70, 60], [65, 70]]],
    ],
}
TURNED = {"kind": "turned", "centre": [30.0, 25.0], "size": [20.0, 10.5], "angle": 30.0}
MASK = {"kind": "mask", "size": [480, 640], "counts": "Zf4n0hXW9"}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def shapes(scene: Scene, revision: int | None = None, asked: str = "shapes=true&") -> list[Any]:
    """Of the image's labels at a revision: box and shape, by object."""
    given = "" if revision is None else f"revision={revision}"
    found = call(scene.cast.bob, "GET", f"images/{scene.image.pk}?{asked}{given}").json()["annotations"]
    return [(one["box"], one.get("shape", "not asked")) for one in sorted(found, key=lambda one: one["object_id"])]


def of_known(scene: Scene, on: int = 1, **fields: Any) -> int:
    """Change the known car; the new head."""
    response = scene.edit({"op": "set", "object_id": scene.known, **fields}, on=on)
    assert response.status_code == 201, response.content
    return int(response.json()["number"])


@pytest.mark.parametrize("shape", [TRIANGLE, WITH_HOLE, TURNED, MASK])
def test_it_works(scene: Scene, shape: dict[str, Any]) -> None:
    of_known(scene, shape=shape, box=[10, 10, 50, 40])
    assert shapes(scene) == [([10, 10, 50, 40], shape)]
    assert shapes(scene, revision=1) == [([10, 10, 50, 40], None)]
    assert shapes(scene, asked="") == [([10, 10, 50, 40], "not asked")]


def test_without_a_box_the_box_is_the_one_around_it(scene: Scene) -> None:
    scene.edit({"op": "add", "class_id": scene.car, "shape": WITH_HOLE})
    assert shapes(scene)[1] == ([10, 10, 70, 70], WITH_HOLE)
    new = Annotation.objects.latest("pk")
    assert new.area == facts_of(bytes(new.shape)).area == 1200 - 50 + 50  # COCO's size of what is drawn


def test_the_shape_goes_with_its_box_and_goes_where_it_is_told_to(scene: Scene) -> None:
    of_known(scene, shape=TRIANGLE)
    of_known(scene, on=2, box=[20, 10, 60, 70])
    twice_as_high = {"kind": "polygon", "parts": [[[[20.0, 10.0], [60.0, 10.0], [40.25, 70.0]]]]}
    assert shapes(scene) == [([20, 10, 60, 70], twice_as_high)]
    of_known(scene, on=3, class_id=scene.rider, attributes={"occluded": True})
    assert shapes(scene)[0][1] == twice_as_high
    of_known(scene, on=4, shape=None)
    assert shapes(scene) == [([20, 10, 60, 70], None)]


def test_a_mask_cannot_follow_its_box_and_the_revision_says_so(scene: Scene) -> None:
    of_known(scene, shape=MASK, box=[10, 10, 50, 40])
    of_known(scene, on=2, box=[11, 10, 50, 40])
    assert shapes(scene)[0][1] is None
    said = call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/revisions").json()["items"][0]["message"]
    assert said == "Fix (1 mask was left out: a mask cannot follow its box)"


def test_diff_history_and_going_back(scene: Scene) -> None:
    of_known(scene, shape=TRIANGLE)
    of_known(scene, on=2, shape=TURNED, box=[10, 10, 50, 40])
    revisions = call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/revisions").json()["items"]
    diff = f"revisions/{revisions[0]['id']}/diff"
    (change,) = call(scene.cast.bob, "GET", f"{diff}?shapes=true").json()["items"]
    assert (change["change"], change["before"]["shape"], change["after"]["shape"]) == ("reshaped", TRIANGLE, TURNED)
    (change,) = call(scene.cast.bob, "GET", diff).json()["items"]
    assert "shape" not in change["before"]
    newest = call(scene.cast.bob, "GET", f"images/{scene.image.pk}/history?shapes=true").json()[0]
    assert newest["changes"][0]["after"]["shape"] == TURNED
    call(scene.cast.alice, "POST", f"datasets/{scene.dataset.pk}/revert", {"to": 2})
    assert shapes(scene)[0][1] == TRIANGLE


def test_changes_of_many_objects_leave_shapes_as_they_are(scene: Scene) -> None:
    of_known(scene, shape=TRIANGLE)
    row = Annotation.objects.get(died=None)
    relabel_objects(dataset=scene.dataset, annotation_ids=np.array([row.pk]), class_id=scene.rider, by=scene.cast.alice)
    assert shapes(scene)[0][1] == TRIANGLE


def test_another_shape_is_another_manifest(scene: Scene) -> None:
    of_known(scene, shape=TRIANGLE)
    of_known(scene, on=2, shape=None)
    scene.dataset.refresh_from_db()
    hashes = [freeze(dataset=scene.dataset, revision=at, image_ids=[scene.image.pk]).content_hash for at in (1, 2, 3)]
    assert hashes[0] == hashes[2] != hashes[1]


def test_it_rejects_what_is_no_shape_by_its_place(scene: Scene) -> None:
    wrong = {"kind": "polygon", "parts": [[[[10, 10], [50, 10]]]]}
    response = scene.edit({"op": "set", "object_id": scene.known, "shape": wrong})
    assert_problem(response, 400, mentions="The shape has 2 points in part 1, ring 1, and 3 are the fewest.")
    outside = {"kind": "turned", "centre": [9000, 9000], "size": [2, 2], "angle": 0}
    assert_problem(scene.edit({"op": "add", "class_id": scene.car, "shape": outside}), 400, mentions="no part inside")
