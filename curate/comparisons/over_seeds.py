"""What an experiment shows: runs of two arms, each with several seeds, judged on the same images and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from curate.comparisons.compare import difference_json
from curate.evaluations.arrays import labelled_ground, resampling_units
from curate.evaluations.evaluate import matches_on
from dataset.models import Dataset, PredictionSet, Slice
from dataset.selectors import slices as slice_reads
from science.evaluation.arrays import Ground, Ids
from science.evaluation.as_json import json_number
from science.evaluation.bootstrap import Gain, PairedDifference, compare
from science.evaluation.matching import Matches
from science.evaluation.over_seeds import DrawnFigures, ImagesAlone, SeededGain, compare_over_seeds, drawn_figures
from science.evaluation.recall_resamples import mean_of_present
from science.evaluation.stopping import level_of, look

FEWEST_IMAGES = 10  # of a named slice, for it to say anything


@dataclass(frozen=True)
class SeedPair:
    """What both arms of one seed predicted. `control` is None where the experiment has no control."""

    seed: int
    treatment: PredictionSet
    control: PredictionSet | None


def seeds_compared(
    dataset: Dataset, pairs: Sequence[SeedPair], *, revision: int, planned: int, has_control: bool
) -> dict[str, Any]:
    """The arms' means and spread, and treatment minus control over images and seeds; on the labels of one revision."""
    sets = [one for pair in pairs for one in (pair.treatment, pair.control) if one is not None]
    shared = reduce(np.intersect1d, [np.asarray(one.manifest.image_ids, np.int64) for one in sets])
    ground = labelled_ground(dataset, shared, revision)
    units = resampling_units(ground.image_ids)
    treatment = [_drawn(pair.treatment, ground, revision, units.groups) for pair in pairs]
    control = [_drawn(pair.control, ground, revision, units.groups) for pair in pairs if pair.control is not None]
    found: dict[str, Any] = {
        "pairs": len(pairs),
        "revision": revision,
        "images": len(ground.image_ids),
        "groups": units.kind,
        "seeds": [pair.seed for pair in pairs],
        "arms": {"treatment": _arm(treatment), "control": _arm(control) if has_control else None},
    }
    if not has_control:
        return {**found, "delta": None, "images_alone": None, "each": [], "per_class": [], "look": None}
    first = compare_over_seeds(treatment, control)
    said = look(first.map, planned=planned)
    asked = said.level if said.level < 1 else level_of(planned, planned)
    compared = compare_over_seeds(treatment, control, level=asked)
    return {
        **found,
        "delta": {"mAP": gain_json(replace(compared.map, gain=said.gain)), "mAP50": gain_json(compared.map50)},
        "images_alone": alone_json(compared.images_alone),
        "each": [{"seed": pair.seed, **alone_json(one)} for pair, one in zip(pairs, compared.each, strict=True)],
        "per_class": _classes(ground, first.classes, treatment, control),
        "look": {
            **asdict(said),
            "gain": said.gain.value,
            "chance": None if said.chance is None else json_number(said.chance),
        },
    }


def _drawn(prediction_set: PredictionSet, ground: Ground, revision: int, groups: Ids) -> DrawnFigures:
    return drawn_figures(matches_on(prediction_set, ground, revision), groups=groups)


def _arm(figures: list[DrawnFigures]) -> dict[str, Any]:
    """The mean of the seeds' mAP, how far they lie apart (the standard deviation), and each."""
    values = np.array([float(mean_of_present(one.classes, 0)) for one in figures])
    spread = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    return {
        "mean": json_number(float(values.mean())) if len(values) else None,
        "spread": json_number(spread),
        "values": [json_number(value) for value in values.tolist()],
    }


def _classes(
    ground: Ground, gains: list[SeededGain], treatment: list[DrawnFigures], control: list[DrawnFigures]
) -> list[dict[str, Any]]:
    after, before = (np.mean([one.classes for one in arm], axis=0) for arm in (treatment, control))
    return [
        {
            "class_id": int(ground.class_ids[c]),
            "a": json_number(float(before[c])),
            "b": json_number(float(after[c])),
            **gain_json(gain),
        }
        for c, gain in enumerate(gains)
    ]


def gain_json(found: SeededGain) -> dict[str, Any]:
    """A difference over seeds with its interval, and what images and seeds add to its error."""
    return {
        "value": json_number(found.value),
        "low": json_number(found.low),
        "high": json_number(found.high),
        "level": found.level,
        "by_images": json_number(found.by_images),
        "by_seeds": json_number(found.by_seeds),
        "p": json_number(found.p_value),
        "verdict": found.gain.value,
    }


def alone_json(found: ImagesAlone) -> dict[str, Any]:
    return {
        "value": json_number(found.value),
        "low": json_number(found.low),
        "high": json_number(found.high),
        "verdict": found.gain.value,
    }


def remembered(
    dataset: Dataset,
    before: PredictionSet,
    after: PredictionSet,
    *,
    revision: int,
    known: Sequence[str],
    slices: Sequence[Slice],
) -> dict[str, Any]:
    """What a checkpoint still knows of its parent's validation images: gains and losses by class and named slice.

    `known` are the parent's class names: what it did not know cannot be forgotten. `forgot` is what got worse for sure.
    """
    ids, others = (np.asarray(one.manifest.image_ids, np.int64) for one in (before, after))
    shared = np.intersect1d(ids, others)
    ground = labelled_ground(dataset, shared, revision)
    units = resampling_units(ground.image_ids)
    earlier, later = (matches_on(one, ground, revision) for one in (before, after))
    compared = compare(earlier, later, groups=units.groups)
    names = {name.strip().casefold() for name in known}
    classes = [
        {"class_id": int(ground.class_ids[c]), "name": ground.class_names[c], **difference_json(one)}
        for c, one in enumerate(compared.classes)
        if ground.class_names[c].strip().casefold() in names
    ]
    parts = [_part(slice_, ground, units.groups, earlier, later) for slice_ in slices]
    lost = [{"kind": "class", **row} for row in classes if row["verdict"] == Gain.REGRESSED]
    lost += [{"kind": "slice", **row} for row in parts if row["verdict"] == Gain.REGRESSED]
    return {
        "images": len(ground.image_ids),
        "revision": revision,
        "delta": difference_json(compared.map),
        "per_class": classes,
        "slices": parts,
        "forgot": [
            {name: row[name] for name in ("kind", "name", "value", "low", "high")}
            | {"id": row["class_id"] if row["kind"] == "class" else row["slice_id"]}
            for row in lost
        ],
    }


def _part(slice_: Slice, ground: Ground, groups: Ids, earlier: Matches, later: Matches) -> dict[str, Any]:
    """mAP on the images that are in a named slice too."""
    mask = np.isin(ground.image_ids, slice_reads.image_ids(slice_))
    found: PairedDifference | None = None
    if mask.sum() >= FEWEST_IMAGES:
        found = compare(earlier.of(mask), later.of(mask), groups=groups).map
    nothing = {
        "a": None,
        "b": None,
        "value": None,
        "low": None,
        "high": None,
        "p": None,
        "verdict": Gain.NOT_SHOWN.value,
    }
    told = difference_json(found) if found else nothing
    return {"slice_id": slice_.pk, "name": slice_.name, "images": int(mask.sum()), **told}
