"""Arrays into and out of Postgres."""

import numpy as np
import pytest
from django.db import connection

from dataset import bulk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE things (a int8, b int4, c int2, d real, e float8) ON COMMIT DROP")


def columns(count: int) -> dict[str, np.ndarray]:
    numbers = np.arange(count)
    kinds = zip("abcde", (np.int64, np.int32, np.int16, np.float32, np.float64), strict=True)
    return {name: (numbers * 7 - 3).astype(kind) for name, kind in kinds}


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_it_works(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1000)
    given = columns(count)
    assert bulk.copy_in("things", given) == count
    taken = bulk.copy_out("SELECT a, b, c, d, e FROM things ORDER BY a", [], [array.dtype for array in given.values()])
    for before, after in zip(given.values(), taken, strict=True):
        assert after.dtype == before.dtype
        np.testing.assert_array_equal(before, after)


def test_the_querys_order_is_kept() -> None:
    bulk.copy_in("things", columns(5))
    (found,) = bulk.copy_out("SELECT a FROM things WHERE a > %s ORDER BY a DESC", [4], [np.int64])
    assert found.tolist() == [25, 18, 11]


def test_it_rejects_nulls() -> None:
    with pytest.raises(ValueError, match="NULL"):
        bulk.copy_out("SELECT NULL::int8", [], [np.int64])


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_rows_with_nulls_and_words_go_in(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1000)
    numbers = np.arange(count)
    words = ["", "é", "duplicate"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE holes (n int8, score real, word varchar) ON COMMIT DROP")
        given: dict[str, bulk.NullableColumn | bulk.WordColumn] = {
            "n": bulk.NullableColumn(numbers, numbers % 3 > 0),
            "score": bulk.NullableColumn((numbers / 7).astype(np.float32), numbers % 2 == 0),
            "word": bulk.WordColumn(numbers % 3, words),
        }
        assert bulk.copy_in_some_null("holes", given, count) == count
        cursor.execute("SELECT n, score, word FROM holes")
        found = cursor.fetchall()
    expected = [(n if n % 3 else None, np.float32(n / 7) if n % 2 == 0 else None, words[n % 3]) for n in range(count)]
    assert found == expected
