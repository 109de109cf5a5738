"""Which images an epoch sees: all that are new, and a share of those that the weights were trained on before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Sampler

from model.engines.types import LabelledImage, TrainSettings

REPLAY = 7  # keeps this draw apart from others of the same seed and epoch


def replays(images: Sequence[LabelledImage], settings: TrainSettings) -> bool:
    """Whether epochs leave some images out."""
    return settings.replay_share < 1 and any(one.replayed for one in images)


def images_of_epoch(images: Sequence[LabelledImage], settings: TrainSettings, epoch: int) -> NDArray[np.int64]:
    """The places of the images that an epoch sees, rising; another share of the old ones in each epoch.

    As many in every epoch, and at least one. The same seed and epoch draw the same.
    """
    replayed = np.array([one.replayed for one in images], bool)
    if not replays(images, settings):
        return np.arange(len(images))
    old, new = np.flatnonzero(replayed), np.flatnonzero(~replayed)
    count = max(round(settings.replay_share * len(old)), 0 if len(new) else 1)
    drawn = np.random.default_rng((settings.seed, REPLAY, epoch)).choice(old, count, replace=False)
    return np.sort(np.concatenate([new, drawn])).astype(np.int64)


class ReplaySampler(Sampler[int]):
    """The images of an epoch in any order; `epoch` is to be set before each pass."""

    def __init__(self, images: Sequence[LabelledImage], settings: TrainSettings) -> None:
        self.images, self.settings, self.epoch = images, settings, 0

    def __len__(self) -> int:
        return len(images_of_epoch(self.images, self.settings, 0))

    def __iter__(self) -> Iterator[int]:
        chosen = images_of_epoch(self.images, self.settings, self.epoch)
        order = np.random.default_rng((self.settings.seed, REPLAY + 1, self.epoch)).permutation(len(chosen))
        return iter(chosen[order].tolist())
