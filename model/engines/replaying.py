"""Which images an epoch sees: all that are new, a share of those that the weights know, rare classes more often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Sampler

from model.engines.types import LabelledImage, TrainSettings

REPLAY, BALANCE = 7, 9  # keep these draws apart from others of the same seed and epoch


def chooses(images: Sequence[LabelledImage], settings: TrainSettings) -> bool:
    """Whether epochs see other images than each one once."""
    return replays(images, settings) or (settings.balance > 0 and len(images) > 0)


def replays(images: Sequence[LabelledImage], settings: TrainSettings) -> bool:
    """Whether epochs leave some of the old images out."""
    return settings.replay_share < 1 and any(one.replayed for one in images)


def images_of_epoch(images: Sequence[LabelledImage], settings: TrainSettings, epoch: int) -> NDArray[np.int64]:
    """The places of the images that an epoch sees, rising; another share of the old ones in each epoch.

    With `balance` some stand there more than once and others not at all. As many in every epoch, and at least one. The
    same seed and epoch draw the same.
    """
    chosen = _chosen(images, settings, epoch)
    return _balanced(chosen, images, settings, epoch) if settings.balance > 0 else chosen


def images_per_epoch(images: Sequence[LabelledImage], settings: TrainSettings) -> int:
    """How many images an epoch sees, repeated ones counted."""
    return len(_chosen(images, settings, 0))


def _chosen(images: Sequence[LabelledImage], settings: TrainSettings, epoch: int) -> NDArray[np.int64]:
    replayed = np.array([one.replayed for one in images], bool)
    if not replays(images, settings):
        return np.arange(len(images))
    old, new = np.flatnonzero(replayed), np.flatnonzero(~replayed)
    count = max(round(settings.replay_share * len(old)), 0 if len(new) else 1)
    drawn = np.random.default_rng((settings.seed, REPLAY, epoch)).choice(old, count, replace=False)
    return np.sort(np.concatenate([new, drawn])).astype(np.int64)


def _balanced(
    chosen: NDArray[np.int64], images: Sequence[LabelledImage], settings: TrainSettings, epoch: int
) -> NDArray[np.int64]:
    """As many places, drawn by how rare what an image shows is: each as often as it should be, or once more or less.

    An image weighs what its rarest class does: (images of the most frequent class / images of the class) ^ balance.
    With 0.5 that is repeat factor sampling (Gupta et al., LVIS, CVPR 2019), but for its threshold; epochs stay as long.
    """
    shown = [np.unique(images[place].classes) for place in chosen]
    classes, counts = np.unique(np.concatenate([np.zeros(0, np.int32), *shown]), return_counts=True)
    if not len(classes):
        return chosen
    factors = (counts.max() / counts) ** settings.balance
    weights = np.array([factors[np.searchsorted(classes, one)].max() if len(one) else 1.0 for one in shown])
    edges = np.cumsum(weights) / weights.sum() * len(chosen)
    edges[-1] = len(chosen)
    offset = np.random.default_rng((settings.seed, BALANCE, epoch)).random()
    times = np.diff(np.floor(np.concatenate([[0.0], edges]) + offset)).astype(np.int64)
    return np.repeat(chosen, times)


class ReplaySampler(Sampler[int]):
    """The images of an epoch in any order; `epoch` is to be set before each pass."""

    def __init__(self, images: Sequence[LabelledImage], settings: TrainSettings) -> None:
        self.images, self.settings, self.epoch = images, settings, 0

    def __len__(self) -> int:
        return images_per_epoch(self.images, self.settings)

    def __iter__(self) -> Iterator[int]:
        chosen = images_of_epoch(self.images, self.settings, self.epoch)
        order = np.random.default_rng((self.settings.seed, REPLAY + 1, self.epoch)).permutation(len(chosen))
        return iter(chosen[order].tolist())
