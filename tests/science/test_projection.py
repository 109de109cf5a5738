"""Vectors on a plane."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from curate.embeddings.encoder import DIMENSIONS, EncoderError, EncoderProcess, PictureToEncode
from science.geometry.lasso import inside_lasso
from science.projection import FEWEST, framed, principal, project

ROOT = Path(__file__).parents[2]
# Compiled, the smallest UMAP takes half a minute; interpreted, this one takes seconds and does the same.
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "NUMBA_DISABLE_JIT": "1"}


def clusters(count: int, size: int) -> np.ndarray:
    """(count · size, 1280) vectors around `count` middles."""
    chance = np.random.default_rng(0)
    middles = 3 * chance.standard_normal((count, DIMENSIONS))
    return (np.repeat(middles, size, axis=0) + chance.standard_normal((count * size, DIMENSIONS))).astype(np.float16)


@pytest.mark.thorough
def test_it_works() -> None:
    """Three heaps of vectors are three heaps of points, far from each other and small, in the encoder's process."""
    vectors = clusters(3, FEWEST // 3 + 1)
    with EncoderProcess(ENVIRONMENT) as encoder:
        found = encoder.project(vectors, seed=0)
    assert found.method == "umap"
    assert found.points.shape == (len(vectors), 2)
    heaps = np.split(found.points, 3)
    middles = np.stack([heap.mean(axis=0) for heap in heaps])
    spread = max(np.linalg.norm(heap - middle, axis=1).max() for heap, middle in zip(heaps, middles, strict=True))
    apart = min(np.linalg.norm(middles[a] - middles[b]) for a, b in ((0, 1), (0, 2), (1, 2)))
    assert apart > 4 * spread


def test_few_points_lie_by_their_first_two_components() -> None:
    vectors = np.zeros((4, 8), np.float32)
    vectors[:, 3], vectors[:, 6] = [0, 10, 0, 10], [0, 0, 4, 4]
    found = project(vectors, seed=0)
    assert found.method == "pca"
    np.testing.assert_allclose(sorted(found.points[:, 0].tolist()), [0.02, 0.02, 0.98, 0.98], atol=1e-6)
    np.testing.assert_allclose(found.points.mean(axis=0), [0.5, 0.5], atol=1e-6)
    np.testing.assert_array_equal(found.points, project(vectors, seed=0).points)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_points(count: int) -> None:
    found = project(np.ones((count, 16), np.float16), seed=0)
    assert found.points.shape == (count, 2)
    assert np.isfinite(found.points).all()


def test_components_are_those_of_the_covariance() -> None:
    vectors = np.random.default_rng(1).standard_normal((40, 6)).astype(np.float32) * [1, 5, 1, 3, 1, 1]
    found = principal(vectors.astype(np.float32), seed=0)
    variances = np.sort(np.linalg.eigvalsh(np.cov(vectors.T)))[::-1]
    np.testing.assert_allclose(found.var(axis=0, ddof=1), variances, rtol=1e-3)


def test_strays_do_not_shrink_the_rest() -> None:
    points = np.random.default_rng(0).uniform(0, 1, (5000, 2))
    points[0] = (500, 500)
    unit = framed(points)
    assert unit.max() <= 1
    assert np.ptp(unit[1:], axis=0).min() > 0.9


# A square with a notch, corner by corner, and points with what is said of them.
NOTCHED = np.array([(0, 0), (10, 0), (10, 10), (5, 4), (0, 10)])


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ((5, 2), True),
        ((5, 6), False),
        ((1, 5), True),
        ((9, 5), True),
        ((11, 5), False),
        ((5, 11), False),
        ((0, 0), True),
    ],
)
def test_inside_a_line(point: tuple[int, int], said: bool) -> None:
    assert inside_lasso(np.array([point], np.uint16), NOTCHED).tolist() == [said]


def test_two_corners_enclose_nothing() -> None:
    assert not inside_lasso(np.array([(1, 1)], np.uint16), NOTCHED[:2]).any()


def test_it_rejects_with_a_sentence_when_the_process_dies() -> None:
    environment = {**ENVIRONMENT, "PYTHONHOME": "/nowhere"}  # Python itself does not start
    with EncoderProcess(environment) as encoder, pytest.raises(EncoderError, match="ended with status 1"):
        list(encoder.encode([[PictureToEncode(Path(sys.executable))]]))


@pytest.mark.parametrize("value", [0, 0.03125])
def test_equal_vectors_are_one_point_in_the_middle(value: float) -> None:
    """As many as UMAP needs, which gives NaN for them."""
    found = project(np.full((FEWEST, 1280), value, np.float16), seed=0)
    np.testing.assert_array_equal(found.points, np.full((FEWEST, 2), 0.5, np.float32))
