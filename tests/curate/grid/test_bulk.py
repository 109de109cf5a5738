"""Bulk actions of the grid: on ids, and on all that match."""

from typing import Any

import pytest

from accounts.models import AuditLine, Role
from curate.models import Evaluation
from dataset.models import Annotation, Dataset, Image, Revision, Slice, Tag
from label.models import Batch, Task
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.curate.grid.test_objects import evaluation  # noqa: F401 - the fixture
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
SMALL, MEDIUM, LARGE = (10, 10, 30, 30), (10, 10, 60, 60), (10, 10, 200, 200)
NIGHT = {"q": 'time = "night"'}


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    first = [("car", *SMALL), ("car", *LARGE), ("bike", *MEDIUM, {"occluded": True})]
    night = {"time": "night"}
    return make_images(
        dataset,
        [
            Picture(boxes=first),
            Picture(boxes=[("car", *MEDIUM)], metadata=night),
            Picture(metadata=night),
            Picture(metadata=night),
        ],
    )


def bulk(cast: Cast, dataset: Dataset, action: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/{action}", body)
    assert response.status_code == status, response.content
    return response.json()


def members(row: Slice) -> list[int]:
    return sorted(row.slice_images.values_list("image_id", flat=True))


def classes_now(dataset: Dataset) -> list[str]:
    rows = Annotation.objects.filter(dataset=dataset, died=None).order_by("object_id")
    return [row.label_class.name for row in rows.select_related("label_class")]


def test_a_slice_of_all_that_match_but_one(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    chosen = {**NIGHT, "without": [images[2].pk]}
    body = {"chosen": chosen, "name": "night", "origin": {"kind": "query", **NIGHT}}
    made = bulk(cast, dataset, "make-slice", body, 201)
    assert (made["image_count"], made["origin"]) == (2, {"kind": "query", **NIGHT})
    assert members(Slice.objects.get(pk=made["id"])) == [images[1].pk, images[3].pk]


def test_a_slice_of_the_images_of_objects(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    small = {"objects": True, "conditions": {"sizes": ["small", "large"]}}
    assert bulk(cast, dataset, "make-slice", {"chosen": small, "name": "small"}, 201)["image_count"] == 1
    label = images[1].annotations.get()
    one = {"objects": True, "ids": [label.pk]}
    made = bulk(cast, dataset, "make-slice", {"chosen": one, "name": "one"}, 201)
    assert members(Slice.objects.get(pk=made["id"])) == [images[1].pk]


def test_images_go_into_a_slice_and_out_and_back(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    row = make_slice(dataset, "mine", images[:2])
    put = bulk(cast, dataset, "change-slice", {"chosen": NIGHT, "slice": row.pk})
    assert put["slice"]["image_count"] == 4
    assert put["changed"] == [images[2].pk, images[3].pk]  # not the one that was in already
    taken = bulk(cast, dataset, "change-slice", {"chosen": NIGHT, "slice": row.pk, "remove": True})
    assert (taken["slice"]["image_count"], members(row)) == (1, [images[0].pk])
    back = {"chosen": {"ids": taken["changed"]}, "slice": row.pk}
    assert bulk(cast, dataset, "change-slice", back)["slice"]["image_count"] == 4


def test_tags_are_hung_and_taken_off(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    found = bulk(cast, dataset, "tag", {"chosen": NIGHT, "name": "  check   again "})
    assert found["tag"]["name"] == "check again"
    assert found["changed"] == [image.pk for image in images[1:]]
    again = bulk(cast, dataset, "tag", {"chosen": {"ids": [images[0].pk, images[1].pk]}, "name": "check again"})
    assert again["changed"] == [images[0].pk]
    assert call(cast.bob, "GET", f"images/{images[0].pk}").json()["tags"] == [found["tag"]]
    off = bulk(cast, dataset, "tag", {"chosen": NIGHT, "name": "check again", "remove": True})
    assert off["changed"] == [image.pk for image in images[1:]]
    listed = call(cast.bob, "GET", f"datasets/{dataset.pk}/tags").json()
    assert listed == [{**found["tag"], "images": 1}]
    assert AuditLine.objects.filter(action__startswith="tag.").count() == 3


def test_tags_are_counted_among_what_is_shown(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    bulk(cast, dataset, "tag", {"chosen": {"ids": [images[0].pk, images[1].pk]}, "name": "odd"})
    path = f"datasets/{dataset.pk}/facets"
    assert [row["images"] for row in call(cast.bob, "GET", path).json()["tags"]] == [2]
    narrowed = call(cast.bob, "GET", f"{path}?q=any(bike)").json()
    assert [(row["name"], row["images"]) for row in narrowed["tags"]] == [("odd", 1)]


def test_a_tag_is_renamed_and_deleted(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    tag = bulk(cast, dataset, "tag", {"chosen": NIGHT, "name": "odd"})["tag"]
    bulk(cast, dataset, "tag", {"chosen": NIGHT, "name": "other"})
    path = f"tags/{tag['id']}"
    assert call(cast.alice, "PATCH", path, {"name": "strange"}).json()["name"] == "strange"
    assert_problem(call(cast.alice, "PATCH", path, {"name": "other"}), 409, mentions="other")
    assert call(cast.bob, "DELETE", path).status_code == 403
    assert call(cast.alice, "DELETE", path).status_code == 204
    assert [row.name for row in Tag.objects.all()] == ["other"]
    assert_charlie_gets_404(cast, "DELETE", f"tags/{Tag.objects.get().pk}")


def test_objects_are_relabelled_in_one_revision_and_that_is_undone(
    cast: Cast, dataset: Dataset, images: list[Image]
) -> None:
    bike = dataset.classes.get(name="bike")
    before = classes_now(dataset)
    body = {"chosen": {"conditions": {"sizes": ["medium"]}}, "class_id": bike.pk, "on": 1}
    made = bulk(cast, dataset, "relabel", body, 201)
    assert made["counts"] == {"added": 0, "changed": 1, "removed": 0}  # one of the two is a bike already
    assert sorted(classes_now(dataset)) == ["bike", "bike", "car", "car"]
    row = images[1].annotations.get(died=None)
    assert (row.born, row.get_provenance_display(), (row.x1, row.y1, row.x2, row.y2)) == (2, "human", MEDIUM)
    assert Revision.objects.get(number=2).origin == {"bulk": "relabel", "q": ""}
    undone = call(cast.alice, "POST", f"datasets/{dataset.pk}/revert", {"to": 1, "on": 2})
    assert (undone.status_code, classes_now(dataset)) == (201, before)
    late = call(cast.alice, "POST", f"datasets/{dataset.pk}/revert", {"to": 1, "on": 2})
    assert_problem(late, 412, mentions="revision 3")


def test_objects_are_deleted_in_one_revision(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    small = images[0].annotations.get(x2=SMALL[2])
    body = {"chosen": {"conditions": {"classes": [small.label_class_id]}, "without": [small.pk]}}
    made = bulk(cast, dataset, "delete", body, 201)
    assert made["counts"] == {"added": 0, "changed": 0, "removed": 2}
    assert classes_now(dataset) == ["car", "bike"]
    dataset.refresh_from_db()
    assert (dataset.head_revision, dataset.annotation_count) == (2, 2)


def test_missed_objects_of_an_evaluation_are_relabelled(
    cast: Cast,
    dataset: Dataset,
    images: list[Image],
    evaluation: Evaluation,  # noqa: F811
) -> None:
    """Verdicts lead to the labels as they are now; a prediction without a label is left alone."""
    rider = dataset.classes.get(name="rider")
    large = images[0].annotations.get(x2=LARGE[2])
    bulk(cast, dataset, "relabel", {"chosen": {"ids": [large.pk]}, "class_id": rider.pk}, 201)  # a newer version
    chosen = {"evaluation": evaluation.pk, "conditions": {"errors": ["missed", "background"]}}
    made = bulk(cast, dataset, "delete", {"chosen": chosen}, 201)
    assert made["counts"]["removed"] == 1
    assert "rider" not in classes_now(dataset)


@pytest.mark.parametrize(
    ("action", "body", "status", "words"),
    [
        ("relabel", {"chosen": {"ids": []}, "class_id": 0}, 400, "no such class"),
        ("delete", {"chosen": {"ids": [10**9]}}, 400, "current label"),
        ("delete", {"chosen": {"ids": [1]}, "on": 7}, 412, "made on 7"),
        ("delete", {"chosen": {"conditions": {"verdicts": ["fp"]}}}, 400, "name the evaluation"),
        ("delete", {"chosen": {"q": "any(zebra)"}}, 400, "zebra"),
        ("tag", {"chosen": NIGHT, "name": " "}, 400, "name"),
        ("tag", {"chosen": {"ids": [10**9]}, "name": "x"}, 400, "not in this dataset"),
        ("tag", {"chosen": NIGHT, "name": "never", "remove": True}, 400, "no tag never"),
        ("change-slice", {"chosen": NIGHT, "slice": 10**9}, 400, "no such slice"),
        ("make-slice", {"chosen": {"ids": [10**9]}, "name": "x"}, 400, "not in this dataset"),
        ("remove", {"chosen": {"ids": [10**9]}}, 400, "not in this dataset"),
    ],
)
def test_it_rejects(
    cast: Cast, dataset: Dataset, images: list[Image], action: str, body: dict, status: int, words: str
) -> None:
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/{action}", body)
    assert_problem(response, status, mentions=words)
    assert not Tag.objects.exists()
    assert Revision.objects.count() == 1


def test_images_are_removed_and_do_not_come_again(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    row = make_slice(dataset, "mine", images)
    bulk(cast, dataset, "tag", {"chosen": NIGHT, "name": "odd"})
    assert bulk(cast, dataset, "remove", {"chosen": NIGHT}) == {"images": 3, "boxes": 1}
    dataset.refresh_from_db()
    row.refresh_from_db()
    assert (dataset.image_count, dataset.annotation_count, dataset.head_revision) == (1, 3, 2)
    assert (row.image_count, members(row)) == (1, [images[0].pk])
    call(cast.alice, "POST", f"datasets/{dataset.pk}/revert", {"to": 1})
    dataset.refresh_from_db()
    assert (dataset.head_revision, dataset.annotation_count) == (3, 3)
    history = call(cast.bob, "GET", f"revisions/{Revision.objects.get(number=2).pk}/diff").json()["items"]
    assert [(change["change"], change["image"]) for change in history] == [("removed", None)]


def test_images_that_something_needs_stay(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    path = f"datasets/{dataset.pk}/bulk/remove"
    make_manifest(dataset, images[:2])
    assert_problem(call(cast.alice, "POST", path, {"chosen": NIGHT}), 409, mentions="1 of these images were used")
    batch = Batch.objects.create(dataset=dataset, name="b", base=1)
    Task.objects.create(batch=batch, image=images[2], position=0, base=1)
    problem = call(cast.alice, "POST", path, {"chosen": {"ids": [images[2].pk, images[3].pk]}})
    assert_problem(problem, 409, mentions="batch of Label")
    assert dataset.images.count() == 4


@pytest.mark.parametrize("action", ["make-slice", "change-slice", "tag", "remove", "relabel", "delete"])
def test_who_may(cast: Cast, dataset: Dataset, images: list[Image], action: str) -> None:
    path = f"datasets/{dataset.pk}/bulk/{action}"
    assert call(cast.bob, "POST", path, {}).status_code == 403
    assert_charlie_gets_404(cast, "POST", path, {})
