"""The first pictures of a training, by the loader that the training loop has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, islice
from pathlib import Path

from model.engines.batches import Draw, EpochBatches, loader_of_epochs
from model.engines.pictures import TrainingPicture
from model.engines.shown import write_pictures
from model.engines.types import PicturesRequest


def show_pictures(request: PicturesRequest, *, stride: int, stretched: bool) -> Path:
    """As the first epoch draws them with the training's seed; of few images, as the following ones do as well."""
    settings = replace(request.training.settings, cache=False, workers=0)
    loader, plan = loader_of_epochs(request.training.images, settings, False, stride, stretched)
    draws = islice(draws_of_epochs(plan), request.count)
    drawn: Iterator[TrainingPicture] = (loader.dataset[one] for one in draws)
    return write_pictures(request.training.output, drawn)


def draws_of_epochs(plan: EpochBatches) -> Iterator[Draw]:
    """What each epoch asks for, one after the other."""
    for epoch in count():
        plan.epoch = epoch
        yield from chain.from_iterable(plan)
