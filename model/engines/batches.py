"""Batches of augmented images. What is drawn hangs on seed, epoch and image alone, not on who loads nor on a resume."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from model.engines.pictures import (
    Chance,
    TrainingPicture,
    blended_pictures,
    bordered_picture,
    coloured_picture,
    flipped_picture,
    mosaic_of_four,
    moved_picture,
    scaled_picture,
)
from model.engines.ranks.team import team
from model.engines.replaying import images_of_epoch, images_per_epoch
from model.engines.types import LabelledImage, TrainSettings
from model.serving.letterbox import inner_size

CACHED = 0.5  # of the free memory that decoded images may take
ORDER, PIXELS = 0, 1  # what a generator is for


class Draw(NamedTuple):
    """One image of one epoch, on a canvas of this width and height."""

    epoch: int
    place: int  # of the image
    canvas: tuple[int, int]
    again: int = 0  # how often the image stood in this epoch before: it is drawn otherwise each time


class InputLabels(NamedTuple):
    """What is on one image, in pixels of the network's input."""

    boxes: Tensor  # (N, 4) xyxy
    classes: Tensor  # (N,)
    ignored: Tensor  # (K, 4) xyxy
    ignored_classes: Tensor  # (K,) or EVERY_CLASS


class AugmentedBatch(NamedTuple):
    """Images (B, 3, H, W) uint8 RGB and what is on each."""

    images: Tensor
    labels: list[InputLabels]


class AugmentedImages(Dataset[TrainingPicture]):
    """The training images, drawn anew in each epoch."""

    def __init__(self, samples: tuple[LabelledImage, ...], settings: TrainSettings, stretched: bool = False) -> None:
        self.samples, self.settings, self.stretched = samples, settings, stretched
        self.kept: dict[int, TrainingPicture] = {}
        if settings.cache and len(samples) * settings.imgsz**2 * 3 < CACHED * free_memory() / team().beside:
            self.kept = {index: self._load(index) for index in range(len(samples))}

    def __len__(self) -> int:
        return len(self.samples)

    def _load(self, index: int) -> TrainingPicture:
        known = self.kept.get(index)
        return known or scaled_picture(self.samples[index], self.settings.imgsz, self.stretched)

    def __getitem__(self, wanted: Draw) -> TrainingPicture:
        settings = self.settings
        again = (wanted.again,) if wanted.again else ()
        chance = np.random.default_rng((settings.seed, PIXELS, wanted.epoch, wanted.place, *again))
        whole = settings.rect or wanted.epoch >= settings.epochs - settings.close_mosaic
        mosaic = not whole and chance.random() < settings.mosaic
        picture = self._placed(wanted, mosaic, chance)
        if not whole and chance.random() < settings.mixup:
            other = Draw(wanted.epoch, int(chance.integers(len(self))), wanted.canvas)
            picture = blended_pictures(picture, self._placed(other, mosaic, chance), chance)
        return flipped_picture(coloured_picture(picture, settings, chance), settings, chance)

    def _placed(self, wanted: Draw, mosaic: bool, chance: Chance) -> TrainingPicture:
        """One image, or four, on the canvas."""
        first = self._load(wanted.place)
        if mosaic:
            others = [self._load(int(index)) for index in chance.integers(len(self), size=3)]
            picture = mosaic_of_four([first, *others], wanted.canvas, chance)
        else:
            picture = bordered_picture(first, wanted.canvas)
        return moved_picture(picture, wanted.canvas, self.settings, chance)


class EpochBatches(Sampler[list[Draw]]):
    """Which images stand together in the batches of `epoch`; a lone last image is left out, which upsets norms.

    Where several processes share each batch this gives one process's part of it, and a last batch of fewer images than
    processes is left out.
    """

    def __init__(self, samples: tuple[LabelledImage, ...], settings: TrainSettings, stride: int) -> None:
        self.samples, self.settings, self.stride, self.epoch, self.team = samples, settings, stride, 0, team()
        self.sizes = np.array([inner_size(s.width, s.height, settings.imgsz) for s in samples])  # (I, 2)

    def __len__(self) -> int:
        full, rest = divmod(images_per_epoch(self.samples, self.settings), self.settings.batch)
        return full + (rest >= max(2, self.team.size) or (rest == 1 and not full))

    def __iter__(self) -> Iterator[list[Draw]]:
        chance = np.random.default_rng((self.settings.seed, ORDER, self.epoch))
        order = chance.permutation(images_of_epoch(self.samples, self.settings, self.epoch))
        if self.settings.rect:  # neighbours in shape, in any order among equals
            order = order[np.argsort((self.sizes[:, 0] / self.sizes[:, 1])[order].round(2), kind="stable")]
        groups = [order[first : first + self.settings.batch] for first in range(0, len(order), self.settings.batch)]
        least = 1 if len(groups) == 1 or self.settings.batch == 1 else max(2, self.team.size)
        groups = [group for group in groups if len(group) >= least]
        if self.settings.rect:
            groups = [groups[place] for place in chance.permutation(len(groups))]
        stood: Counter[int] = Counter()
        for group in groups:
            canvas = self._canvas(group)
            draws = []
            for index in group.tolist():
                draws.append(Draw(self.epoch, index, canvas, stood[index]))
                stood[index] += 1
            yield draws[self.team.rank :: self.team.size]

    def _canvas(self, group: Any) -> tuple[int, int]:
        width, height = self.sizes[group].max(0) if self.settings.rect else [self.settings.imgsz] * 2
        return tuple(-(-int(side) // self.stride) * self.stride for side in (width, height))  # type: ignore[return-value]


def loader_of_epochs(
    samples: tuple[LabelledImage, ...], settings: TrainSettings, pinned: bool, stride: int, stretched: bool = False
) -> tuple[DataLoader[TrainingPicture], EpochBatches]:
    """The loader, and the plan whose `epoch` is to be set before each pass. Stretched images have one shape."""
    if stretched:  # to what prediction stretches them to
        settings = replace(settings, rect=False, imgsz=-(-settings.imgsz // stride) * stride)
    plan = EpochBatches(samples, settings, stride)
    loader: DataLoader[TrainingPicture] = DataLoader(
        AugmentedImages(samples, settings, stretched),
        batch_sampler=plan,
        num_workers=settings.workers,
        pin_memory=pinned,
        collate_fn=batch_of_pictures,
    )
    return loader, plan


def batch_of_pictures(pictures: list[TrainingPicture]) -> AugmentedBatch:
    """As the network and its loss want it."""
    pixels = np.stack([one.pixels[..., ::-1].transpose(2, 0, 1) for one in pictures])
    return AugmentedBatch(torch.from_numpy(pixels), [_labels(one) for one in pictures])


def _labels(picture: TrainingPicture) -> InputLabels:
    boxes, classes = torch.from_numpy(picture.boxes), torch.from_numpy(picture.classes).long()
    ignored = torch.from_numpy(picture.ignored)
    return InputLabels(boxes[~ignored], classes[~ignored], boxes[ignored], classes[ignored])


def free_memory() -> int:
    """Bytes; 0 where nobody tells."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 0
