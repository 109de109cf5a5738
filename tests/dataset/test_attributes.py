"""The schema of attributes over HTTP: added, suggested, renamed, ordered, removed."""

from typing import Any

import pytest

from accounts.models import AuditLine, Role
from dataset.models import Annotation, Attribute, Dataset
from tests.factories import Cast, assert_charlie_gets_404, call, make_annotation, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


def create(cast: Cast, dataset: Dataset, *attributes: dict[str, Any]) -> Any:
    return call(cast.alice, "POST", f"datasets/{dataset.pk}/attributes", {"attributes": list(attributes)})


def labelled(dataset: Dataset, place: int, *of: dict[str, Any] | None) -> list[Annotation]:
    """Labels of the class at that place, each with these attributes."""
    image, label_class = make_image(dataset), dataset.classes.get(index=place)
    rows = [make_annotation(image, label_class) for _ in of]
    for row, attributes in zip(rows, of, strict=True):
        row.attributes = attributes
        row.save(update_fields=["attributes"])
    return rows


def now(dataset: Dataset) -> list[dict[str, Any] | None]:
    rows = Annotation.objects.filter(dataset=dataset, died=None).order_by("object_id")
    return list(rows.values_list("attributes", flat=True))


def test_it_works(cast: Cast, dataset: Dataset) -> None:
    car = dataset.classes.get(index=0)
    fields = {"class_id": car.pk, "name": " occlusion ", "kind": "choice", "values": ["none", "part"], "required": True}
    response = create(cast, dataset, fields, {"name": "speed", "kind": "number", "minimum": 0, "unit": "km/h"})
    assert response.status_code == 201, response.content
    read = call(cast.bob, "GET", f"datasets/{dataset.pk}").json()["attributes"]
    assert [(one["name"], one["class_id"], one["required"]) for one in read] == [
        ("occlusion", car.pk, True),
        ("speed", None, False),
    ]
    assert (read[0]["values"], read[1]["minimum"], read[1]["unit"]) == (["none", "part"], 0, "km/h")
    assert AuditLine.objects.filter(action="attribute.create", actor=cast.alice).count() == 2


@pytest.mark.parametrize(
    ("fields", "where", "says"),
    [
        ({"name": "pose", "kind": "choice"}, "values", "1 to 200 values"),
        ({"name": "pose", "kind": "choice", "values": ["up", "up"]}, "values", "twice"),
        ({"name": "speed", "kind": "number", "minimum": 3, "maximum": 2}, "maximum", "less than the smallest"),
        ({"name": "speed", "kind": "number", "maximum": 2, "default": 3}, "default", "2 or less"),
        ({"name": "lit", "kind": "checkbox", "default": "yes"}, "default", "true or false"),
        ({"name": "rotation", "kind": "number"}, "name", "keeps rotation by itself"),
        ({"name": "taken", "kind": "text"}, "name", "every class has an attribute taken"),
    ],
)
def test_it_rejects_what_makes_no_sense(
    cast: Cast, dataset: Dataset, fields: dict[str, Any], where: str, says: str
) -> None:
    create(cast, dataset, {"name": "taken", "kind": "checkbox"})
    response = create(cast, dataset, {"name": "good", "kind": "text"}, fields)
    assert response.status_code in (400, 409)
    assert says in response.json()["errors"][f"attributes.1.{where}"][0]
    assert [row.name for row in Attribute.objects.filter(dataset=dataset)] == ["taken"]


