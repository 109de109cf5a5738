"""Slices among each other, what uses them, and the manifests that froze them, over HTTP."""

from typing import Any

import pytest

from curate.models import AutoCurate, Evaluation
from dataset.models import Dataset, PredictionSet, Slice
from dataset.services import manifests
from dataset.services.slices import store_slice
from label.models import Batch
from model.models import Run
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_annotation,
    make_dataset,
    make_image,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    """Five images, the first with a box."""
    dataset = make_dataset(cast.project)
    for number in range(5):
        make_image(dataset, key=f"{number}.jpg")
    first = dataset.classes.first()
    assert first
    make_annotation(dataset.images.get(key="0.jpg"), first)
    dataset.refresh_from_db()
    return dataset


def make_slice(dataset: Dataset, name: str, *keys: int) -> Slice:
    ids = [dataset.images.get(key=f"{key}.jpg").pk for key in keys]
    return store_slice(dataset=dataset, name=name, image_ids=ids, origin={"kind": "hand"}, author=None)


@pytest.fixture
def a(dataset: Dataset) -> Slice:
    return make_slice(dataset, 'A "quoted"', 0, 1, 2)


@pytest.fixture
def b(dataset: Dataset) -> Slice:
    return make_slice(dataset, "B", 1, 2, 3)


def keys(dataset: Dataset, slice_id: int) -> list[int]:
    names = dataset.images.filter(slice_images__slice=slice_id).order_by("key").values_list("key", flat=True)
    return [int(name.removesuffix(".jpg")) for name in names]


def create(cast: Cast, dataset: Dataset, **body: Any) -> Any:
    return call(cast.alice, "POST", f"datasets/{dataset.pk}/slices", body)


@pytest.mark.parametrize(
    ("operation", "first", "second", "found"),
    [
        ("union", "a", "b", [0, 1, 2, 3]),
        ("intersect", "a", "b", [1, 2]),
        ("subtract", "a", "b", [0]),
        ("subtract", "b", "a", [3]),
    ],
)
def test_slices_are_sets(
    cast: Cast, dataset: Dataset, a: Slice, b: Slice, operation: str, first: str, second: str, found: list[int]
) -> None:
    given = [{"a": a, "b": b}[name] for name in (first, second)]
    made = create(cast, dataset, name="new", **{operation: [row.pk for row in given]}).json()
    assert keys(dataset, made["id"]) == found
    assert made["image_count"] == len(found)
    named = [{"id": row.pk, "name": row.name} for row in given]
    assert made["origin"] == {"kind": "slices", "operation": operation, "slices": named}


def test_three_slices_at_once(cast: Cast, dataset: Dataset, a: Slice, b: Slice) -> None:
    c = make_slice(dataset, "C", 2, 4)
    ids = [a.pk, b.pk, c.pk]
    for operation, found in (("union", [0, 1, 2, 3, 4]), ("intersect", [2]), ("subtract", [0])):
        made = create(cast, dataset, name=operation, **{operation: ids}).json()
        assert keys(dataset, made["id"]) == found


def test_it_rejects_sets_that_are_none(cast: Cast, dataset: Dataset, a: Slice, b: Slice) -> None:
    elsewhere = make_slice(make_dataset(cast.project), "D")
    for body in ({"intersect": [a.pk]}, {"subtract": [a.pk, a.pk]}, {"union": []}):
        assert_problem(create(cast, dataset, name="x", **body), 400, mentions="combined with others")
    assert_problem(create(cast, dataset, name="x", union=[a.pk, elsewhere.pk]), 400, mentions="not in this dataset")
    assert_problem(create(cast, dataset, name="x", union=[a.pk], subtract=[a.pk, b.pk]), 400, mentions="Give one")


def test_a_diff_counts_and_finds(cast: Cast, dataset: Dataset, a: Slice, b: Slice) -> None:
    found = call(cast.bob, "GET", f"slices/{a.pk}/diff?other={b.pk}").json()
    assert [found[side]["images"] for side in ("only_a", "both", "only_b")] == [1, 2, 1]
    assert (found["a"]["id"], found["b"]["name"]) == (a.pk, "B")
    assert found["only_a"]["q"] == 'in_slice("A \\"quoted\\"") and not in_slice("B")'
    for side, expected in (("only_a", ["0.jpg"]), ("both", ["1.jpg", "2.jpg"]), ("only_b", ["3.jpg"])):
        page = call(cast.bob, "GET", f"datasets/{dataset.pk}/images?q={found[side]['q']}").json()
        assert [image["key"] for image in page["items"]] == expected
    assert_problem(call(cast.bob, "GET", f"slices/{a.pk}/diff"), 400, mentions="other")
    assert_problem(call(cast.bob, "GET", f"slices/{a.pk}/diff?other=0"), 400, mentions="no slice 0")


