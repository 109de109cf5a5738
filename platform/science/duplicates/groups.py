"""Pictures that belong together because a chain of pairs joins them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def groups_of_pairs(pairs: Ints) -> list[Ints]:
    """The groups that (P, 2) pairs of numbers form: each rising, the largest group first, then by its first member."""
    from scipy.sparse import coo_array  # slow to load, and Django starts without it
    from scipy.sparse.csgraph import connected_components

    members, places = np.unique(pairs, return_inverse=True)
    ends = places.reshape(-1, 2)
    shape = (len(members), len(members))
    graph = coo_array((np.ones(len(ends), bool), (ends[:, 0], ends[:, 1])), shape=shape)
    count, label = connected_components(graph, directed=False) if len(members) else (0, np.zeros(0, int))
    order = np.argsort(label, kind="stable")
    cuts = np.searchsorted(label[order], np.arange(1, count))
    groups = [members[rows].astype(np.int64) for rows in np.split(order, cuts)] if count else []
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))
