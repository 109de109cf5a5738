"""Which images an epoch sees when the old ones are replayed in part."""

from pathlib import Path

import numpy as np
import pytest

from model.engines.batches import EpochBatches
from model.engines.replaying import ReplaySampler, images_of_epoch
from model.engines.types import LabelledImage, TrainSettings

NOTHING = (np.zeros((0, 4), np.float32), np.zeros(0, np.int32))
IMAGES = tuple(LabelledImage(Path(f"{n}.jpg"), 64, 64, *NOTHING, replayed=n < 8) for n in range(12))
NEW = {8, 9, 10, 11}


@pytest.mark.parametrize(("share", "old"), [(1.0, 8), (0.5, 4), (0.25, 2), (0.0, 0)])
def test_it_works(share: float, old: int) -> None:
    """All four new images, and the share of the eight old ones."""
    seen = images_of_epoch(IMAGES, TrainSettings(replay_share=share), 0).tolist()
    assert set(seen) >= NEW
    assert (len(set(seen) - NEW), len(set(seen))) == (old, len(seen))


def test_every_epoch_draws_others_and_the_same_seed_the_same() -> None:
    settings = TrainSettings(replay_share=0.25)
    draws = [tuple(images_of_epoch(IMAGES, settings, epoch)) for epoch in range(12)]
    assert draws == [tuple(images_of_epoch(IMAGES, settings, epoch)) for epoch in range(12)]
    assert set().union(*draws) == set(range(12))


def test_without_new_images_something_is_left_to_learn() -> None:
    assert len(images_of_epoch(IMAGES[:8], TrainSettings(replay_share=0.0), 0)) == 1


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_both_engines_see_them(share: float) -> None:
    settings = TrainSettings(replay_share=share, batch=4)
    sampler, plan = ReplaySampler(IMAGES, settings), EpochBatches(IMAGES, settings, 32)
    for epoch in range(3):
        sampler.epoch = plan.epoch = epoch
        wanted = images_of_epoch(IMAGES, settings, epoch).tolist()
        assert sorted(sampler) == wanted
        assert sorted(draw[1] for batch in plan for draw in batch) == wanted
    assert (len(sampler), len(plan)) == (len(wanted), -(-len(wanted) // 4))


def showing(*classes: int) -> LabelledImage:
    boxes = np.tile(np.array([[1, 1, 9, 9]], np.float32), (len(classes), 1))
    return LabelledImage(Path("x.jpg"), 64, 64, boxes, np.array(classes, np.int32))


# Six images of cars, one of them with a rider, one more rider, and background: cars are in 6, riders in 2.
STREET = (*(showing(0) for _ in range(5)), showing(0, 0, 1), showing(1), showing())


@pytest.mark.parametrize(
    ("balance", "rider"),
    [
        (0.0, 1.0),
        (1.0, 8 * 3 / 12),  # (6 / 2) of 5 + 3 + 3 + 1
        (0.5, 8 * 3**0.5 / (6 + 2 * 3**0.5)),
    ],
)
def test_rare_classes_are_seen_more_often(balance: float, rider: float) -> None:
    """By hand: how often an image with a rider is seen in an epoch of eight, over many epochs."""
    settings = TrainSettings(balance=balance)
    epochs = [images_of_epoch(STREET, settings, epoch).tolist() for epoch in range(400)]
    assert {len(seen) for seen in epochs} == {8}
    for place in (5, 6):
        assert np.mean([seen.count(place) for seen in epochs]) == pytest.approx(rider, abs=0.05)
    low, high = int(rider), int(-(-rider // 1))
    assert {seen.count(6) for seen in epochs} <= {low, high}


def test_the_same_seed_repeats_the_same_images() -> None:
    settings = TrainSettings(balance=1.0)
    assert images_of_epoch(STREET, settings, 3).tolist() == images_of_epoch(STREET, settings, 3).tolist()


def test_background_alone_is_seen_as_it_is() -> None:
    assert images_of_epoch((showing(), showing()), TrainSettings(balance=1.0), 0).tolist() == [0, 1]


def test_a_repeated_image_is_drawn_otherwise_each_time() -> None:
    plan = EpochBatches(STREET, TrainSettings(balance=1.0, batch=8), 32)
    (draws,) = plan
    of_rider = [draw.again for draw in draws if draw.place == 6]
    assert of_rider == [0, 1]
    assert sorted(ReplaySampler(STREET, TrainSettings(balance=1.0))) == sorted(draw.place for draw in draws)
