"""Somebody's own labelled images as the truth of an experiment.

`./halfday demo --data FOLDER` has them read by the platform's importers, before the platform starts, into one plain
file (`commandline/labelled_folder.py` says how it is laid out). What is planted later stays on this side.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from demo.material import LabelledPicture, Material
from demo.plant import ImageLabels

POOL = 0.25  # of the images wait in the pool
FEWEST = 20  # labelled images


class CannotRead(Exception):
    """What was given is of no use; the text says why."""


def read_material(file: Path, *, seed: int, limit: int | None = None, experiment: int = 0) -> Material:
    """The images and labels, copies left out, the pool set apart at random.

    With `experiment` so many images are no pool, or all where there are fewer; else a quarter is one.
    """
    content = json.loads(file.read_text(encoding="utf-8"))
    rows, copies = without_copies(content["images"])
    pictures = [_picture(row) for row in rows]
    labelled = sum(len(one.labels.boxes) > 0 for one in pictures)
    if labelled < FEWEST:
        raise CannotRead(
            f"{content['title']} holds {labelled} images with boxes; an experiment needs {FEWEST} or more."
        )
    order = np.random.default_rng(seed).permutation(len(pictures))[:limit]
    cut = max(0, len(order) - experiment) if experiment else round(len(order) * POOL)
    notes = [*content["notes"], *([f"{copies} exact copies of other images were left out."] if copies else [])]
    pool, rest = [pictures[i] for i in sorted(order[:cut])], [pictures[i] for i in sorted(order[cut:])]
    return Material(content["title"], tuple(content["classes"]), tuple(rest), tuple(pool), tuple(notes))


def without_copies(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The first of each set of images with equal bytes, and how many were left out."""
    first: dict[str, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["sha256"], row)
    return list(first.values()), len(rows) - len(first)


def _picture(row: dict[str, Any]) -> LabelledPicture:
    """The key is a file name of its own, whatever folders the image lies in."""
    labels = ImageLabels(
        "-".join(PurePosixPath(row["key"]).parts),
        row["width"],
        row["height"],
        np.array(row["boxes"], np.float32).reshape(-1, 4),
        np.array(row["classes"], np.int32),
    )
    metadata = {name: value for name, value in row["metadata"].items() if name != "part"}  # the demo's own
    return LabelledPicture(Path(row["path"]), labels, metadata, row["sequence"], row["captured_at"])
