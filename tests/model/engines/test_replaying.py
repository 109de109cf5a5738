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
