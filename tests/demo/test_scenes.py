"""Generated road scenes: the same from the same seed, labelled tightly, and varied as the metadata says."""

import numpy as np
import pytest

from demo.drawing import Camera, Canvas, Pen
from demo.objects import CLASSES, Pose
from demo.scenes import DRAW, SIZE, SMALLEST, scenes


@pytest.fixture(scope="module")
def drawn():
    return list(scenes(60, seed=3))


def test_it_works(drawn):
    assert len(drawn) == 60
    assert all(scene.pixels.shape == (SIZE[1], SIZE[0], 3) for scene in drawn)
    assert sum(len(scene.boxes) for scene in drawn) > 150


def test_the_same_seed_gives_the_same_bytes(drawn):
    again = list(scenes(5, seed=3))
    for one, other in zip(drawn, again, strict=False):
        assert one.key == other.key
        np.testing.assert_array_equal(one.pixels, other.pixels)
        np.testing.assert_array_equal(one.boxes, other.boxes)


def test_another_seed_gives_other_scenes(drawn):
    other = next(iter(scenes(1, seed=4)))
    assert not np.array_equal(drawn[0].pixels, other.pixels)


def test_boxes_lie_inside_and_are_large_enough(drawn):
    for scene in drawn:
        assert scene.boxes.dtype == np.float32
        assert (scene.boxes[:, :2] >= 0).all()
        assert (scene.boxes[:, 2:] <= SIZE).all()
        assert ((scene.boxes[:, 2:] - scene.boxes[:, :2]) >= SMALLEST).all()


@pytest.mark.parametrize("kind", sorted(DRAW))
@pytest.mark.parametrize("view", ["front", "rear", "side"])
def test_every_class_is_drawn_within_its_box_and_fills_it(kind, view):
    """The id image that boxes come from covers exactly the pixels that drawing changed."""
    camera = Camera(960, 544, 800.0, 240.0, 1.5)
    canvas = Canvas.blank(camera, light=_daylight())
    canvas.pixels[:] = 255
    DRAW[kind](Pen(canvas, (0.0, 12.0), number=1), Pose(view, 1, 0.3, False), np.random.default_rng(0))
    changed = (canvas.pixels != 255).any(axis=2)
    own = canvas.ids == 1
    assert own.any()
    poles = kind in ("traffic light", "traffic sign")  # the pole is drawn and not labelled
    assert (changed | ~own).all() if poles else (changed == own).all()


def test_frames_of_a_sequence_are_nearly_identical_and_others_are_not(drawn):
    by_sequence = {}
    for scene in drawn:
        by_sequence.setdefault(scene.sequence, []).append(scene.pixels.astype(int))
    frames = next(pixels for pixels in by_sequence.values() if len(pixels) > 1)
    firsts = [pixels[0] for pixels in by_sequence.values()]
    near = np.abs(frames[0] - frames[1]).mean()
    far = np.median([np.abs(firsts[0] - other).mean() for other in firsts[1:]])
    assert near < 15 < far


def test_metadata_changes_the_picture():
    brightness = {"daytime": [], "night": []}
    for scene in scenes(60, seed=8):
        if scene.metadata["timeofday"] in brightness and scene.metadata["scene"] != "tunnel":
            brightness[scene.metadata["timeofday"]].append(scene.pixels.mean())
    assert min(brightness["daytime"]) > max(brightness["night"])


@pytest.mark.thorough
def test_classes_have_a_long_tail():
    counts = np.zeros(len(CLASSES), int)
    for scene in scenes(150, seed=5):
        counts += np.bincount(scene.classes, minlength=len(CLASSES))
    assert CLASSES[int(counts.argmax())] == "car"
    assert (counts > 0).all()
    assert counts.min() * 20 < counts.max()


def _daylight():
    from demo.backdrop import Surroundings

    return Surroundings("clear", "daytime", "city street").light()
