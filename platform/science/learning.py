"""The one file that imports scikit-learn: inside its functions, as that takes a second that only jobs can spare."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64s = NDArray[np.float64]
DIRECTIONS = 256  # of most spread that are kept of an encoder's vectors
SHRINKAGE = 0.3  # of a covariance towards a sphere: for few vectors, and for those with wrong teachers


def clusters(vectors: NDArray[np.floating], count: int) -> NDArray[np.int32]:
    """(N,) which of ``count`` clusters each of the vectors (N, D) is in, by k-means; the same each time."""
    from sklearn.cluster import KMeans

    labels: NDArray[np.int32] = KMeans(count, n_init=1, random_state=0).fit_predict(vectors)
    return labels


def chances(rows: Float64s, is_true: NDArray[np.bool_], monotone: tuple[int, ...], judged: Float64s) -> Float64s:
    """(M,) the chance that each of ``judged`` (M, F) is true, learnt from ``rows`` (N, F).

    Halfway, in log-odds, between boosted trees and a logistic curve: trees see which features matter where, and know
    no more than a few steps where rows are few; the curve sees the whole. ``monotone`` says for each feature whether
    the chance rises (1) or falls (-1) with it; 0 leaves it open.
    """
    by_trees = _log_odds(chances_by_trees(rows, is_true, monotone, judged))
    odds = (by_trees + _by_line(rows, is_true, monotone, judged)) / 2
    chance: Float64s = 1 / (1 + np.exp(-odds))
    return chance


def _log_odds(chance: Float64s) -> Float64s:
    odds: Float64s = np.log(chance / (1 - chance))
    return odds


def _by_line(rows: Float64s, is_true: NDArray[np.bool_], monotone: tuple[int, ...], judged: Float64s) -> Float64s:
    """(M,) log-odds by logistic regression on standardized features, its slopes held to the signs of ``monotone``.

    What is not known (NaN) counts as the mean of its feature.
    """
    from scipy.optimize import minimize

    known = np.isfinite(rows)
    middle = np.where(known, rows, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    spread = np.sqrt(((np.where(known, rows, middle) - middle) ** 2).mean(axis=0)) + 1e-9
    columns = np.column_stack([np.ones(len(rows)), (np.where(known, rows, middle) - middle) / spread])
    sign = np.where(is_true, -1.0, 1.0)

    def unlikely(at: Float64s) -> tuple[float, Float64s]:
        off = sign * (columns @ at)
        slope = columns.T @ (sign / (1 + np.exp(-off))) + np.r_[0.0, at[1:]]
        return float(np.logaddexp(0, off).sum() + (at[1:] ** 2).sum() / 2), slope

    bounds = [(None, None), *((0.0 if sign > 0 else None, 0.0 if sign < 0 else None) for sign in monotone)]
    found = minimize(unlikely, np.zeros(len(bounds)), jac=True, bounds=bounds, method="L-BFGS-B").x
    off = np.where(np.isfinite(judged), judged, middle) - middle
    odds: Float64s = found[0] + off / spread @ found[1:]
    return odds


def chances_by_trees(
    rows: Float64s, is_true: NDArray[np.bool_], monotone: tuple[int, ...], judged: Float64s
) -> Float64s:
    """(M,) the same by boosted trees alone. Rows have no weights: with weights each step takes twice as long."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    classifier = HistGradientBoostingClassifier(
        max_iter=40,
        learning_rate=0.12,
        max_bins=63,
        max_leaf_nodes=8,
        min_samples_leaf=20,
        l2_regularization=5.0,
        monotonic_cst=monotone,
        early_stopping=False,
        random_state=0,
    )
    classifier.fit(rows, is_true)
    chance: Float64s = classifier.predict_proba(judged)[:, 1]
    return chance


def class_chances(
    vectors: NDArray[np.floating], taught: NDArray[np.integer], judged: NDArray[np.floating]
) -> tuple[NDArray[np.int64], Float64s]:
    """(K,) the classes that were taught, and (M, K) the chance of each for the vectors ``judged`` (M, D).

    By linear discriminants with a covariance that is shrunk (Friedman 1989), after a projection on the directions of
    most spread: closed form, so it takes seconds, and few wrong teachers hardly move the means. A class with a single
    teacher is left out.
    """
    from sklearn.decomposition import PCA
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    known, counts = np.unique(taught, return_counts=True)
    known = known[counts > 1].astype(np.int64)
    if len(known) < 2:
        return known, np.ones((len(judged), len(known)))
    vectors, taught = vectors[np.isin(taught, known)], taught[np.isin(taught, known)]
    kept = min(DIRECTIONS, vectors.shape[1], max(len(vectors) // 2, 1))
    spread = PCA(kept, random_state=0, svd_solver="covariance_eigh").fit(vectors)
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE).fit(spread.transform(vectors), taught)
    chance: Float64s = model.predict_proba(spread.transform(judged))
    return known, chance
