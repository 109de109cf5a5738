"""Names in the order in which people read them."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

import pytest

from science.natural_order import natural_key, value_key

TABLE = Path(__file__).parents[2] / "frontend" / "src" / "test" / "naturalOrder.json"
ORDERED: list[str] = json.loads(TABLE.read_text(encoding="utf-8"))


def test_it_works() -> None:
    """The table is the browser's too (frontend/src/ui/names.test.ts)."""
    shuffled = ORDERED.copy()
    random.Random(3).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == ORDERED
    assert all(natural_key(before) < natural_key(after) for before, after in pairwise(ORDERED))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("image7", "IMAGE007"),
        ("École", "ecole"),
        ("서울 1", normalize("NFD", "서울 01")),  # as a Mac writes file names
    ],
)
def test_names_that_read_alike_are_equal(one: str, other: str) -> None:
    assert natural_key(one) == natural_key(other)


def test_values_of_metadata_are_in_the_order_of_their_kind() -> None:
    assert sorted(["b10", True, 10, "b9", 9.5, False], key=value_key) == [9.5, 10, False, True, "b9", "b10"]
