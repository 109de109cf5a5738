"""Finished evaluations in memory, so that any chart at any threshold is a pass over arrays and not a query."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from io import BytesIO

import numpy as np
from django.db.models import QuerySet

from accounts.problems import Conflict
from curate.evaluations.arrays import ground_of, ground_truth, predicted_boxes, resampling_units
from curate.models import Evaluation
from dataset.models import Image
from science.evaluation.arrays import Ground
from science.evaluation.judged import JudgedEvaluation, Mask
from science.evaluation.matching import Matches
from storage import blobs

MOST_KEPT = 4  # evaluations in the memory of one process
MOST_PREDICTIONS = 2_000_000  # of all of them together, unless one alone has more; each takes about 250 bytes

_kept: OrderedDict[tuple[int, str], JudgedEvaluation] = OrderedDict()
_lock = threading.Lock()


def judged_evaluation(evaluation: Evaluation) -> JudgedEvaluation:
    """The arrays of a finished evaluation, read once. Raises Conflict where its files are gone."""
    name = (evaluation.pk, evaluation.location)
    with _lock:  # one at a time: a page asks for several charts at once, and all need the same
        if name not in _kept:
            _kept[name] = _read(evaluation)
        _kept.move_to_end(name)
        while len(_kept) > 1 and (len(_kept) > MOST_KEPT or _predictions() > MOST_PREDICTIONS):
            _kept.popitem(last=False)
        return _kept[name]


def _predictions() -> int:
    return sum(len(one.predicted.detections) for one in _kept.values())


def _read(evaluation: Evaluation) -> JudgedEvaluation:
    ground = _ground(evaluation)
    try:
        found = predicted_boxes(ground, evaluation.prediction_set)
        matches = Matches.load(BytesIO(blobs.read(evaluation.location)))
    except FileNotFoundError as error:
        reason = f"The predictions or matches of {evaluation.prediction_set.name} are gone from the storage."
        raise Conflict(f"{reason} Evaluate it again.") from error
    truth = ground_truth(evaluation.dataset, ground, evaluation.revision)
    return JudgedEvaluation(ground, truth, found, matches, resampling_units(ground.image_ids))


def _ground(evaluation: Evaluation) -> Ground:
    """The images, and the classes that there were when it was computed: the dataset may have more by now."""
    ground = ground_of(evaluation.dataset, evaluation.manifest.image_ids)
    names = dict(zip(ground.class_ids.tolist(), ground.class_names, strict=True))
    ids: list[int] = (evaluation.curves or {}).get("class_ids", list(names))
    return replace(ground, class_ids=np.array(ids, np.int64), class_names=[names.get(pk, f"#{pk}") for pk in ids])


def mask_of(judged: JudgedEvaluation, images: QuerySet[Image]) -> Mask:
    """(I,) which of the evaluation's images are among these."""
    wanted = np.fromiter(images.order_by().values_list("id", flat=True).iterator(), np.int64)
    return np.isin(judged.ground.image_ids, wanted)