def test_values_move_with_a_name_in_one_revision(cast: Cast, dataset: Dataset) -> None:
    labelled(dataset, 0, {"occl": True, "lane": 2}, {"lane": 1}, None)
    labelled(dataset, 1, {"occl": False})
    car = dataset.classes.get(index=0)
    pk = create(cast, dataset, {"class_id": car.pk, "name": "occl", "kind": "checkbox"}).json()[0]["id"]
    uses = call(cast.bob, "GET", f"attributes/{pk}/uses").json()
    assert uses == {"labels": 1, "values": [{"value": True, "labels": 1}]}
    response = call(cast.alice, "PATCH", f"attributes/{pk}", {"name": "occluded", "move_values": True})
    assert response.status_code == 200, response.content
    assert (response.json()["attribute"]["name"], response.json()["changed"]) == ("occluded", 1)
    assert dataset.revisions.latest("number").message == "On 1 label occl is called occluded"
    assert now(dataset) == [{"lane": 2, "occluded": True}, {"lane": 1}, None, {"occl": False}]
    assert call(cast.alice, "DELETE", f"attributes/{pk}?values=remove").json()["changed"] == 1
    assert now(dataset) == [{"lane": 2}, {"lane": 1}, None, {"occl": False}]
    assert not Attribute.objects.filter(dataset=dataset)


def test_a_value_that_would_be_lost_is_told(cast: Cast, dataset: Dataset) -> None:
    labelled(dataset, 0, {"occl": True, "occluded": False})
    pk = create(cast, dataset, {"name": "occl", "kind": "checkbox"}).json()[0]["id"]
    response = call(cast.alice, "PATCH", f"attributes/{pk}", {"name": "occluded", "move_values": True})
    assert (response.status_code, response.json()["detail"]) == (
        409,
        "1 label has occl and occluded; one of the values would be lost.",
    )
    assert now(dataset) == [{"occl": True, "occluded": False}]
    assert Attribute.objects.get(pk=pk).name == "occl"


def test_it_is_suggested_by_what_labels_carry(cast: Cast, dataset: Dataset) -> None:
    labelled(dataset, 0, *[{"occluded": True, "pose": "front", "age": n / 7} for n in range(26)], {"pose": "back"})
    labelled(dataset, 0, {"pose": "back", "note": "half hidden", "rotation": 3.5})
    labelled(dataset, 1, {"occluded": False})
    car = dataset.classes.get(index=0)
    found = {one["name"]: one for one in call(cast.bob, "GET", f"datasets/{dataset.pk}/attributes/suggested").json()}
    assert {name: (one["class_id"], one["kind"]) for name, one in found.items()} == {
        "age": (car.pk, "number"),
        "note": (car.pk, "text"),
        "occluded": (None, "checkbox"),
        "pose": (car.pk, "choice"),
    }
    assert (found["pose"]["values"], found["age"]["maximum"]) == (["back", "front"], pytest.approx(25 / 7))
    assert found["pose"]["found"] == [{"value": "front", "labels": 26}, {"value": "back", "labels": 2}]
    create(cast, dataset, {"name": "occluded", "kind": "checkbox"})
    left = call(cast.bob, "GET", f"datasets/{dataset.pk}/attributes/suggested").json()
    assert "occluded" not in [one["name"] for one in left]


def test_it_is_ordered(cast: Cast, dataset: Dataset) -> None:
    first, second = create(cast, dataset, {"name": "a", "kind": "text"}, {"name": "b", "kind": "text"}).json()
    path = f"datasets/{dataset.pk}/attributes/order"
    assert call(cast.alice, "PUT", path, {"ids": [second["id"], first["id"]]}).status_code == 200
    read = call(cast.bob, "GET", f"datasets/{dataset.pk}").json()["attributes"]
    assert [one["name"] for one in read] == ["b", "a"]
    assert call(cast.alice, "PUT", path, {"ids": [first["id"]]}).status_code == 400


def test_a_labeller_may_not_and_charlie_sees_nothing(cast: Cast, dataset: Dataset) -> None:
    pk = create(cast, dataset, {"name": "a", "kind": "text"}).json()[0]["id"]
    assert call(cast.bob, "PATCH", f"attributes/{pk}", {"name": "b"}).status_code == 403
    for method, path in [
        ("POST", f"datasets/{dataset.pk}/attributes"),
        ("GET", f"datasets/{dataset.pk}/attributes/suggested"),
        ("PUT", f"datasets/{dataset.pk}/attributes/order"),
        ("PATCH", f"attributes/{pk}"),
        ("DELETE", f"attributes/{pk}"),
        ("GET", f"attributes/{pk}/uses"),
    ]:
        assert_charlie_gets_404(cast, method, path)
