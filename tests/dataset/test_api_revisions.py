"""revisions over HTTP: list, counts, diff page by page, revert, edits."""

from typing import Any

import pytest

from accounts.models import Role
from dataset.models import Dataset, Image
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_annotation,
    make_cast,
    make_dataset,
    make_image,
    signed_in,
)

pytestmark = pytest.mark.django_db


class Scene:
    """One image with one car, imported."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast(bob=Role.REVIEWER)
        self.dataset: Dataset = make_dataset(self.cast.project)
        self.image: Image = make_image(self.dataset)
        self.car, self.rider = (row.pk for row in self.dataset.classes.all())
        self.known = make_annotation(self.image, self.dataset.classes.all()[0]).object_id

    def edit(self, *edits: dict[str, Any], on: int = 1, by: Any = None) -> Any:
        edits_ = [{"image": self.image.pk, **edit} for edit in edits]
        body = {"on": on, "message": "Fix", "edits": edits_}
        return call(by or self.cast.alice, "POST", f"datasets/{self.dataset.pk}/edits", body)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_works(scene: Scene) -> None:
    response = scene.edit(
        {"op": "set", "object_id": scene.known, "class_id": scene.rider, "box": [11, 10, 50, 40]},
        {"op": "add", "class_id": scene.car, "box": [1, 2, 3, 4], "attributes": {"occluded": True}},
    )
    assert response.status_code == 201
    made = response.json()
    assert (made["number"], made["kind"], made["message"]) == (2, "edit", "Fix")
    assert made["counts"] == {"added": 1, "changed": 1, "removed": 0}
    listed = call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/revisions").json()
    assert [row["number"] for row in listed["items"]] == [2, 1]
    detail = call(scene.cast.bob, "GET", f"revisions/{made['id']}").json()
    assert detail["changes_by_kind"] == {"relabelled": 1, "moved": 1, "added": 1, "removed": 0}
    assert detail["by_class"] == [
        {"class_id": scene.car, "added": 1, "changed": 0, "removed": 0},
        {"class_id": scene.rider, "added": 0, "changed": 1, "removed": 0},
    ]


def test_the_diff_is_read_page_by_page(scene: Scene) -> None:
    made = scene.edit(
        {"op": "remove", "object_id": scene.known},
        *({"op": "add", "class_id": scene.car, "box": [x, 2, x + 5, 8]} for x in range(4)),
    ).json()
    path, after, kinds = f"revisions/{made['id']}/diff?limit=2", "", []
    for _ in range(3):
        page = call(scene.cast.bob, "GET", f"{path}{after}").json()
        kinds += [change["change"] for change in page["items"]]
        after = f"&after={page['next']}"
    assert (kinds, page["next"]) == (["removed", "added", "added", "added", "added"], None)
    first = call(scene.cast.bob, "GET", path).json()["items"][0]
    assert first["image"]["id"] == scene.image.pk
    assert (first["before"]["box"], first["after"]) == ([10, 10, 50, 40], None)


def test_it_is_reverted(scene: Scene) -> None:
    scene.edit({"op": "remove", "object_id": scene.known})
    path = f"datasets/{scene.dataset.pk}/revert"
    assert_problem(call(scene.cast.bob, "POST", path, {"to": 1}), 403)
    made = call(scene.cast.alice, "POST", path, {"to": 1}).json()
    assert (made["number"], made["kind"], made["message"]) == (3, "revert", "Back to revision 1")
    (row,) = call(scene.cast.bob, "GET", f"images/{scene.image.pk}").json()["annotations"]
    assert row["object_id"] == scene.known
    assert_problem(call(scene.cast.alice, "POST", path, {"to": 3}), 400, mentions="no revision 3")


def test_it_rejects_edits_of_an_older_revision(scene: Scene) -> None:
    scene.edit({"op": "remove", "object_id": scene.known})
    problem = assert_problem(scene.edit({"op": "add", "class_id": scene.car, "box": [1, 2, 3, 4]}), 412)
    assert problem["current"] == {"head_revision": 2}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"op": "paint"}, "edits.0.op"),
        ({"op": "add", "box": [1, 2, 3, 4]}, "edits.0"),
        ({"op": "add", "class_id": 0, "box": [1, 2, 3]}, "edits.0.box"),
        ({"op": "add", "class_id": 0, "box": [1, 2, 3, "x"]}, "edits.0.box.3"),
        ({"op": "remove", "object_id": 0}, "edits.0"),
    ],
)
def test_it_rejects_wrong_edits_by_field(scene: Scene, wrong: dict[str, Any], field: str) -> None:
    assert field in assert_problem(scene.edit(wrong), 400)["errors"]


def test_it_rejects_numbers_that_json_does_not_have(scene: Scene) -> None:
    edit = f'{{"op": "add", "image": {scene.image.pk}, "class_id": {scene.car}, "box": [NaN, 1, 2, 3]}}'
    body = f'{{"on": 1, "edits": [{edit}]}}'
    path = f"/api/v1/datasets/{scene.dataset.pk}/edits"
    assert_problem(signed_in(scene.cast.alice).post(path, body, content_type="application/json"), 400)


def test_charlie(scene: Scene) -> None:
    revision = scene.dataset.revisions.get().pk
    assert_charlie_gets_404(scene.cast, "GET", f"datasets/{scene.dataset.pk}/revisions")
    assert_charlie_gets_404(scene.cast, "GET", f"revisions/{revision}")
    assert_charlie_gets_404(scene.cast, "GET", f"revisions/{revision}/diff")
    assert_charlie_gets_404(scene.cast, "POST", f"datasets/{scene.dataset.pk}/revert", {"to": 0})
    assert_problem(scene.edit({"op": "remove", "object_id": scene.known}, by=scene.cast.charlie), 404)
