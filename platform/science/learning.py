"""The one file that imports scikit-learn: inside its functions, as that takes a second that only jobs can spare."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64s = NDArray[np.float64]


def clusters(vectors: NDArray[np.floating], count: int) -> NDArray[np.int32]:
    """(N,) which of ``count`` clusters each of the vectors (N, D) is in, by k-means; the same each time."""
    from sklearn.cluster import KMeans

    labels: NDArray[np.int32] = KMeans(count, n_init=1, random_state=0).fit_predict(vectors)
    return labels


def chances(rows: Float64s, is_true: NDArray[np.bool_], monotone: tuple[int, ...], judged: Float64s) -> Float64s:
    """(M,) the chance that each of ``judged`` (M, F) is true, learnt by boosted trees from ``rows`` (N, F).

    Rows have no weights: with weights each step of the boosting takes twice as long.
    ``monotone`` says for each feature whether the chance rises (1) or falls (-1) with it; 0 leaves it open.
    """
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
