"""What a run's validation images share with its training images, as Curate sees it."""

from typing import Any

import numpy as np

from curate.duplicates.leaks import leaks_between
from model.models import Run


def leaks_of(run: Run) -> dict[str, Any]:
    """In numbers, and where the pairs stand."""
    trained = np.array(run.train_manifest.image_ids if run.train_manifest else [], np.int64)
    judged = np.array(run.validation_manifest.image_ids if run.validation_manifest else [], np.int64)
    found = leaks_between(run.dataset, np.unique(trained), np.unique(judged))
    train = ",".join(str(row.pk) for row in run.train_slices.all())
    return {
        "images": found.images,
        "pairs": len(found.pairs),
        "sequence_images": found.sequence_images,
        "not_looked_at": found.not_looked_at(),
        "link": f"/curate/{run.dataset_id}/leaks?train={train}&validation={run.validation_slice_id}",
    }