def test_a_slice_is_frozen_and_changes(cast: Cast, dataset: Dataset, a: Slice) -> None:
    first = call(cast.alice, "POST", f"slices/{a.pk}/manifests", {})
    assert first.status_code == 201
    made = first.json()
    assert (made["image_count"], made["annotation_count"], made["revision"]) == (3, 1, 1)
    assert call(cast.alice, "POST", f"slices/{a.pk}/manifests", {"revision": 1}).json() == made  # equal content is one
    before = call(cast.alice, "POST", f"slices/{a.pk}/manifests", {"revision": 0}).json()
    assert (before["annotation_count"], before["content_hash"] != made["content_hash"]) == (0, True)
    gone, come = dataset.images.get(key="0.jpg").pk, dataset.images.get(key="4.jpg").pk
    call(cast.alice, "POST", f"slices/{a.pk}/images", {"add": [come], "remove": [gone]})
    listed = call(cast.bob, "GET", f"slices/{a.pk}/manifests").json()
    assert [(one["manifest"]["id"], one["alone"], one["added"], one["removed"]) for one in listed] == [
        (before["id"], True, 1, 1), (made["id"], True, 1, 1)
    ]  # fmt: skip
    restored = create(cast, dataset, name="as it was", manifest=made["id"]).json()
    assert keys(dataset, restored["id"]) == [0, 1, 2]
    assert (restored["origin"]["kind"], restored["origin"]["content_hash"]) == ("manifest", made["content_hash"])


def test_it_rejects_a_revision_that_is_not_there_and_a_weak_role(cast: Cast, dataset: Dataset, a: Slice) -> None:
    assert_problem(call(cast.alice, "POST", f"slices/{a.pk}/manifests", {"revision": 2}), 400, mentions="no revision 2")
    assert_problem(call(cast.bob, "POST", f"slices/{a.pk}/manifests", {}), 403)
    assert_problem(create(cast, dataset, name="x", manifest=0), 400, mentions="no manifest 0")


def test_a_manifest_of_several_slices_is_not_compared(cast: Cast, dataset: Dataset, a: Slice, b: Slice) -> None:
    manifests.freeze(dataset=dataset, slices=[a, b], revision=1)
    (found,) = call(cast.bob, "GET", f"slices/{a.pk}/manifests").json()
    assert (found["alone"], found["added"], found["removed"]) == (False, 0, 0)
    assert [row["name"] for row in found["manifest"]["slices"]] == [a.name, b.name]


def test_what_uses_it(cast: Cast, dataset: Dataset, a: Slice, b: Slice) -> None:
    frozen = manifests.freeze(dataset=dataset, slices=[a], revision=1)
    sets = [
        PredictionSet.objects.create(dataset=dataset, manifest=frozen, name=name, kind="imported")
        for name in ("Judged", "Not judged")
    ]
    evaluation = Evaluation.objects.create(
        dataset=dataset, prediction_set=sets[0], manifest=frozen, revision=1, figures={"AP": 0.4},
        interval={"low": 0.3, "high": 0.5, "level": 0.95},
    )  # fmt: skip
    run = make_run(dataset, b, "trained", evaluation_id=evaluation.pk)
    run.train_slices.add(a)
    make_run(dataset, a, "validated")
    batch = Batch.objects.create(dataset=dataset, slice=a, name="to correct", base=1)
    source = {"slice": {"id": a.pk, "name": a.name}, "q": "", "revision": 1}
    search = AutoCurate.objects.create(dataset=dataset, kind="edge_cases", source=source)
    found = call(cast.bob, "GET", f"slices/{a.pk}/uses").json()
    assert [(use["kind"], use["name"], use["role"]) for use in found] == [
        ("auto_curate", "edge_cases", "searched"),
        ("batch", "to correct", "labelled"),
        ("run", "validated", "validation"),
        ("run", "trained", "training"),
        ("evaluation", "Judged", "judged"),
        ("prediction_set", "Not judged", "predicted"),
    ]
    assert [use["link"] for use in found[:2]] == [f"/curate/{dataset.pk}/auto/{search.pk}", f"/batches/{batch.pk}"]
    assert (found[3]["ap"], found[3]["interval"]) == (0.4, {"low": 0.3, "high": 0.5})
    assert found[4]["ap"] == 0.4
    assert [use["role"] for use in call(cast.bob, "GET", f"slices/{b.pk}/uses").json()] == ["validation"]


def make_run(dataset: Dataset, validation: Slice, name: str, **fields: Any) -> Run:
    return Run.objects.create(
        dataset=dataset,
        name=name,
        baseline="yolo11n",
        weights="base",
        validation_slice=validation,
        revision=1,
        **fields,
    )


def test_charlie(cast: Cast, dataset: Dataset, a: Slice, b: Slice) -> None:
    frozen = manifests.freeze(dataset=dataset, slices=[a], revision=1)
    assert call(cast.bob, "GET", f"manifests/{frozen.pk}").json()["content_hash"] == frozen.content_hash
    assert_charlie_gets_404(cast, "GET", f"manifests/{frozen.pk}")
    assert_charlie_gets_404(cast, "GET", f"slices/{a.pk}/diff?other={b.pk}")
    assert_charlie_gets_404(cast, "GET", f"slices/{a.pk}/uses")
    assert_charlie_gets_404(cast, "GET", f"slices/{a.pk}/manifests")
    assert_charlie_gets_404(cast, "POST", f"slices/{a.pk}/manifests", {})
