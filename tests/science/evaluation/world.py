"""A small world of images and detectors whose true mAP can be had from many images."""

import numpy as np

from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth

FREQUENCY = np.array([3, 1, 0.6, 0.3, 0.15])  # boxes of each class per image
CLASSES = len(FREQUENCY)


def evaluations(
    *,
    seed: int,
    images: int,
    skills: tuple[float, ...],
    sequence: int = 1,
    apart: float = 0.5,
    crowding: float = 1.0,
    harder: float = 0.0,
) -> list[Matches]:
    """Return one evaluation per skill, all on the same images.

    Images of a sequence share their difficulty and their number of objects; ``apart`` is how far the detectors
    judge the same object differently; ``crowding`` multiplies the boxes of an image, ``harder`` makes all of them hard.
    """
    random = np.random.default_rng(seed)
    sequences = -(-images // sequence)
    difficulty = np.repeat(random.normal(0, 0.7, sequences), sequence)[:images]
    rates = np.repeat(random.gamma(2, 0.5, (sequences, CLASSES)), sequence, axis=0)[:images]
    counts = random.poisson(rates * FREQUENCY * crowding)  # (I, C)
    image = np.repeat(np.arange(images), counts.sum(axis=1))
    label = np.concatenate([np.repeat(np.arange(CLASSES), row) for row in counts])
    boxes = _boxes(random, len(image))
    truth = GroundTruth.of(image_ids=np.arange(images), image_index=image, class_index=label, boxes=boxes)
    hardness = harder + difficulty[image] + 0.6 * random.normal(0, 1, len(image))
    found = [_detect(random, truth, skill - hardness, difficulty, skill, apart) for skill in skills]
    return [match(truth, each, classes=CLASSES) for each in found]


def _boxes(random: np.random.Generator, count: int) -> np.ndarray:
    corners, sides = random.uniform(0, 600, (count, 2)), random.lognormal(3.5, 0.6, (count, 2))
    return np.concatenate([corners, corners + sides], axis=1)


def _detect(
    random: np.random.Generator,
    truth: GroundTruth,
    ease: np.ndarray,
    difficulty: np.ndarray,
    skill: float,
    apart: float,
) -> Detections:
    """Find easy objects, place them better the easier they are, and add false alarms where it is difficult."""
    quality = ease + random.normal(0, apart, len(ease))
    seen = quality > -0.3
    sides = np.tile(truth.boxes[:, 2:] - truth.boxes[:, :2], 2)
    moved = truth.boxes + random.normal(0, 0.6, sides.shape) * sides * (0.12 * np.exp(-0.4 * quality))[:, None]
    confused = random.random(len(ease)) < 0.08
    label = np.where(confused, random.integers(0, CLASSES, len(ease)), truth.class_index)
    score = quality - 0.3 + random.normal(0, apart, len(ease))
    alarms = random.poisson(1.5 * np.exp(difficulty) / skill)
    wrong = np.repeat(np.arange(truth.images), alarms)
    logits = np.concatenate([score[seen], random.normal(-1.2, 1, len(wrong))])
    return Detections.of(
        image_index=np.concatenate([truth.image_index[seen], wrong]),
        class_index=np.concatenate([label[seen], random.choice(CLASSES, len(wrong), p=FREQUENCY / FREQUENCY.sum())]),
        boxes=np.concatenate([moved[seen], _boxes(random, len(wrong))]),
        scores=1 / (1 + np.exp(-logits)),
    )
