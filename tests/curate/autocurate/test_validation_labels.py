"""A search in a validation slice: its old and new labels first."""

import pytest
from django.utils import timezone

from accounts.models import Role
from curate.models import AutoCurate, Comparison, Evaluation
from dataset.models import Annotation, Dataset, Image, PredictionSet, Slice
from model.models import Run
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest
from tests.factories import Cast, assert_charlie_gets_404, call, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.VIEWER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    names = [["val"]] * 4 + [["train"]] * 6
    return make_images(dataset, [Picture(boxes=[("car", 10, 10, 60, 60)], slices=name) for name in names])


@pytest.fixture
def val(dataset: Dataset, images: list[Image]) -> Slice:
    """The slice that a run was validated on."""
    found: Slice = dataset.slices.get(name="val")
    Run.objects.create(dataset=dataset, name="r", baseline="b", weights="scratch", validation_slice=found, revision=1)
    return found


def search(dataset: Dataset, within: Slice | None) -> AutoCurate:
    named = {"id": within.pk, "name": within.name} if within else None
    return AutoCurate.objects.create(
        dataset=dataset, kind="mislabels", finished_at=timezone.now(), source={"slice": named, "q": "", "revision": 1}
    )


def judged(dataset: Dataset, within: Slice, images: list[Image], name: str, revisions: list[int]) -> list[Evaluation]:
    """A prediction set with an evaluation on the slice at each of these revisions; it has an AP of .3 + revision."""
    manifests = [make_manifest(dataset, images[:4], revision) for revision in revisions]
    for one in manifests:
        one.slices = [{"id": within.pk, "name": within.name}]
        one.save(update_fields=["slices"])
    made = PredictionSet.objects.create(
        dataset=dataset, manifest=manifests[0], name=name, kind="run", location="none", box_count=0
    )
    return [
        Evaluation.objects.create(
            dataset=dataset, prediction_set=made, manifest=manifest, revision=manifest.revision,
            figures={"AP": 0.3 + manifest.revision / 100}, finished_at=timezone.now(),
            interval={"low": 0.2, "high": 0.5},
        )
        for manifest in manifests
    ]  # fmt: skip


def change_label(dataset: Dataset, image: Image) -> None:
    """One more revision, in which the image's label is taken away."""
    dataset.head_revision += 1
    dataset.save(update_fields=["head_revision"])
    Annotation.objects.filter(image=image).update(died=dataset.head_revision)


def tables(cast: Cast, run: AutoCurate) -> list[dict]:
    found: list[dict] = call(cast.bob, "GET", f"auto-curates/{run.pk}/validation-labels").json()["tables"]
    return found


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image], val: Slice) -> None:
    """Two checkpoints, both scored before a label changed, one of them after it too."""
    (first,) = judged(dataset, val, images, "first", [1])
    change_label(dataset, images[0])
    old, new = judged(dataset, val, images, "second", [1, 2])
    (table,) = tables(cast, search(dataset, val))
    assert (table["slice"], table["images"]) == ({"id": val.pk, "name": "val"}, 4)
    assert (table["old_revision"], table["new_revision"], table["changed"]) == (1, 2, True)
    assert [row["name"] for row in table["rows"]] == ["first", "second"]
    cells = [[(row[side] or {}).get("evaluation") for side in ("old", "new")] for row in table["rows"]]
    assert cells == [[first.pk, None], [old.pk, new.pk]]
    assert table["rows"][1]["new"] == {
        "evaluation": new.pk, "state": "succeeded", "AP": 0.32, "interval": {"low": 0.2, "high": 0.5}
    }  # fmt: skip
    assert table["comparison"] is None
    made = Comparison.objects.create(dataset=dataset, a=first, b=new)
    assert tables(cast, search(dataset, val))[0]["comparison"] == made.pk


def test_as_long_as_no_label_of_the_slice_changed_old_is_new(
    cast: Cast, dataset: Dataset, images: list[Image], val: Slice
) -> None:
    """A revision that changes a training image is another revision, and the same labels here."""
    (first,) = judged(dataset, val, images, "first", [1])
    change_label(dataset, images[7])
    (table,) = tables(cast, search(dataset, val))
    assert table["changed"] is False
    (row,) = table["rows"]
    assert row["old"]["evaluation"] == row["new"]["evaluation"] == first.pk


def test_a_search_of_all_images_looks_into_the_slice_too(
    cast: Cast, dataset: Dataset, images: list[Image], val: Slice
) -> None:
    (table,) = tables(cast, search(dataset, None))
    assert (table["images"], table["rows"]) == (4, [])


def test_a_search_of_training_images_has_no_table(
    cast: Cast, dataset: Dataset, images: list[Image], val: Slice
) -> None:
    assert tables(cast, search(dataset, dataset.slices.get(name="train"))) == []


def test_it_rejects_strangers(cast: Cast, dataset: Dataset, images: list[Image], val: Slice) -> None:
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{search(dataset, val).pk}/validation-labels")


def test_an_evaluation_of_the_same_images_under_another_name_counts(
    cast: Cast, dataset: Dataset, images: list[Image], val: Slice
) -> None:
    """What was frozen once is not frozen again: the manifest may name no slice, or another with the same images."""
    (first,) = judged(dataset, val, images, "first", [1])
    first.manifest.slices = []
    first.manifest.save(update_fields=["slices"])
    (table,) = tables(cast, search(dataset, val))
    assert [row["name"] for row in table["rows"]] == ["first"]
