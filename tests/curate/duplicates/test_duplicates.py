"""Duplicates of a dataset: exact by bytes, near by sight, one of each kept."""

from typing import Any

import pytest
from django.db import connection

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.duplicates import keypoints
from curate.models import CopyPair
from dataset.models import Annotation, Dataset, Image, Slice, SliceImage
from tests.curate.duplicates.pictures import store
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_annotation,
    make_cast,
    make_dataset,
    run_jobs,
)
from tests.science.duplicates.drawing import darker, mirrored, scene, turned, window

pytestmark = pytest.mark.django_db
as_before = keypoints.signature_of


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> dict[str, Image]:
    """Five scenes; of the first a mirrored, a turned and a darker copy and a window, of the second the same bytes."""
    first, second = scene(1), scene(2)
    pictures = {
        "a.jpg": first,
        "a-mirrored.jpg": mirrored(first),
        "a-turned.jpg": turned(first),
        "a-darker.jpg": darker(first),
        "a-window.jpg": window(first, 0.2, 0.1, 0.95, 0.9),
        "b.jpg": second,
        "b-again.jpg": second,
        "c.jpg": scene(3),
        "d.jpg": scene(4),
    }
    return {key: store(dataset, key, picture) for key, picture in pictures.items()}


def search(cast: Cast, dataset: Dataset) -> None:
    answer = call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/search")
    assert answer.status_code == 202, answer.content
    again = call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/search").json()
    assert again["id"] == answer.json()["id"]  # two clicks ask once
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error


def keys_of(groups: list[dict]) -> list[list[str]]:
    return [sorted(image["key"] for image in group["images"]) for group in groups]


