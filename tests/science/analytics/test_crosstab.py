"""Residuals of cross tables."""

import numpy as np
import pytest

from science.analytics.crosstab import cramers_v, residuals

TABLE = np.array([[30, 10], [20, 40]])


def test_it_works() -> None:
    """By hand: e = 40·50/100 = 20, z = (30 − 20) / √(20 · 0.6 · 0.5) = 10 / √6 = 4.082."""
    z = residuals(TABLE, TABLE.sum(axis=1), TABLE.sum(axis=0), 100)
    assert z[0, 0] == pytest.approx(4.082483, abs=1e-6)
    assert z == pytest.approx(np.array([[4.082483, -4.082483], [-4.082483, 4.082483]]), abs=1e-6)


def test_in_a_table_of_two_by_two_the_square_is_chi_squared() -> None:
    from scipy.stats import chi2_contingency  # here, as every process of a whole run would wait for it

    z = residuals(TABLE, TABLE.sum(axis=1), TABLE.sum(axis=0), 100)
    assert z[0, 0] ** 2 == pytest.approx(chi2_contingency(TABLE, correction=False).statistic)


def test_what_is_too_rare_is_left_open() -> None:
    rare = np.array([[3, 1], [50, 46]])
    assert np.isnan(residuals(rare, rare.sum(axis=1), rare.sum(axis=0), 100)).all()
    assert np.isnan(residuals(np.zeros((2, 2), np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64), 0)).all()


def test_what_every_image_has_is_left_open() -> None:
    everywhere = np.array([[50, 50]])
    assert np.isnan(residuals(everywhere, np.array([100]), np.array([50, 50]), 100)).all()


def test_noise_looks_like_noise() -> None:
    """Independent rows and columns: the residuals' spread is 1."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(300):
        rows, columns = rng.integers(0, 3, 600), rng.integers(0, 4, 600)
        table = np.histogram2d(rows, columns, bins=[3, 4])[0].astype(np.int64)
        found.append(residuals(table, table.sum(axis=1), table.sum(axis=0), 600))
    assert np.std(found) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    ("table", "v"),
    [
        ([[10, 0], [0, 10]], 1.0),
        ([[5, 5], [5, 5]], 0.0),
        ([[30, 10], [20, 40]], 0.4082483),
        ([[5, 5]], None),
        ([[4, 0], [3, 0]], None),
    ],
)
def test_association_is_cramers_v(table: list[list[int]], v: float | None) -> None:
    """By hand for the third: χ² = 16.667, V = √(16.667 / 100)."""
    assert cramers_v(np.array(table)) == (v if v is None else pytest.approx(v))


@pytest.mark.parametrize(("column", "told"), [(960, False), (940, True)])
def test_what_too_few_lack_is_left_open(column: int, told: bool) -> None:
    """By hand: of 1000 images 900 are in the row; outside of both 1000 · 0.1 · 0.04 = 4 are expected, or 6."""
    z = residuals(np.array([[870]]), np.array([900]), np.array([column]), 1000)
    assert bool(np.isfinite(z[0, 0])) is told
