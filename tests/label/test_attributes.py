"""What a schema of attributes asks of a save, and what of an image that is called done."""

from typing import Any

import pytest

from accounts.models import Role
from dataset.models import Annotation, Attribute
from tests.factories import call
from tests.label.scene import CAR_BOX, Scene, new_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def ask(scene: Scene, name: str, kind: str, **fields: Any) -> Attribute:
    return Attribute.objects.create(dataset=scene.dataset, name=name, kind=kind, **fields)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"pose": "left"}, "pose is one of “front”, “back”, not “left”."),
        ({"speed": 300}, "speed is 200 or less, not 300."),
        ({"speed": True}, "speed is a number, not true."),
        ({"lit": 1}, "lit is true or false, not “1”."),
        ({"note": 5}, "note is a text, not “5”."),
    ],
)
def test_a_value_that_the_schema_refuses_is_named(scene: Scene, value: dict[str, Any], says: str) -> None:
    ask(scene, "pose", "choice", values=["front", "back"])
    ask(scene, "speed", "number", maximum=200)
    ask(scene, "lit", "checkbox")
    ask(scene, "note", "text")
    task = scene.task(scene.batch())
    answer = scene.save(task, boxes=[new_box(scene.car, CAR_BOX) | {"attributes": value}])
    assert (answer.status_code, answer.json()["errors"]) == (400, {"boxes.n1": [says]})
    fine = {"pose": "back", "speed": 30.5, "lit": True, "note": "", "free": "as ever"}
    assert scene.save(task, boxes=[new_box(scene.car, CAR_BOX) | {"attributes": fine}]).status_code == 200


def test_what_came_before_the_schema_may_stay_but_not_spread(scene: Scene) -> None:
    Annotation.objects.filter(dataset=scene.dataset).update(attributes={"pose": "left"})
    task = scene.task(scene.batch())
    ask(scene, "pose", "choice", values=["front", "back"])
    car, rider = scene.boxes()
    assert scene.save(task, boxes=[car | {"box": [11, 11, 50, 40]}, rider]).status_code == 200
    copy = new_box(scene.car, CAR_BOX) | {"attributes": {"pose": "left"}}
    assert list(scene.save(task, boxes=[car, rider, copy]).json()["errors"]) == ["boxes.n1"]


def test_an_image_is_not_done_without_what_is_required(scene: Scene) -> None:
    task = scene.task(scene.batch())  # begun before the schema
    ask(scene, "lit", "checkbox", required=True, label_class_id=scene.car)
    car, rider = scene.boxes()
    answer = scene.save(task, state="done")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {f"boxes.{car['id']}": ["lit is required."]}
    assert scene.save(task, boxes=[car, rider]).status_code == 200  # work goes on
    assert scene.save(task, state="skipped").status_code == 200
    assert scene.save(task, boxes=[car | {"ignore": "region"}, rider], state="done").status_code == 200
    filled = [car | {"attributes": {"lit": False}, "ignore": "no"}, rider]
    assert scene.save(task, boxes=filled, state="done").status_code == 200


def test_handing_in_for_review_asks_the_same(scene: Scene) -> None:
    task = scene.task(scene.batch(review=True))
    ask(scene, "lit", "checkbox", required=True)
    assert len(scene.save(task, state="in_review").json()["errors"]) == 2


def test_the_editor_reads_the_schema_with_the_task(scene: Scene) -> None:
    ask(scene, "lit", "checkbox", default=False)
    read = call(scene.cast.bob, "get", f"tasks/{scene.task(scene.batch()).pk}").json()
    assert [(one["name"], one["default"], one["class_id"]) for one in read["attributes"]] == [("lit", False, None)]
    assert read["image"]["tags"] == []


def test_the_query_line_completes_what_the_schema_says(scene: Scene) -> None:
    ask(scene, "pose", "choice", values=["front", "back"])
    ask(scene, "speed", "number")
    Annotation.objects.filter(dataset=scene.dataset, label_class=scene.car).update(attributes={"pose": "left"})
    found = call(scene.cast.bob, "get", f"datasets/{scene.dataset.pk}/query/completions").json()
    fields = {one["name"]: one for one in next(f for f in found["functions"] if f["name"] == "any")["fields"]}
    assert (fields["pose"]["values"], fields["speed"]["type"]) == (["front", "back", "left"], "number")


def test_viewers_cannot_save() -> None:
    scene = Scene(bob=Role.VIEWER)
    assert scene.save(scene.task(scene.batch()), boxes=[]).status_code == 403
