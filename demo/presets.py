"""How large an experiment is and how it trains. Chosen by measurement; docs/demo.md has the figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """One size of experiment."""

    experiment: int  # images that are split 4 : 1 into training and validation; 0: as many as there are
    validation: int  # further images, correctly labelled, to judge on: few show no small gain
    pool: int  # further images, correctly labelled, unused at first; of somebody's own data: all that are left
    plant: float  # share of the training labels that get an error
    imgsz: int  # longer side that images are scaled to, pixels
    epochs: int  # of the baseline and of each fold
    more_epochs: int  # of every later training, which starts from the one before
    folds: int  # of the search for mislabels
    rare: int  # at most so many images of rare classes are taken from the pool
    edge: int  # edge cases taken from the pool
    settings: dict[str, Any] = field(default_factory=dict)  # of every training, beside the ones above
    baseline: str = ""  # the architecture; where none is named, that of the weights


# From the base checkpoint, which has seen such scenes: its first layers stay, images keep their shape, the new class
# layer learns at a high rate. At the same cost this reaches an mAP of 28.7 where the usual settings reach 16.6.
SCENES = {"batch": 8, "lr0": 0.004, "rect": True, "mosaic": 0.0, "freeze": 5, "cls_gain": 1.0, "warmup_epochs": 0.5}
# From weights that know photographs: the backbone stays.
TUNED = {"batch": 8, "lr0": 0.001, "freeze": 10, "close_mosaic": 1}
# Photographs from the base checkpoint, which has never seen one.
LEARNT = {"batch": 8, "lr0": 0.003, "close_mosaic": 1}

# The published experiment: of its recipe only the data, the network and its image size are known, so all else is the
# network's own default, in batches that a GPU of 80 GiB holds.
PUBLISHED = {"batch": 16}

# Another architecture from nothing: no layer stays, its own optimiser and rate, images keep their shape.
FRESH = {"batch": 8, "rect": True, "mosaic": 0.0}

PRESETS: dict[str, Preset] = {
    "tiny": Preset(600, 480, 600, 0.25, 256, 8, 10, 2, 160, 80, SCENES),
    "small": Preset(1500, 300, 700, 0.25, 320, 9, 7, 3, 200, 100, SCENES),
    "published": Preset(30_000, 0, 0, 0.2, 1280, 30, 12, 2, 3000, 3000, PUBLISHED, "yolov6l6"),
    "test": Preset(40, 8, 16, 0.25, 160, 1, 1, 2, 6, 4, SCENES),
}


def scaled(preset: Preset, scale: float) -> Preset:
    """The preset with this share of each number of images."""
    names = ("experiment", "validation", "pool", "rare", "edge")
    return replace(preset, **{name: round(scale * getattr(preset, name)) for name in names})


def own_data(weights: bool) -> Preset:
    """For somebody's own images, from weights of theirs or from the base checkpoint."""
    return (
        Preset(0, 0, 0, 0.2, 256, 5, 4, 2, 1000, 60, TUNED)
        if weights
        else Preset(0, 0, 0, 0.2, 256, 12, 8, 2, 1000, 60, LEARNT)
    )


def with_baseline(preset: Preset, baseline: str, weights: bool) -> Preset:
    """The preset with another architecture, from somebody's weights of it or from nothing."""
    return replace(preset, baseline=baseline, settings=preset.settings if weights else FRESH)


def with_figures(
    preset: Preset, *, plant: float | None, imgsz: int | None, epochs: int | None, batch: int | None = None
) -> Preset:
    """The preset with the user's own figures. Another number of epochs changes the later trainings in proportion."""
    later = preset.more_epochs if epochs is None else max(1, round(epochs * preset.more_epochs / preset.epochs))
    return replace(
        preset,
        plant=preset.plant if plant is None else plant,
        imgsz=imgsz or preset.imgsz,
        epochs=epochs or preset.epochs,
        more_epochs=later,
        settings=preset.settings | ({"batch": batch} if batch else {}),
    )
