"""Colour profiles: pixels that were written for another colour space than sRGB, which browsers and networks assume."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

SAME = 3  # levels of 255; profiles that all mean sRGB differ by as much
SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # Pillow's mode for a profile's colour space


@lru_cache(maxsize=64)
def is_needed(profile: bytes) -> bool:
    """Whether the profile can be read and means other colours than sRGB."""
    mode = mode_of(profile)
    if mode == "CMYK":
        return True
    probe = lattice() if mode == "RGB" else Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    try:
        seen = np.asarray(in_srgb(probe, profile).convert("RGB"), dtype=int)
    except ValueError:
        return False
    return bool(np.abs(seen - np.asarray(probe.convert("RGB"), dtype=int)).max() > SAME)


def lattice() -> Image.Image:
    """Colours from all over the cube."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    return Image.fromarray(cube.reshape(27, 27, 3))


@lru_cache(maxsize=64)
def mode_of(profile: bytes) -> str:
    """The mode of the pictures that the profile is for; none where it cannot be read."""
    try:
        space = ImageCms.ImageCmsProfile(BytesIO(profile)).profile.xcolor_space
    except Exception:  # the library raises what it likes on broken profiles
        return ""
    return SPACES.get(str(space).strip(), "")


def is_for(profile: bytes, mode: str) -> bool:
    """Whether it is for pictures of this mode; browsers take no notice of one that is not."""
    meant = mode_of(profile)
    if meant == "RGB":
        return mode in ("RGB", "RGBA", "P", "PA", "RGBa")
    return mode == "CMYK" if meant == "CMYK" else meant == "L" and mode.startswith(("L", "I", "F"))


@lru_cache(maxsize=64)
def name_of(profile: bytes) -> str:
    """What the profile calls itself."""
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).strip()
    except Exception:  # as above
        name = ""
    return name[:80] if name.isprintable() and name else "a colour profile"


def in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The picture, which has the profile's mode, in sRGB; grey stays grey. Raises ValueError where it cannot be."""
    try:
        changed = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except Exception as error:  # as above
        raise ValueError("its colour profile cannot be used") from error
    if changed is None:
        raise ValueError("its colour profile cannot be used")
    return changed.convert("L") if picture.mode == "L" else changed
