"""Why an image was chosen to be labelled: a code with parameters, and the same as one English sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.label_case import WEIGHTS, LabelCase

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]
Reason = dict[str, str | float]

SENTENCES = {
    "unsure": "The checkpoint is unsure of {count:.0f} objects here.",
    "scarce_class": "It may show {class_name}, of which {labelled:.0f} objects are labelled so far.",
    "weak_class": "It may show {class_name}, which the evaluation finds weak (AP {ap:.2f}).",
    "scarce_value": "Only {labelled:.0f} labelled images have {field} as this one.",
    "typical": "About {count:.0f} images without labels look like this one.",
    "new": "Nothing that is labelled or chosen looks like this one.",
    "different": "It differs more from what is labelled or chosen than the rest does.",
}


def sentence(reason: Reason) -> str:
    """Return the reason in English."""
    return SENTENCES[str(reason["code"])].format(**reason)


@dataclass(frozen=True, eq=False)
class ChosenImages:
    """K images in the order in which they were taken, and what each was worth then."""

    rows: Ints  # (K,)
    parts: dict[str, Float64s]  # (K,) each
    of_class: Float64s  # (K, C) what the part of the classes consists of
    alike: Float64s  # (K,) how many images of the pool look like it


def chosen_images(case: LabelCase, rows: Ints, novelty: Float64s) -> ChosenImages:
    """Work out what each image was worth beside those taken before it."""
    objects, given = case.seen.counted[rows], np.zeros((len(rows), len(case.values.there)))
    image, column = np.nonzero(case.places[rows] >= 0)
    given[image, case.places[rows][image, column]] = 1.0
    of_class = objects * case.classes.need(objects.cumsum(axis=0) - objects)
    of_value = given * case.values.need(given.cumsum(axis=0) - given)
    # In full: what the checkpoint is unsure of says more to a person than it weighs.
    parts = {
        "uncertain": case.uncertain()[rows] / WEIGHTS["uncertain"],
        "classes": of_class.sum(axis=1),
        "facts": of_value.sum(axis=1),
    }
    if not case.detected:
        parts["typical"] = case.typical()[rows]
    return ChosenImages(rows, {**parts, "novelty": novelty}, of_class, case.alike()[rows])


def reason_to_label(case: LabelCase, chosen: ChosenImages, place: int, class_names: Sequence[str]) -> Reason:
    """Return the reason by the part that weighs most."""
    row, parts = int(chosen.rows[place]), {name: float(values[place]) for name, values in chosen.parts.items()}
    code = max((name for name in parts if name != "novelty"), key=lambda name: parts[name])
    if parts[code] > 0 and code == "uncertain":
        return {"code": "unsure", "count": max(1.0, float(case.seen.unsure[row]))}
    if parts[code] > 0 and code == "classes":
        return _class_reason(case, int(chosen.of_class[place].argmax()), class_names)
    if parts[code] > 0 and code == "facts":
        return _value_reason(case, row)
    if parts.get("typical", 0.0) >= 1 and chosen.alike[place] >= 1:
        return {"code": "typical", "count": round(float(chosen.alike[place]))}
    return {"code": "new" if parts["novelty"] >= 1 else "different"}


def _class_reason(case: LabelCase, index: int, class_names: Sequence[str]) -> Reason:
    """Say whether the class is wanted because the evaluation finds it weak, or because few of it are labelled."""
    rarity = 1 / (1 + case.classes.there / case.classes.enough)
    weakness = case.classes.weight
    ap = np.nan if case.average_precision is None else case.average_precision[index]
    if np.isfinite(ap) and weakness[index] / weakness.mean() > rarity[index] / rarity.mean():
        return {"code": "weak_class", "class_name": class_names[index], "ap": round(float(ap), 4)}
    labelled = float(case.classes.there[index])
    return {"code": "scarce_class", "class_name": class_names[index], "labelled": labelled}


def _value_reason(case: LabelCase, row: int) -> Reason:
    """Name the field whose value the fewest labelled images have."""
    there = np.append(case.values.there, np.inf)[case.places[row]]
    rarest = int(there.argmin())
    return {"code": "scarce_value", "field": list(case.images.strata)[rarest], "labelled": float(there[rarest])}
