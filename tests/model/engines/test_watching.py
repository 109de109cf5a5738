"""The fast look after each epoch: which images, what figures, and when it is enough."""

from pathlib import Path

import numpy as np
import pytest

from model.engines.types import LabelledImage, TrainSettings
from model.engines.watching import Patience, fast_figures, is_same_training, watched_images

BOX = np.array([[10, 10, 50, 50]], np.float32)


def image(number: int, of: int = 0) -> LabelledImage:
    return LabelledImage(Path(f"{number}.jpg"), 100, 100, BOX, np.array([of], np.int32))


# One label in each of two images, one of each class; the second is found a little off: IoU 36 · 40 / (40 · 40) = 0.9.
FOUND = (
    np.array([0, 1], np.int32),
    np.array([0, 1], np.int32),
    np.array([[10, 10, 50, 50], [10, 10, 50, 46]], np.float32),
    np.array([0.9, 0.8], np.float32),
)


def test_it_works() -> None:
    """The first counts at all ten thresholds, the second at the nine up to 0.9."""
    figures = fast_figures(FOUND, [image(0), image(1, 1)])
    assert figures == pytest.approx({"mAP": (1.0 + 0.9) / 2, "mAP50": 1.0}, abs=1e-6)


def test_a_class_that_is_never_found_counts() -> None:
    assert fast_figures(FOUND, [image(0), image(1, 1), image(2, 2)])["mAP50"] == pytest.approx(2 / 3)


def test_some_images_are_looked_at_the_same_for_every_seed() -> None:
    images = [image(number) for number in range(30)]
    chosen = watched_images(images, TrainSettings(validate_images=5, seed=1))
    assert len(chosen) == 5
    assert chosen == watched_images(images, TrainSettings(validate_images=5, seed=2))
    assert watched_images(images, TrainSettings(validate_images=30)) == tuple(images)


PATIENT = TrainSettings(patience=2, validate=True)


@pytest.mark.parametrize(
    ("figures", "ends_after"),
    [([0.1, 0.2, 0.3, 0.4], None), ([0.1, 0.3, 0.3, 0.2], 4), ([0.3, 0.2, 0.1, 0.5], 3), ([0.1, 0.0, 0.2, 0.1], None)],
)
def test_training_ends_after_so_many_epochs_without_a_better_figure(
    figures: list[float], ends_after: int | None
) -> None:
    patience, ended = Patience(PATIENT), None
    for epoch, figure in enumerate(figures, 1):
        if patience.is_over({"mAP": figure, "mAP50": 1.0 - figure}):
            ended = epoch
            break
    assert ended == ends_after


def test_without_patience_and_without_a_figure_it_goes_on() -> None:
    assert not any(Patience(TrainSettings()).is_over({"mAP": 0.1}) for _ in range(5))
    patience = Patience(PATIENT)
    assert not any(patience.is_over({"box_loss": 1.0}) for _ in range(5))


def test_a_resumed_training_counts_on() -> None:
    first = Patience(PATIENT)
    assert not first.is_over({"mAP": 0.5})
    assert not first.is_over({"mAP": 0.4})
    second = Patience(PATIENT)
    second.go_on(first.state())
    assert second.is_over({"mAP": 0.4})


@pytest.mark.parametrize(
    ("changed", "same"), [({"epochs": 40}, True), ({"patience": 3}, True), ({"lr0": 0.1}, False), ({"seed": 1}, False)]
)
def test_a_training_goes_on_with_another_end_and_nothing_else(changed: dict[str, float], same: bool) -> None:
    before = {"epochs": 20, "lr0": 0.002, "seed": 0}  # of a version that knew fewer settings
    assert is_same_training(before, {**before, "replay_share": 1.0, **changed}) is same
