"""Pictures, and copies of them as tools make them."""

import numpy as np
from PIL import Image as Picture
from PIL import ImageEnhance, ImageFilter

TURN = Picture.Transpose


def scene(seed: int, width: int = 480, height: int = 320) -> Picture.Image:
    """A picture that is like no other: blobs of several sizes, and a hundred patches with edges."""
    random = np.random.default_rng(seed)
    picture = Picture.fromarray(random.integers(30, 220, (6, 9, 3), dtype=np.uint8)).resize((width, height))
    for _ in range(100):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = (int(side) for side in random.integers(8, 60, 2))
        picture.paste(tuple(int(one) for one in random.integers(0, 255, 3)), (x, y, x + w, y + h))
    return picture.filter(ImageFilter.GaussianBlur(1))


def mirrored(picture: Picture.Image) -> Picture.Image:
    return picture.transpose(TURN.FLIP_LEFT_RIGHT)


def turned(picture: Picture.Image) -> Picture.Image:
    return picture.transpose(TURN.ROTATE_90)


def darker(picture: Picture.Image) -> Picture.Image:
    return ImageEnhance.Brightness(picture).enhance(0.7)


def window(picture: Picture.Image, left: float, top: float, right: float, bottom: float) -> Picture.Image:
    """A part of it, by parts of its width and height."""
    width, height = picture.size
    return picture.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
