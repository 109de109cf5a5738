"""Names sort as people read them, alike in every list: image2 before image10, A beside a, Korean in its order."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.query.columns import IMAGE
from curate.query.ordering import after_row, by_column, total
from dataset.models import Dataset, Slice, Tag
from science.natural_order import natural_key
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast, call, make_cast

pytestmark = pytest.mark.django_db

# What names are made of: digits, letters in both cases, with accents, Hangul whole and in single letters, signs.
NAMES = st.text(st.sampled_from("0019ab AB_-.éÉßİσ가각나힣\u1100\u1161😀"), max_size=12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def rows_of(cast: Cast, dataset: Dataset, order: str, limit: int = 500) -> list[dict[str, Any]]:
    rows, after = [], ""
    while after is not None:
        page = call(cast.alice, "get", f"datasets/{dataset.pk}/images?order={order}&limit={limit}{after}").json()
        rows += page["items"]
        after = page["next"] and f"&after={quote(page['next'])}"
    return rows


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=1, max_size=30, unique=True))
def test_pages_agree_with_the_rule_that_tables_sort_by(cast: Cast, names: list[str]) -> None:
    dataset = make_dataset(cast.project)
    make_images(dataset, [Picture(key=f"x{name}") for name in names])
    for order, backwards in (("key", False), ("-key", True)):
        rows = rows_of(cast, dataset, order, limit=7)
        expected = sorted(rows, key=lambda row: (natural_key(row["key"]), row["id"]), reverse=backwards)
        assert [row["key"] for row in rows] == [row["key"] for row in expected]
        assert len(rows) == len(names)


def test_every_list_of_names_does(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    names = ["train v10", "Train v2", "나무", "가방"]
    for name in names:
        Slice.objects.create(dataset=dataset, name=name, origin={"kind": "hand"})
        Tag.objects.create(dataset=dataset, name=name)
    make_images(dataset, [Picture(key=f"{k}.jpg", metadata={"camera": name}) for k, name in enumerate(names)])
    expected = ["Train v2", "train v10", "가방", "나무"]
    facets = call(cast.alice, "get", f"datasets/{dataset.pk}/facets").json()
    assert [one["name"] for one in facets["slices"]] == expected
    (camera,) = (one for one in facets["metadata"] if one["key"] == "camera")
    assert [one["value"] for one in camera["values"]] == expected
    assert [one["name"] for one in call(cast.alice, "get", f"datasets/{dataset.pk}/tags").json()] == expected
    offered = call(cast.alice, "get", f"datasets/{dataset.pk}/query/completions").json()
    assert [one for one in offered["slices"] if one in expected] == expected
    assert offered["tags"] == expected


def test_a_page_far_down_begins_in_the_index(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    make_images(dataset, [Picture(key=f"image{k}.jpg") for k in range(40)])
    order = total(by_column("key", IMAGE, descending=False), IMAGE)
    later = after_row(order, [natural_key("image20.jpg"), 0])
    columns = ", ".join(key.sql.text for key in order)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        query = f"SELECT id FROM dataset_image WHERE dataset_id = %s AND {later.text} ORDER BY {columns} LIMIT 5"
        cursor.execute(f"EXPLAIN {query}", [dataset.pk, *later.params])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "using image_by_name" in plan
    assert "Index Cond" in plan
    assert "ROW(" in plan
