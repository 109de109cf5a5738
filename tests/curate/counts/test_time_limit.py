"""A read that would take too long is stopped, and says so."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from dataset.models import Dataset
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
# Each count goes through all boxes on its own, and the groups are not kept for the next.
SLOW = quote(" and ".join(f"count(*, x1 > -{place}) != {place % 7 + 1}" for place in range(120)))
READS = ("images", "images/count", "facets", "image-ids")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    """A few thousand boxes: enough that hundreds of counts over them take seconds."""
    made = make_dataset(cast.project)
    make_images(made, [Picture(boxes=[("car", 1, 1, 9 + place, 9)] * 10) for place in range(300)])
    return made


@pytest.mark.parametrize("path", READS)
def test_a_slow_query_is_stopped_with_a_sentence(cast: Cast, dataset: Dataset, settings: Any, path: str) -> None:
    settings.QUERY_BUDGET_SECONDS = 0.02
    problem = assert_problem(
        call(cast.bob, "GET", f"datasets/{dataset.pk}/{path}?q={SLOW}"), 422, mentions="stopped after 0.02 s"
    )
    assert "Narrow it" in problem["errors"]["q"][0]


def test_the_budget_ends_with_the_read(cast: Cast, dataset: Dataset, settings: Any) -> None:
    settings.QUERY_BUDGET_SECONDS = 0.02
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/images?limit=1").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")


def test_without_a_budget_it_takes_its_time(cast: Cast, dataset: Dataset, settings: Any) -> None:
    settings.QUERY_BUDGET_SECONDS = 0
    few = quote("count(*, x1 > 0) != 3 and count(*, x1 > 1) != 4")
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/images/count?q={few}").json() == {"count": 300}
