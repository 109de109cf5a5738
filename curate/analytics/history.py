"""How the labels of the images shown grew from revision to revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from curate.analytics.shown_images import ShownImages, rows_of

MOST = 500  # revisions, the newest

LIVES = """
SELECT label.born, COALESCE(label.died, 0), count(*) FROM dataset_annotation label
WHERE label.dataset_id = %s {only} GROUP BY 1, 2
"""


@dataclass(frozen=True)
class RevisionStep:
    """A revision: labels after it, and how many versions of boxes came and went."""

    number: int
    kind: str
    message: str
    created_at: datetime
    boxes: int
    added: int
    removed: int


def history(shown: ShownImages) -> list[RevisionStep]:
    """The newest revisions, oldest first. A changed box leaves as one version and comes as another."""
    only, params = shown.only("label.image_id")
    lives = rows_of(LIVES.format(only=only), [shown.dataset.pk, *params])
    revisions = list(shown.dataset.revisions.order_by("-number")[:MOST])[::-1]
    head = shown.dataset.head_revision
    born, died, counts = (np.array([row[k] for row in lives], np.int64) for k in range(3))
    added = np.bincount(born, weights=counts, minlength=head + 1).astype(int)
    removed = np.bincount(died, weights=counts, minlength=head + 1).astype(int)
    removed[0] = 0  # those that have not died
    alive = np.cumsum(added - removed)
    return [
        RevisionStep(
            one.number, one.kind, one.message, one.created_at, boxes=int(alive[one.number]),
            added=int(added[one.number]), removed=int(removed[one.number]),
        )
        for one in revisions
    ]  # fmt: skip
