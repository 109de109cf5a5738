"""What a training that carries another on keeps of it: which images are old, and what its classes were called."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dataset.models import Manifest
from dataset.selectors.annotations import labelled_at
from model.engines import LabelledImage
from model.models import Checkpoint, Run
from model.selectors.class_lists import changes_of_classes


def with_replayed(
    images: Sequence[LabelledImage], manifest: Manifest, parent: Run | None, share: float
) -> tuple[LabelledImage, ...]:
    """The manifest's images, those marked that the parent was trained on, where epochs see only a share of them."""
    if share >= 1 or parent is None or parent.train_manifest is None:
        return tuple(images)
    ids = np.unique(np.array(manifest.image_ids, np.int64))
    ids = ids[labelled_at(dataset=manifest.dataset, revision=manifest.revision, image_ids=ids)]
    old = np.isin(ids, np.array(parent.train_manifest.image_ids, np.int64))
    return tuple(replace(one, replayed=bool(is_old)) for one, is_old in zip(images, old, strict=True))


def renamed_since(start: Checkpoint | None, run: Run) -> dict[str, str]:
    """Names that classes of the starting weights have been given since, by the names that the weights know."""
    if start is None:
        return {}
    renamed = changes_of_classes(start, run.dataset).renamed
    return {old: one.name for one in renamed if one.name in run.classes for old in reversed(one.known_as)}
