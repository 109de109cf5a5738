"""Shapes through Label: carried by a task's boxes, moved with them, merged, and in conflict shown from both sides."""

from typing import Any

import pytest

from dataset.services.annotation_changes import AnnotationChange
from label.quality.voting import objects_seen, result_of
from science.shapes.packed import pack
from science.shapes.shape_json import from_json
from tests.factories import assert_problem, call
from tests.label.scene import CAR_BOX, Scene, new_box
from tests.label.test_merge_batch import merge, preview

pytestmark = pytest.mark.django_db

TRIANGLE = {"kind": "polygon", "parts": [[[[10.0, 10.0], [50.0, 10.0], [30.5, 40.0]]]]}
OTHER = {"kind": "polygon", "parts": [[[[10.0, 10.0], [50.0, 12.0], [30.5, 40.0]]]]}
MASK = {"kind": "mask", "size": [480, 640], "counts": "Zf4n0hXW9"}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def draw(scene: Scene, shape: dict[str, Any] | None, place: int = 0) -> None:
    """Give the present car of an image that shape, in a revision."""
    car = scene.boxes(place)[0]
    packed = None if shape is None else pack(from_json(shape))
    change = AnnotationChange("set", scene.images[place].pk, car["object_id"], box=CAR_BOX, shape=packed)
    scene.edit(change)


def shape_of(scene: Scene) -> Any:
    return scene.boxes(0)[0].get("shape")


def test_a_shape_drawn_in_a_task_reaches_the_labels(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(
        scene.task(batch), boxes=[car | {"shape": TRIANGLE}, rider, new_box(scene.car, CAR_BOX) | {"shape": MASK}]
    )
    task = call(scene.cast.bob, "GET", f"tasks/{scene.task(batch).pk}").json()
    assert [box.get("shape") for box in task["boxes"]] == [TRIANGLE, None, MASK]
    scene.save(scene.task(batch), state="done")
    seen = preview(scene, batch)
    assert [item["change"] for item in seen["items"]] == ["reshaped", "added"]
    assert (seen["counts"]["changed"], seen["counts"]["added"]) == (1, 1)
    assert merge(scene, batch).status_code == 201
    assert [box.get("shape") for box in scene.boxes(0)] == [TRIANGLE, None, MASK]


def test_an_editor_that_knows_nothing_of_shapes_loses_none(scene: Scene) -> None:
    draw(scene, TRIANGLE)
    batch = scene.batch()
    car, rider = ({key: box[key] for key in ("id", "class_id", "box")} for box in scene.boxes(0))
    scene.save(scene.task(batch), boxes=[car, rider | {"class_id": scene.car}])
    scene.save(scene.task(batch), boxes=[car | {"box": [20, 20, 60, 50]}, rider], state="done")
    merge(scene, batch)
    assert shape_of(scene) == {"kind": "polygon", "parts": [[[[20.0, 20.0], [60.0, 20.0], [40.5, 50.0]]]]}


def test_a_mask_that_is_left_out_is_told_of(scene: Scene) -> None:
    draw(scene, MASK)
    batch = scene.batch()
    car, rider = ({key: box[key] for key in ("id", "class_id", "box")} for box in scene.boxes(0))
    answer = scene.save(scene.task(batch), boxes=[car | {"box": [20, 20, 60, 50]}, rider])
    assert [note["note"] for note in answer.json()["notes"]] == ["its mask was left out: a mask cannot follow its box"]


def test_it_rejects_what_is_no_shape(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    answer = scene.save(scene.task(batch), boxes=[car | {"shape": {"kind": "circle"}}, rider])
    assert_problem(answer, 400, mentions='The shape has no "kind" that is one of polygon, turned and mask.')


@pytest.mark.parametrize(("decision", "expected"), [("ours", TRIANGLE), ("theirs", OTHER)])
def test_two_outlines_of_one_object_are_a_conflict_that_shows_both(
    scene: Scene, decision: str, expected: dict[str, Any]
) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(scene.task(batch), boxes=[car | {"shape": TRIANGLE}, rider], state="done")
    draw(scene, OTHER)
    (conflict,) = preview(scene, batch)["conflicts"]
    assert (conflict["clash"], conflict["base"]["shape"]) == ("both_changed", None)
    assert (conflict["ours"]["shape"], conflict["theirs"]["shape"]) == (TRIANGLE, OTHER)
    assert merge(scene, batch, resolutions={str(car["object_id"]): decision}).status_code < 300
    assert shape_of(scene) == expected


def test_a_shape_from_one_side_and_a_class_from_the_other_come_together(scene: Scene) -> None:
    batch = scene.batch()
    car, rider = scene.boxes(0)
    scene.save(scene.task(batch), boxes=[car | {"class_id": scene.rider}, rider], state="done")
    draw(scene, TRIANGLE)
    assert preview(scene, batch)["conflicts"] == []
    merge(scene, batch)
    merged = scene.boxes(0)[0]
    assert (merged["class_id"], merged["shape"]) == (scene.rider, TRIANGLE)


def test_what_several_people_drew_is_the_outline_nearest_to_the_middle(scene: Scene) -> None:
    def copy(x: int, shape: dict[str, Any] | None) -> list[dict[str, Any]]:
        box = {"id": f"n{x}", "class_id": 1, "box": [x, 10, x + 40, 40], "attributes": {}}
        return [box if shape is None else box | {"shape": shape}]

    copies = {1: copy(10, TRIANGLE), 2: copy(12, OTHER), 3: copy(11, None)}
    (agreed,) = result_of(objects_seen(copies, {1: 1.0, 2: 1.0, 3: 1.0}, 0.5), {})
    assert (agreed["box"], agreed["shape"]) in (([10, 10, 50, 40], TRIANGLE), ([12, 10, 52, 40], OTHER))
    copies[2] = copy(12, None)
    (agreed,) = result_of(objects_seen(copies, {1: 1.0, 2: 1.0, 3: 1.0}, 0.5), {})
    assert (agreed["box"], agreed.get("shape")) == ([11, 10, 51, 40], None)