def test_it_works(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    search(cast, dataset)
    near = call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?likeness=near").json()
    assert keys_of(near["items"]) == [sorted(key for key in images if key.startswith("a"))]
    assert (near["groups"], near["images"], near["exact_copies"]) == (1, 5, 1)
    assert near["searched"]["images"] == 9
    assert near["searched"]["not_looked_at"] == near["searched"]["unreadable"] == 0


def test_a_second_search_signs_only_what_is_new(
    cast: Cast, dataset: Dataset, images: dict[str, Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    search(cast, dataset)
    before = list(CopyPair.objects.filter(dataset=dataset).values_list("first", "second", "overlap"))
    store(dataset, "late.jpg", mirrored(scene(4)))
    read: list[bytes] = []
    monkeypatch.setattr(keypoints, "signature_of", lambda jpeg: read.append(jpeg) or as_before(jpeg))
    search(cast, dataset)
    assert len(read) == 1
    after = list(CopyPair.objects.filter(dataset=dataset).values_list("first", "second", "overlap"))
    assert len(after) == len(before) + 1
    assert set(before) < set(after)


def test_exact_ones_need_no_search(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    exact = call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates").json()
    assert keys_of(exact["items"]) == [["b-again.jpg", "b.jpg"]]
    assert exact["searched"] is None
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?likeness=near").json()["items"] == []


def test_windows_can_be_left_out(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    search(cast, dataset)
    whole = call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?likeness=near&least_overlap=0.9").json()
    assert keys_of(whole["items"]) == [["a-darker.jpg", "a-mirrored.jpg", "a-turned.jpg", "a.jpg"]]


def test_images_that_came_later_are_counted(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    search(cast, dataset)
    store(dataset, "late.jpg", scene(9))
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates").json()["searched"]["not_looked_at"] == 1


def test_an_image_without_bytes_is_counted_and_stops_nothing(
    cast: Cast, dataset: Dataset, images: dict[str, Image]
) -> None:
    Image.objects.filter(pk=images["c.jpg"].pk).update(location="blobs/none/1", sha256="e" * 64)
    search(cast, dataset)
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates").json()["searched"]["unreadable"] == 1


def test_one_of_each_is_kept_and_the_rest_become_a_slice(
    cast: Cast, dataset: Dataset, images: dict[str, Image]
) -> None:
    search(cast, dataset)
    make_annotation(images["a-turned.jpg"], dataset.classes.get(name="car"))
    group = call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?likeness=near").json()["items"][0]
    assert [image["key"] for image in group["images"] if image["kept"]] == ["a-turned.jpg"]  # the one with labels
    body = {"likeness": "near", "name": "copies", "groups": [group["id"]]}
    made = call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/make-slice", body).json()
    assert made["image_count"] == 4
    assert made["origin"]["kind"] == "duplicates"
    rest = set(Image.objects.filter(slice_images__slice=made["id"]).values_list("key", flat=True))
    assert rest == {"a.jpg", "a-mirrored.jpg", "a-darker.jpg", "a-window.jpg"}
    removed = call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/remove", {"chosen": {"slice": made["id"]}})
    assert removed.json()["images"] == 4
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?likeness=near").json()["items"] == []


def test_one_action_keeps_one_of_each_in_all_slices(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    train = make_slice(dataset, "train", images, ["b-again.jpg", "c.jpg"])
    both = make_slice(dataset, "both", images, ["b.jpg", "b-again.jpg"])
    body = {"likeness": "exact", "name": "copies"}
    answer = call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/keep-one", body)
    assert answer.status_code == 201, answer.content
    assert keys_in(answer.json()["slice"]["id"]) == {"b-again.jpg"}
    again = images["b-again.jpg"].pk
    assert [(one["slice"]["id"], one["taken_out"], one["put_in"]) for one in answer.json()["changed"]] == [
        (train.pk, [again], []),
        (both.pk, [again], []),
    ]
    assert (keys_in(train.pk), keys_in(both.pk)) == ({"c.jpg"}, {"b.jpg"})


def test_a_kept_image_that_is_nowhere_takes_the_place_of_its_copy(
    cast: Cast, dataset: Dataset, images: dict[str, Image]
) -> None:
    train, later = (make_slice(dataset, name, images, ["b-again.jpg"]) for name in ("train", "later"))
    body = {"likeness": "exact", "name": "copies"}
    changed = call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/keep-one", body).json()["changed"]
    assert [one["put_in"] for one in changed] == [[images["b.jpg"].pk], []]
    assert (keys_in(train.pk), keys_in(later.pk)) == ({"b.jpg"}, set())


def test_what_leaves_the_slices_is_what_the_slice_is_made_of(
    cast: Cast, dataset: Dataset, images: dict[str, Image]
) -> None:
    """Groups are read once: a label that came between two looks would keep another image, which is then removed."""
    train = make_slice(dataset, "train", images, ["b.jpg", "b-again.jpg"])
    body = {"likeness": "exact", "name": "copies"}

    def label_the_copy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "dataset_slice"') and not Annotation.objects.exists():
            make_annotation(images["b-again.jpg"], dataset.classes.all()[0])
        return answer

    with connection.execute_wrapper(label_the_copy):
        answer = call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/keep-one", body).json()
    assert Annotation.objects.exists()
    assert keys_in(answer["slice"]["id"]) == {"b-again.jpg"}
    assert keys_in(train.pk) == {"b.jpg"}


def test_keeping_one_is_undone_though_an_image_is_gone(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    train, later = (make_slice(dataset, name, images, ["b-again.jpg", "c.jpg"]) for name in ("train", "later"))
    path = f"datasets/{dataset.pk}/duplicates/keep-one"
    done = call(cast.bob, "POST", path, {"likeness": "exact", "name": "copies"}).json()
    changed = [one | {"slice": one["slice"]["id"]} for one in done["changed"]]
    body = {"slice": done["slice"]["id"], "changed": changed}
    changed[0]["taken_out"].append(2**40)  # an image that was removed since
    later.delete()
    for _ in range(2):
        answer = call(cast.bob, "POST", f"{path}/undo", body)
        assert answer.status_code == 204, answer.content
        assert keys_in(train.pk) == {"b-again.jpg", "c.jpg"}
        assert set(Slice.objects.filter(dataset=dataset)) == {train}
    assert_charlie_gets_404(cast, "POST", f"{path}/undo", body)


def make_slice(dataset: Dataset, name: str, images: dict[str, Image], keys: list[str]) -> Slice:
    row = Slice.objects.create(dataset=dataset, name=name, image_count=len(keys))
    row.slice_images.bulk_create([SliceImage(slice=row, image=images[key]) for key in keys])
    return row


def keys_in(pk: int) -> set[str]:
    return set(Image.objects.filter(slice_images__slice=pk).values_list("key", flat=True))


def test_nothing_left_to_put_in_is_said(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    body = {"likeness": "near", "name": "copies"}
    path = f"datasets/{dataset.pk}/duplicates/make-slice"
    assert_problem(call(cast.bob, "POST", path, body), 400, mentions="no such duplicates")
    assert not Slice.objects.filter(dataset=dataset).exists()


def test_pages_follow_each_other(cast: Cast, dataset: Dataset) -> None:
    for seed in range(3):
        for copy in range(2):
            store(dataset, f"{seed}-{copy}.jpg", scene(seed))
    first = call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?limit=2").json()
    second = call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates?limit=2&after={first['next']}").json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]


def test_a_reviewer_may_look_and_not_search(cast: Cast, dataset: Dataset, images: dict[str, Image]) -> None:
    cast.bob.memberships.update(role=Role.REVIEWER)
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/duplicates").status_code == 200
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/search"), 403, mentions="manager")


def test_charlie_gets_404(cast: Cast, dataset: Dataset) -> None:
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/duplicates")
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/duplicates/search")
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/duplicates/make-slice", {"name": "x"})
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/duplicates/keep-one", {"name": "x"})
