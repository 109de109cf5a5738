"""The columns that counts are taken from follow the dataset."""

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from curate.counts import columns
from curate.counts.columns import boxes_by_image, columns_of, ready_columns
from curate.counts.facets import facets
from curate.query.image_search import image_ids, matching_images
from dataset.models import Dataset, Image, Revision
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes, revert
from dataset.services.slices import change_images
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    made = make_dataset()
    make_images(
        made,
        [
            Picture(
                boxes=[("car", 1, 1, 9, 9), ("car", 2, 2, 9, 9), ("bike", 1, 1, 9, 9)][: place % 4],
                metadata={"weather": "rainy" if place % 2 else "clear", "lanes": place % 3 == 0},
                slices=["odd"] if place % 2 else [],
            )
            for place in range(40)
        ],
    )
    return made


def class_rows(dataset: Dataset, q: str = "") -> dict[str, tuple[int, int]]:
    shown = facets(dataset, matching_images(dataset, q), narrowed=bool(q))["classes"]
    names = dict(dataset.classes.values_list("id", "name"))
    return {names[row["class_id"]]: (row["images"], row["boxes"]) for row in shown}


def counted_plainly(dataset: Dataset, q: str = "") -> dict[str, tuple[int, int]]:
    """The same from the rows, one by one."""
    ids = set(image_ids(dataset, q))
    found: dict[str, list[int]] = {name: [] for name in dataset.classes.values_list("name", flat=True)}
    rows = dataset.annotation_set.filter(died=None).values_list("label_class__name", "image_id")
    for name, image_id in rows:
        if image_id in ids:
            found[name].append(image_id)
    return {name: (len(set(images)), len(images)) for name, images in found.items()}


def test_it_works(dataset: Dataset) -> None:
    assert class_rows(dataset) == counted_plainly(dataset) == {"car": (30, 50), "bike": (10, 10), "rider": (0, 0)}
    rainy = 'weather = "rainy"'
    assert class_rows(dataset, rainy) == counted_plainly(dataset, rainy)


def add(dataset: Dataset, image: Image, name: str) -> Revision:
    class_id = dataset.classes.get(name=name).pk
    change = AnnotationChange(op="add", image_id=image.pk, class_id=class_id, box=(3, 3, 30, 30))
    return apply_changes(dataset=dataset, by=owner_of(dataset), kind="edit", changes=[change])


def test_a_revision_brings_them_up_to_date(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    before = columns_of(dataset)
    image = dataset.images.order_by("id")[4]
    add(dataset, image, "rider")
    removed = dataset.annotation_set.filter(died=None, label_class__name="bike").first()
    assert removed is not None
    change = AnnotationChange(op="remove", image_id=removed.image_id, object_id=removed.object_id)
    apply_changes(dataset=dataset, by=owner_of(dataset), kind="edit", changes=[change])
    counted: list[int] = []
    plain = columns.read_cells

    def watched(dataset: Dataset, ids: columns.Ids, only: columns.Ids | None = None) -> columns.Cells:
        counted.append(len(ids) if only is None else len(only))
        return plain(dataset, ids, only)

    monkeypatch.setattr(columns, "read_cells", watched)
    assert class_rows(dataset) == counted_plainly(dataset)
    assert class_rows(dataset)["rider"] == (1, 1)
    assert counted == [2]  # only the images that the revisions touched
    assert before.version != columns_of(dataset).version
    revert(dataset=dataset, to=1, by=owner_of(dataset))
    assert class_rows(dataset) == counted_plainly(dataset)
    assert class_rows(dataset)["rider"] == (0, 0)


def test_a_revision_that_was_rolled_back_leaves_no_trace(dataset: Dataset) -> None:
    first, second = dataset.images.order_by("id")[:2]
    with transaction.atomic():
        add(dataset, first, "rider")
        assert class_rows(dataset)["rider"] == (1, 1)
        transaction.set_rollback(True)
    add(dataset, second, "bike")  # has the number that the other had
    assert class_rows(dataset) == counted_plainly(dataset)
    add(dataset, second, "bike")
    assert class_rows(dataset) == counted_plainly(dataset)


def test_new_images_and_metadata_are_seen(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "CHECK_EVERY", 0)
    class_rows(dataset)
    make_images(dataset, [Picture(boxes=[("rider", 1, 1, 5, 5)], metadata={"weather": "foggy"})])
    assert class_rows(dataset)["rider"] == (1, 1)
    with transaction.atomic():  # which gives the row another xmin, as a later transaction does
        dataset.images.filter(metadata__weather="foggy").update(metadata={"weather": "snowy"})
    weather = facets(dataset, matching_images(dataset), narrowed=False)["metadata"][1]
    assert weather == {
        "key": "weather",
        "values": [
            {"value": "clear", "images": 20}, {"value": "rainy", "images": 20}, {"value": "snowy", "images": 1},
        ],
    }  # fmt: skip


def test_a_slice_that_changes_is_counted_anew(dataset: Dataset) -> None:
    odd = dataset.slices.get()

    def shown() -> int:
        return facets(dataset, matching_images(dataset, "any(car)"), narrowed=True)["slices"][0]["images"]

    before = shown()
    image = matching_images(dataset, 'any(car) and weather = "clear"').order_by("id")[0]
    other = matching_images(dataset, 'any(car) and in_slice("odd")').order_by("id")[0]
    change_images(row=odd, add=[image.pk], remove=[], by=owner_of(dataset))
    assert shown() == before + 1
    change_images(row=odd, add=[], remove=[other.pk], by=owner_of(dataset))
    assert shown() == before


def test_other_processes_take_them_from_the_cache(dataset: Dataset) -> None:
    mine = columns_of(dataset)
    columns._kept.clear()
    with CaptureQueriesContext(connection) as queries:
        theirs = columns_of(dataset)
    assert not any("dataset_annotation" in query["sql"] for query in queries)
    assert np.array_equal(boxes_by_image(mine, None), boxes_by_image(theirs, None))
    assert theirs.version == mine.version


def test_counts_are_answered_from_them_once_they_are_there(dataset: Dataset) -> None:
    columns._kept.clear()
    assert ready_columns(dataset) is None
    in_sql = image_ids(dataset, "count(car) = 2")
    columns_of(dataset)
    with CaptureQueriesContext(connection) as queries:
        assert image_ids(dataset, "count(car) = 2") == in_sql != []
    assert not any("dataset_annotation" in query["sql"] for query in queries)
    add(dataset, dataset.images.get(pk=in_sql[0]), "car")
    assert image_ids(dataset, "count(car) = 2") == in_sql[1:]  # they are behind: the rows are asked
    assert ready_columns(dataset) is None


def test_an_empty_dataset_has_empty_columns() -> None:
    dataset = make_dataset()
    assert class_rows(dataset) == {"car": (0, 0), "bike": (0, 0), "rider": (0, 0)}
    assert image_ids(dataset, "not any(car)") == []
    assert facets(dataset, matching_images(dataset, "any(car)"), narrowed=True)["metadata"] == []
