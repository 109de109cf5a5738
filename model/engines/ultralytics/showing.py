"""Pictures as ultralytics' augmentation feeds them to a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ultralytics.nn.modules.head import RTDETRDecoder
from ultralytics.utils.ops import xywh2xyxy

from model.engines.checkpoint import read_checkpoint
from model.engines.pictures import TrainingPicture
from model.engines.shown import write_pictures
from model.engines.types import EVERY_CLASS, PicturesRequest, TrainRequest
from model.engines.ultralytics.images import augmentation, training_images
from model.engines.ultralytics.networks import layout_of
from model.engines.ultralytics.seeding import seed_all


def pictures(request: PicturesRequest) -> Path:
    """Images of the training in any order, augmented as its first epoch augments them."""
    return write_pictures(request.training.output, augmented_pictures(request.training, request.count))


def augmented_pictures(training: TrainRequest, count: int) -> Iterator[TrainingPicture]:
    """So many of them; each image once before one comes again."""
    settings = training.settings
    seed_all(settings.seed)
    images = training_images(training.images, training.class_names, settings, is_stretched(training))
    if settings.mosaic and settings.epochs == settings.close_mosaic:
        images.close_mosaic(hyp=augmentation(settings))
    order = np.random.default_rng(settings.seed).permutation(len(images))
    for place in range(count):
        yield as_picture(images[int(order[place % len(order)])], len(training.class_names))


def is_stretched(training: TrainRequest) -> bool:
    """Whether the network is an RT-DETR, by its description alone."""
    layout = read_checkpoint(training.weights)[1].layout if training.weights else layout_of(training.architecture)
    return bool(layout["head"][-1][2] == RTDETRDecoder.__name__)


def as_picture(sample: dict[str, Any], classes: int) -> TrainingPicture:
    """The library's sample, (3, H, W) RGB with boxes as fractions, in our own form."""
    pixels = sample["img"].permute(1, 2, 0).numpy()[..., ::-1]
    height, width = pixels.shape[:2]
    boxes = xywh2xyxy(sample["bboxes"].reshape(-1, 4)) * torch.tensor([width, height, width, height])
    named = sample["cls"].reshape(-1).long().numpy()
    own = np.where(named >= 2 * classes, EVERY_CLASS, named % classes).astype(np.int32)
    return TrainingPicture(np.ascontiguousarray(pixels), boxes.float().numpy(), own, named >= classes)
