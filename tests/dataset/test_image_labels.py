"""Labels of an image as a whole: tags and metadata, given by labellers."""

import pytest

from accounts.models import AuditLine, Role
from dataset.models import Dataset, Tag
from tests.factories import Cast, assert_charlie_gets_404, call, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    row = make_dataset(cast.project)
    row.metadata_keys = ["camera", "weather"]
    row.save()
    for number, weather in enumerate(["clear", "rainy", "clear", "rainy"]):
        make_image(row, metadata={"weather": weather, "camera": f"serial {number}"})
    return row


def test_a_labeller_says_what_an_image_is(cast: Cast, dataset: Dataset) -> None:
    Tag.objects.create(dataset=dataset, name="tunnel")
    image = dataset.images.order_by("pk")[0]
    path = f"images/{image.pk}/labels"
    changes = {"add_tags": ["tunnel", "rejected"], "metadata": {"weather": "rainy"}}
    answer = call(cast.bob, "PATCH", path, changes)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"tags": ["rejected", "tunnel"], "metadata": {"weather": "rainy", "camera": "serial 0"}}
    line = AuditLine.objects.get(action="image.label")
    assert (line.actor, line.data["metadata"]) == (cast.bob, {"weather": ["clear", "rainy"]})
    gone = {"remove_tags": ["rejected"], "metadata": {"weather": None}}
    assert call(cast.bob, "PATCH", path, gone).json() == {"tags": ["tunnel"], "metadata": {"camera": "serial 0"}}


def test_the_choices_are_those_of_the_dataset(cast: Cast, dataset: Dataset) -> None:
    Tag.objects.create(dataset=dataset, name="rejected")
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/image-choices").json() == {
        "tags": [],
        "metadata": [{"key": "weather", "values": ["clear", "rainy"]}],
    }


def test_new_words_are_for_managers(cast: Cast, dataset: Dataset) -> None:
    path = f"images/{dataset.images.all()[0].pk}/labels"
    assert list(call(cast.bob, "PATCH", path, {"metadata": {"mood": "grey"}}).json()["errors"]) == ["metadata.mood"]
    assert list(call(cast.bob, "PATCH", path, {"add_tags": ["new"]}).json()["errors"]) == ["add_tags"]
    assert not AuditLine.objects.filter(action="image.label")


def test_charlie_sees_nothing(cast: Cast, dataset: Dataset) -> None:
    assert_charlie_gets_404(cast, "PATCH", f"images/{dataset.images.all()[0].pk}/labels")
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/image-choices")
