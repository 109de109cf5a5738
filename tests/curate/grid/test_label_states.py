"""Ignored labels and label states in the grid: drawn, counted, asked for, and changed for all that are selected."""

from typing import Any

import pytest

from curate.query.image_search import image_ids
from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset, Image
from tests.curate.factories import Picture, make_dataset, make_images, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
BOX, OTHER = (10, 10, 60, 60), (100, 100, 200, 200)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    """Two cars of which one is a crowd, a crowd alone, nothing, and one that nobody looked at."""
    pictures = [
        Picture(boxes=[("car", *BOX), ("car", *OTHER)]),
        Picture(boxes=[("car", *OTHER)]),
        Picture(),
        Picture(labelled=False),
    ]
    made = make_images(dataset, pictures)
    Annotation.objects.filter(image__in=made[:2], x1=100).update(ignore=Ignore.CROWD)
    return made


def get(cast: Cast, path: str) -> Any:
    response = call(cast.bob, "GET", path)
    assert response.status_code == 200, response.content
    return response.json()


def post(cast: Cast, dataset: Dataset, action: str, body: dict[str, Any]) -> Any:
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/{action}", body)
    assert response.status_code == 201, response.content
    return response.json()


def test_the_states_are_the_same_with_and_without_boxes(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    path = f"datasets/{dataset.pk}/images"
    plain, drawn = ([row["label_state"] for row in get(cast, path + query)["items"]] for query in ("", "?boxes=true"))
    assert plain == drawn == ["labelled", "labelled", "negative", "not_labelled"]


# Places of the images that a line means.
LINES = {
    "labelled": [0, 1, 2],
    "not labelled": [3],
    "negative": [2],
    "labelled = true and negative = false": [0, 1],
    "any(car)": [0],
    "not any(car)": [1, 2, 3],
    "count(car) = 1": [0],
    "count(car, ignore = true) = 1": [0, 1],
    "count(car, ignore = true or ignore = false) = 2": [0],
    "any(*, crowd = true and area > 50)": [0, 1],
    "any(car, not crowd = true)": [0],
    "count(car, revision = 1) = 1": [0],
    "all(car, area < 5000)": [0],
}


@pytest.mark.parametrize("warm", [False, True], ids=["from the tables", "from the columns"])
@pytest.mark.parametrize("line", LINES)
def test_what_a_line_means(cast: Cast, dataset: Dataset, images: list[Image], line: str, warm: bool) -> None:
    if warm:
        get(cast, f"datasets/{dataset.pk}/facets")
    places = {image.pk: place for place, image in enumerate(images)}
    assert sorted(places[pk] for pk in image_ids(dataset, line)) == LINES[line]


# As it was: the second image was labelled at revision 2, the first one's boxes were taken away at 3.
AT_REVISIONS = {
    "revision = 0 and labelled": [],
    "revision = 1 and labelled": [0, 2],
    "revision = 1 and negative": [2],
    "revision = 1 and not labelled": [1, 3],
    "revision = 2 and labelled": [0, 1, 2],
    "revision = 3 and negative": [0, 2],
    "negative": [0, 2],
}


@pytest.mark.parametrize("line", AT_REVISIONS)
def test_beside_a_revision_the_state_of_then_is_meant(dataset: Dataset, images: list[Image], line: str) -> None:
    Image.objects.filter(pk=images[1].pk).update(labelled_since=2)
    Annotation.objects.filter(image=images[1]).update(born=2)
    Annotation.objects.filter(image=images[0]).update(died=3)
    dataset.head_revision = 3
    dataset.save(update_fields=["head_revision"])
    places = {image.pk: place for place, image in enumerate(images)}
    assert sorted(places[pk] for pk in image_ids(dataset, line)) == AT_REVISIONS[line]


def test_a_metadata_key_of_that_name_is_asked_for_as_such(dataset: Dataset, images: list[Image]) -> None:
    (more,) = make_images(dataset, [Picture(metadata={"labelled": "by hand", "negative": 5}, labelled=False)])
    assert image_ids(dataset, 'metadata.labelled = "by hand"') == [more.pk]
    assert image_ids(dataset, "metadata.negative > 4 and not labelled") == [more.pk]


def test_facets_and_statistics_count_objects_and_states(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    found = get(cast, f"datasets/{dataset.pk}/facets")
    assert {one["label_state"]: one["images"] for one in found["label_states"]} == {
        "not_labelled": 1, "negative": 1, "labelled": 2,
    }  # fmt: skip
    car = next(one for one in found["classes"] if one["class_id"] == dataset.classes.get(name="car").pk)
    assert (car["images"], car["boxes"]) == (1, 1)
    narrowed = get(cast, f"datasets/{dataset.pk}/facets?q=not any(car)")
    assert [one["images"] for one in narrowed["label_states"]] == [1, 1, 1]
    statistics = get(cast, f"slices/{make_slice(dataset, 'all', images).pk}/statistics")
    assert {name: statistics[name] for name in statistics if name.endswith("images")} == {
        "images": 4, "empty_images": 2, "labelled_images": 2, "negative_images": 1, "unlabelled_images": 1,
    }  # fmt: skip
    assert statistics["boxes"] == 1


def test_a_row_says_its_state_and_what_is_ignored(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    rows = get(cast, f"datasets/{dataset.pk}/images?boxes=true")["items"]
    assert [row["label_state"] for row in rows] == ["labelled", "labelled", "negative", "not_labelled"]
    assert [box.get("ignore") for box in rows[0]["boxes"]] == [None, "crowd"]


def test_labels_are_ignored_and_count_again(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    row = Annotation.objects.get(image=images[0], x1=10)
    made = post(cast, dataset, "ignore", {"chosen": {"ids": [row.pk]}, "ignore": "anything"})
    assert made["counts"] == {"added": 0, "changed": 1, "removed": 0}
    now = Annotation.objects.get(object_id=row.object_id, died=None)
    assert (now.ignore, now.x1, now.label_class_id) == (Ignore.ANYTHING, 10, row.label_class_id)
    assert get(cast, f"datasets/{dataset.pk}/images/count?q=any(car)")["count"] == 0
    post(cast, dataset, "ignore", {"chosen": {"ids": [now.pk]}, "ignore": "no", "on": made["number"]})
    assert get(cast, f"datasets/{dataset.pk}/images/count?q=any(car)")["count"] == 1
    again = {"chosen": {"ids": [now.pk]}, "ignore": "anything"}
    assert_problem(call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/ignore", again), 400)


def test_images_are_said_to_show_nothing_or_not_to_be_labelled(
    cast: Cast, dataset: Dataset, images: list[Image]
) -> None:
    everything = {"chosen": {"q": ""}, "state": "negative"}
    made = post(cast, dataset, "label-state", everything)
    assert made["images"] == 1
    assert get(cast, f"datasets/{dataset.pk}/images/count?q=negative")["count"] == 2
    found = get(cast, f"datasets/{dataset.pk}/facets")["label_states"]
    assert [one["images"] for one in found] == [0, 2, 2]
    assert_problem(call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/label-state", everything), 400)
    post(cast, dataset, "label-state", {"chosen": {"ids": [images[0].pk, images[2].pk]}, "state": "not_labelled"})
    assert sorted(image_ids(dataset, "not labelled")) == [images[2].pk]


def test_undo_takes_it_back(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    made = post(cast, dataset, "label-state", {"chosen": {"ids": [images[3].pk]}, "state": "negative"})
    number = made["revision"]["number"]
    call(cast.alice, "POST", f"datasets/{dataset.pk}/revert", {"to": number - 1, "on": number})
    assert image_ids(dataset, "not labelled") == [images[3].pk]


@pytest.mark.parametrize(("action", "body"), [("ignore", {"ignore": "crowd"}), ("label-state", {"state": "negative"})])
def test_charlie(cast: Cast, dataset: Dataset, images: list[Image], action: str, body: dict[str, Any]) -> None:
    path = f"datasets/{dataset.pk}/bulk/{action}"
    assert_charlie_gets_404(cast, "POST", path, {"chosen": {"ids": [images[3].pk]}, **body})
    assert call(cast.bob, "POST", path, {"chosen": {"ids": [images[3].pk]}, **body}).status_code == 403
