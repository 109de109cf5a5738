"""How much more the loss of a rare class weighs: for images that all are seen alike, beside seeing some more often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.engines.types import LabelledImage, TrainSettings

NONE, INVERSE_SQUARE_ROOT = "none", "inverse_sqrt"
MOST = 5.0  # times: a class of three objects would teach its noise with more


def class_weights(images: Sequence[LabelledImage], classes: int, settings: TrainSettings) -> NDArray[np.float32] | None:
    """(C,) by which the class loss is multiplied; None where all weigh the same.

    1 for the most frequent class, √(its objects / the class's) for another, at most 5. A class without an object, of
    which there is only background to learn, weighs 1.
    """
    if settings.class_weights == NONE:
        return None
    counts = np.zeros(classes)
    for image in images:
        counts += np.bincount(image.classes, minlength=classes)[:classes]
    seen = counts > 0
    weights = np.ones(classes, np.float32)
    weights[seen] = np.minimum(np.sqrt(counts.max() / counts[seen]), MOST)
    return weights
