"""Slices are named sets; a manifest is what one, or several, held at a revision, under a hash of the content."""

import pytest

from accounts.problems import BadInput, Conflict
from dataset.models import Dataset, Revision
from dataset.selectors import slices as slice_reads
from dataset.services import manifests, slices
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes, revert
from tests.factories import Cast, make_annotation, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def scenes(cast: Cast) -> Dataset:
    """Three images."""
    dataset = make_dataset(cast.project)
    for _ in range(3):
        make_image(dataset)
    return dataset


def make_slice(dataset: Dataset, name: str, image_ids: list[int]) -> slices.Slice:
    return slices.store_slice(dataset=dataset, name=name, image_ids=image_ids, origin={"kind": "hand"}, author=None)


def test_it_works(cast: Cast, scenes: Dataset) -> None:
    a, b, c = scenes.images.order_by("pk").values_list("pk", flat=True)
    first, second = make_slice(scenes, "first", [b, a, b]), make_slice(scenes, "second", [c, b])
    assert (first.image_count, second.image_count) == (2, 2)
    assert slice_reads.image_ids(first).tolist() == [a, b]
    assert slice_reads.image_ids([first, second]).tolist() == [a, b, c]
    frozen = manifests.freeze(dataset=scenes, slices=[first, second], revision=0)
    assert (frozen.image_ids, frozen.image_count, frozen.annotation_count) == ([a, b, c], 3, 0)
    assert [part["name"] for part in frozen.slices] == ["first", "second"]


def test_images_are_put_in_and_taken_out(cast: Cast, scenes: Dataset) -> None:
    a, b, c = scenes.images.order_by("pk").values_list("pk", flat=True)
    row = make_slice(scenes, "one", [a])
    row = slices.change_images(row=row, add=[b, c, a], remove=[a, b], by=cast.alice)
    assert row.image_count == 3
    row = slices.change_images(row=row, add=[], remove=[a], by=cast.alice)
    assert slice_reads.image_ids(row).tolist() == [b, c]


def test_a_name_is_taken_once(scenes: Dataset) -> None:
    make_slice(scenes, "one", [])
    with pytest.raises(Conflict, match="named one already"):
        make_slice(scenes, "one", [])


def test_it_rejects_images_of_other_datasets(cast: Cast, scenes: Dataset) -> None:
    stranger = make_image(make_dataset(cast.project))
    with pytest.raises(BadInput, match="1 of these images"):
        make_slice(scenes, "one", [stranger.pk])


def test_equal_content_is_one_manifest(cast: Cast, scenes: Dataset) -> None:
    image = scenes.images.order_by("pk")[0]
    row = make_annotation(image, scenes.classes.all()[0])
    part = make_slice(scenes, "part", [image.pk])
    scenes.refresh_from_db()
    before = manifests.freeze(dataset=scenes, slices=[part], revision=1)
    moved = AnnotationChange("set", image.pk, object_id=row.object_id, box=(1, 2, 3, 4))
    apply_changes(dataset=scenes, by=cast.alice, kind=Revision.Kind.EDIT, changes=[moved])
    revert(dataset=scenes, to=1, by=cast.alice)
    scenes.refresh_from_db()
    changed = manifests.freeze(dataset=scenes, slices=[part], revision=2)
    after = manifests.freeze(dataset=scenes, image_ids=[image.pk], revision=3)
    assert changed.content_hash != before.content_hash
    assert after == before


def test_it_rejects_freezing_nothing_or_the_future(scenes: Dataset) -> None:
    with pytest.raises(BadInput, match="no images"):
        manifests.freeze(dataset=scenes, slices=[make_slice(scenes, "empty", [])], revision=0)
    with pytest.raises(BadInput, match="no revision 1"):
        manifests.freeze(dataset=scenes, image_ids=[scenes.images.all()[0].pk], revision=1)
