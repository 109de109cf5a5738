"""datasets and classes over HTTP."""

from typing import Any

import pytest

from accounts.models import AuditLine, Role
from dataset.models import Annotation, Dataset, Prediction
from dataset.services import manifests
from dataset.services.predictions import store_predictions
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
    return make_cast(bob=Role.REVIEWER)


def create(cast: Cast, **fields: Any) -> Any:
    body = {"project": cast.project.pk, "name": "Night", "classes": [{"name": "car"}, {"name": "rider"}], **fields}
    return call(cast.alice, "POST", "datasets", body)


def test_it_works(cast: Cast) -> None:
    response = create(cast, description="After dark")
    assert response.status_code == 201
    made = response.json()
    assert (made["head_revision"], made["image_count"], made["cover"], made["metadata_keys"]) == (0, 0, [], [])
    assert [(row["index"], row["name"], row["hotkey"]) for row in made["classes"]] == [
        (0, "car", "1"),
        (1, "rider", "2"),
    ]
    assert made["classes"][0]["colour"] != made["classes"][1]["colour"]
    assert call(cast.bob, "GET", f"datasets/{made['id']}").json() == made
    assert call(cast.bob, "GET", f"datasets?project={cast.project.pk}").json()["items"] == [made]
    assert AuditLine.objects.filter(action="dataset.create", actor=cast.alice).exists()


def test_the_cover_shows_up_to_four_images(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    for expected in (1, 2, 3, 4, 4, 4):
        make_image(dataset)
        cover = call(cast.bob, "GET", f"datasets/{dataset.pk}").json()["cover"]
        assert (len(cover), len(set(cover))) == (expected, expected)
    assert cover[0].startswith("/api/v1/images/")


def test_a_manager_changes_it(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    changed = call(cast.alice, "PATCH", f"datasets/{dataset.pk}", {"name": "Day"})
    assert changed.json()["name"] == "Day"
    assert_problem(call(cast.bob, "PATCH", f"datasets/{dataset.pk}", {"name": "x"}), 403, mentions="manager")


def test_it_rejects_a_name_twice(cast: Cast) -> None:
    create(cast)
    assert "name" in assert_problem(create(cast), 409)["errors"]
    other = make_dataset(cast.project)
    assert_problem(call(cast.alice, "PATCH", f"datasets/{other.pk}", {"name": "Night"}), 409)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"classes": [{"name": "car"}, {"name": "car"}]}, "name"),
        ({"classes": [{"colour": "#ffffff"}]}, "classes.0.name"),
        ({"classes": [{"name": "car", "colour": "red"}]}, "classes.0.colour"),
        ({"project": "x"}, "project"),
    ],
)
def test_it_rejects_wrong_input_by_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    assert field in assert_problem(create(cast, **wrong), 400)["errors"]
    assert not Dataset.objects.exists()


def test_classes_are_appended_and_changed(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    made = call(cast.alice, "POST", f"datasets/{dataset.pk}/classes", {"name": "bike", "hotkey": "b"}).json()
    assert (made["index"], made["hotkey"]) == (2, "b")
    changed = call(cast.alice, "PATCH", f"classes/{made['id']}", {"colour": "#123456", "hotkey": ""}).json()
    assert (changed["name"], changed["colour"], changed["hotkey"]) == ("bike", "#123456", None)
    assert_problem(call(cast.alice, "PATCH", f"classes/{made['id']}", {"name": "car"}), 409)
    assert_problem(call(cast.bob, "PATCH", f"classes/{made['id']}", {"name": "bus"}), 403)


def test_an_owner_deletes_it_with_all_that_hangs_on_it(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    image = make_image(dataset)
    label = dataset.classes.all()[0]
    make_annotation(image, label)
    dataset.refresh_from_db()
    manifest = manifests.freeze(dataset=dataset, image_ids=[image.pk], revision=1)
    arrays = {"image_ids": [image.pk], "class_ids": [label.pk], "boxes": [[1, 1, 5, 5]], "scores": [0.9]}
    store_predictions(dataset=dataset, manifest=manifest, name="Test", kind="imported", **arrays)
    assert_problem(call(cast.bob, "DELETE", f"datasets/{dataset.pk}"), 403, mentions="owner")
    assert call(cast.alice, "DELETE", f"datasets/{dataset.pk}").status_code == 204
    assert [model.objects.count() for model in (Dataset, Annotation, Prediction)] == [0, 0, 0]


def test_charlie(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    label = dataset.classes.all()[0].pk
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}")
    assert_charlie_gets_404(cast, "PATCH", f"datasets/{dataset.pk}", {"name": "x"})
    assert_charlie_gets_404(cast, "DELETE", f"datasets/{dataset.pk}")
    assert_charlie_gets_404(cast, "POST", "datasets", {"project": cast.project.pk, "name": "x"})
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/classes", {"name": "x"})
    assert_charlie_gets_404(cast, "PATCH", f"classes/{label}", {"name": "x"})
    assert call(cast.charlie, "GET", f"datasets?project={cast.project.pk}").json()["items"] == []
