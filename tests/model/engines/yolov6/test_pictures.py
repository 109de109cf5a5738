"""Boxes go where their pixels go, and what is drawn hangs on seed, epoch and image alone."""

from dataclasses import replace

import numpy as np
import pytest

from model.engines.batches import AugmentedImages, Draw, EpochBatches, batch_of_pictures
from model.engines.pictures import TrainingPicture
from model.engines.types import EVERY_CLASS, LabelledImage
from tests.model.engines.yolov6.conftest import COLOURS, PLAIN

CANVAS = (128, 128)


def covered(picture: TrainingPicture) -> list[tuple[float, float]]:
    """Of each box, which share of it has its object's colour; and of those pixels, which share lies inside a box."""
    found = []
    for box, index in zip(picture.boxes, picture.classes, strict=True):
        mask = (np.abs(picture.pixels.astype(int) - COLOURS[index]) < 40).all(2)
        x1, y1, x2, y2 = box.round().astype(int)
        found.append((mask[y1:y2, x1:x2].mean(), mask[y1:y2, x1:x2].sum() / max(mask.sum(), 1)))
    return found


@pytest.mark.parametrize(
    "change",
    [{}, {"fliplr": 1.0}, {"flipud": 1.0}, {"scale": 0.4}, {"translate": 0.2}, {"fliplr": 1.0, "scale": 0.3}],
    ids=str,
)
def test_boxes_move_with_their_pixels(coloured: tuple[LabelledImage, ...], change: dict[str, float]) -> None:
    images = AugmentedImages(coloured, replace(PLAIN, **change))  # type: ignore[arg-type]
    for place in range(len(coloured)):
        for inside, share in covered(images[Draw(0, place, CANVAS)]):
            assert inside > 0.8
            assert share > 0.9


def test_a_mosaic_has_the_objects_of_four(coloured: tuple[LabelledImage, ...]) -> None:
    images = AugmentedImages(coloured, replace(PLAIN, mosaic=1.0, scale=0.0, epochs=9))
    drawn = [images[Draw(0, place, CANVAS)] for place in range(8)]
    assert max(len(one.boxes) for one in drawn) > 2
    assert all(inside > 0.7 for one in drawn for inside, _ in covered(one))


def test_the_last_epochs_have_no_mosaic(coloured: tuple[LabelledImage, ...]) -> None:
    images = AugmentedImages(coloured, replace(PLAIN, mosaic=1.0, mixup=1.0, epochs=5, close_mosaic=2))
    assert len(images[Draw(3, 0, CANVAS)].boxes) == len(coloured[0].boxes)


def test_ignored_regions_move_along_and_stay_apart(coloured: tuple[LabelledImage, ...]) -> None:
    one = coloured[1]
    region = replace(one, ignored=one.boxes[:1], ignored_classes=np.array([EVERY_CLASS], np.int32))
    images = AugmentedImages((region,), replace(PLAIN, fliplr=1.0))
    labels = batch_of_pictures([images[Draw(0, 0, CANVAS)]]).labels[0]
    assert labels.ignored.tolist() == labels.boxes[:1].tolist()
    assert (labels.classes.tolist(), labels.ignored_classes.tolist()) == ([0, 1], [EVERY_CLASS])


def test_the_same_draw_for_the_same_seed_epoch_and_image(coloured: tuple[LabelledImage, ...]) -> None:
    settings = replace(PLAIN, mosaic=1.0, scale=0.4, hsv_h=0.1, hsv_s=0.5, hsv_v=0.4, epochs=9)
    one, other = AugmentedImages(coloured, settings), AugmentedImages(coloured, replace(settings, cache=False))
    wanted = Draw(2, 5, CANVAS)
    assert np.array_equal(one[wanted].pixels, other[wanted].pixels)
    assert not np.array_equal(one[wanted].pixels, one[wanted._replace(epoch=3)].pixels)


def test_every_image_once_an_epoch_in_another_order(coloured: tuple[LabelledImage, ...]) -> None:
    plan = EpochBatches(coloured[:7], replace(PLAIN, batch=3, rect=True), 64)
    orders = []
    for plan.epoch in (0, 1, 0):
        batches = list(plan)
        assert [len(batch) for batch in sorted(batches, key=len)] == [3, 3]  # a lone seventh upsets norms
        assert len(plan) == 2
        assert {one.canvas for batch in batches for one in batch} == {(128, 128)}
        orders.append([one.place for batch in batches for one in batch])
    assert orders[0] == orders[2] != orders[1]
    assert len(set(orders[0])) == 6
