"""slices and manifests over HTTP."""

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
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    """Three images, the first with two boxes; two of them taken in the rain."""
    dataset = make_dataset(cast.project)
    for weather in ("rainy", "clear", "rainy"):
        make_image(dataset, metadata={"weather": weather, "wet": weather == "rainy"})
    first = dataset.images.order_by("pk")[0]
    for label in dataset.classes.all():
        make_annotation(first, label)
    return dataset


def images(dataset: Dataset) -> list[int]:
    return list(dataset.images.order_by("pk").values_list("pk", flat=True))


def create(cast: Cast, dataset: Dataset, **body: Any) -> Any:
    return call(cast.alice, "POST", f"datasets/{dataset.pk}/slices", {"name": "some", **body})


def test_it_works(cast: Cast, dataset: Dataset) -> None:
    response = create(cast, dataset, images=images(dataset)[:2], description="Two")
    assert response.status_code == 201
    made = response.json()
    assert (made["image_count"], made["origin"], made["created_by"]["name"]) == (2, {"kind": "hand"}, "Alice")
    assert call(cast.bob, "GET", f"slices/{made['id']}").json() == made
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/slices").json() == {"items": [made], "next": None}
    assert call(cast.bob, "GET", f"images/{images(dataset)[0]}").json()["slices"] == [
        {"id": made["id"], "name": "some"}
    ]


def test_a_union_and_a_stated_origin(cast: Cast, dataset: Dataset) -> None:
    a, b, c = images(dataset)
    parts = [create(cast, dataset, name=f"part {n}", images=ids).json()["id"] for n, ids in enumerate(([a, b], [b, c]))]
    union = create(cast, dataset, union=parts).json()
    named = [{"id": number, "name": f"part {n}"} for n, number in enumerate(parts)]
    assert union["image_count"] == 3
    assert union["origin"] == {"kind": "slices", "operation": "union", "slices": named}
    stated = create(cast, dataset, name="found", images=[a], origin={"kind": "diagnosis", "evaluation": 7}).json()
    assert stated["origin"] == {"kind": "diagnosis", "evaluation": 7}


def test_a_query(cast: Cast, dataset: Dataset) -> None:
    made = create(cast, dataset, q='weather = "rainy"').json()
    assert (made["image_count"], made["origin"]) == (2, {"kind": "query", "q": 'weather = "rainy"'})
    assert "q" in assert_problem(create(cast, dataset, name="wrong", q="weather = ="), 400)["errors"]


def test_what_is_in_it(cast: Cast, dataset: Dataset) -> None:
    made = create(cast, dataset, images=images(dataset)).json()["id"]
    found = call(cast.bob, "GET", f"slices/{made}/statistics").json()
    assert (found["images"], found["boxes"], found["empty_images"]) == (3, 2, 2)
    assert found["classes"] == [{"class_id": row.pk, "images": 1, "boxes": 1} for row in dataset.classes.all()]
    assert found["metadata"] == [
        {"key": "weather", "values": [{"value": "rainy", "images": 2}, {"value": "clear", "images": 1}]},
        {"key": "wet", "values": [{"value": "true", "images": 2}, {"value": "false", "images": 1}]},
    ]


def test_it_is_renamed_filled_and_deleted(cast: Cast, dataset: Dataset) -> None:
    a, b, c = images(dataset)
    made = create(cast, dataset, images=[a]).json()["id"]
    assert call(cast.alice, "PATCH", f"slices/{made}", {"name": "other"}).json()["name"] == "other"
    filled = call(cast.alice, "POST", f"slices/{made}/images", {"add": [b, c], "remove": [a]}).json()
    assert filled["image_count"] == 2
    assert call(cast.alice, "DELETE", f"slices/{made}").status_code == 204
    assert Image.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"images": [], "union": []}, 400),
        ({"images": [0]}, 400),
        ({"union": [0]}, 400),
        ({"images": ["x"]}, 400),
        ({"images": [], "name": ""}, 400),
        ({"images": [], "origin": {"kind": "magic"}}, 400),
    ],
)
def test_it_rejects_wrong_input(cast: Cast, dataset: Dataset, body: dict[str, Any], status: int) -> None:
    assert_problem(create(cast, dataset, **body), status)


def test_it_rejects_a_name_twice_and_a_weak_role(cast: Cast, dataset: Dataset) -> None:
    made = create(cast, dataset, images=[]).json()["id"]
    assert_problem(create(cast, dataset, images=[]), 409, mentions="named some")
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/slices", {"name": "x", "images": []}), 403)
    assert_problem(call(cast.bob, "DELETE", f"slices/{made}"), 403)


def test_charlie(cast: Cast, dataset: Dataset) -> None:
    made = create(cast, dataset, images=images(dataset)).json()["id"]
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/slices")
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/slices", {"name": "x", "images": []})
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/statistics"), ("POST", "/images")):
        assert_charlie_gets_404(cast, method, f"slices/{made}{path}", {} if method != "GET" else None)
