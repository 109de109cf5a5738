"""How far a detector's candidates reach, and what GrabCut makes of loose boxes, on images that were not trained on.

    PYTHONPATH=platform:. python benchmarks/assist.py FOLDER [--data ../shared/data] [--images 120]

FOLDER keeps the scenes and trainings (assist_material.py). *Reach*: the share of objects with any candidate of an IoU
of .7 or more, of the 300 from .03 on; nothing that chooses among candidates can be right more often. *Tighten*: true
boxes made loose by up to a quarter of each side; their mean IoU with the truth before and after, over all and over
those that GrabCut answers for, the share of answers, and of these the share that is no worse.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from benchmarks.assist_material import JudgedPicture, scenes_after_the_baseline, vehicles
from label.assists.grabcut import tight_in_image
from label.assists.regions import CROP, region_around
from science.geometry.boxes import iou

ENOUGH = 0.7  # IoU
SIZES = ((1.0,), (1.0, 1.5), (1.0, 1.5, 2.0))  # of the size that the network was trained at
LOOSE = 0.25  # of a side, at most, on each


def main() -> None:
    """Read the options and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--images", type=int, default=120)
    options = parser.parse_args()
    print(f"{'images':<26}{'sizes':<18}{'objects':>8}{'reach':>8}")
    first = show("scenes", [scenes_after_the_baseline(options.folder, options.images, zooms) for zooms in SIZES])
    tighten("scenes", first)
    if options.data:
        for name, tuned in (("vehicles, COCO weights", False), ("vehicles, fine-tuned", True)):
            first = show(name, [vehicles(options.data, options.folder, tuned=tuned, zooms=zooms) for zooms in SIZES])
        tighten("vehicles", first)


def show(name: str, looks: list[list[JudgedPicture]]) -> list[JudgedPicture]:
    for zooms, pictures in zip(SIZES, looks, strict=True):
        found = [best_overlaps(one) >= ENOUGH for one in pictures]
        whole = np.concatenate(found)
        sizes = " ".join(f"{zoom:g}" for zoom in zooms)
        print(f"{name:<26}{sizes:<18}{len(whole):>8}{whole.mean():>8.3f}", flush=True)
    return looks[0]


def best_overlaps(one: JudgedPicture) -> np.ndarray:
    """(N,) of each true box, the largest IoU with any candidate."""
    if not len(one.boxes) or not len(one.truth.boxes):
        return np.zeros(len(one.truth.boxes))
    best: np.ndarray = iou(one.truth.boxes, one.boxes).max(axis=1)
    return best


def tighten(name: str, pictures: list[JudgedPicture]) -> None:
    """Print what GrabCut makes of loose boxes."""
    random = np.random.default_rng(0)
    rows, began = [], time.process_time()
    for one in pictures[:60]:
        pixels = np.asarray(Picture.open(one.path).convert("RGB"))
        rows += [outcome(pixels, box, random) for box in one.truth.boxes.astype(float)]
    seconds = (time.process_time() - began) / max(len(rows), 1)
    before, after, answered = np.array(rows).T
    of = answered > 0
    better = (after[of] >= before[of] - 1e-9).mean() if of.any() else float("nan")
    print(f"tighten, {name}: {len(rows)} boxes, IoU {before.mean():.3f} -> {after.mean():.3f}", end="; ")
    print(f"answered {of.mean():.2f}, there {before[of].mean():.3f} -> {after[of].mean():.3f}", end=", ")
    print(f"no worse {better:.2f}; {seconds * 1000:.0f} ms CPU each", flush=True)


def outcome(pixels: np.ndarray, box: np.ndarray, random: np.random.Generator) -> tuple[float, float, bool]:
    """IoU with the truth of a loose box, and of what stands afterwards; whether GrabCut answered."""
    height, width = pixels.shape[:2]
    sides = np.tile(box[2:] - box[:2], 2)
    grown = box + random.uniform(0, LOOSE, 4) * sides * np.array([-1, -1, 1, 1])
    loose = np.clip(grown, 0, [width, height, width, height])
    before = float(iou(loose[None], box[None])[0, 0])
    region = region_around((width, height), (loose[0], loose[1], loose[2], loose[3]))
    crop = Picture.fromarray(pixels).crop(region)
    crop.thumbnail((CROP, CROP), Picture.Resampling.BICUBIC)
    found = tight_in_image(np.asarray(crop), (loose[0], loose[1], loose[2], loose[3]), region)
    after = before if found is None else float(iou(np.array([found]), box[None])[0, 0])
    return before, after, found is not None


if __name__ == "__main__":
    main()
