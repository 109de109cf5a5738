"""Errors planted in a copy of somebody's labels, and what the finder makes of them."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from science.autocurate.self_test import hard_places, plant_errors
from science.autocurate.self_test_result import RIGHT, UNKNOWN, WRONG, KnownSuggestion, cut, findings
from science.autocurate.suggestions import LabelErrorKind, SuggestedLabel
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou, paired_iou

WRONG_CLASS, MISSING, SPURIOUS, BADLY_DRAWN = LabelErrorKind
EVEN = dict.fromkeys(LabelErrorKind, 0.1)
IMAGES, EACH, CLASSES = 50, 4, 3


def labels() -> GroundTruth:
    """Fifty images with four boxes each in four corners; class 0 and 1 are wide, class 2 is tall."""
    random = np.random.default_rng(3)
    label = random.integers(0, CLASSES, IMAGES * EACH)
    corner = np.tile([[20, 20], [420, 20], [20, 320], [420, 320]], (IMAGES, 1)) + random.uniform(0, 60, (200, 2))
    sides = np.where(label[:, None] == 2, [30, 90], [90, 40]) * random.uniform(0.8, 1.2, (200, 1))
    return GroundTruth.of(
        image_ids=np.arange(IMAGES) + 1000,
        image_index=np.repeat(np.arange(IMAGES), EACH),
        class_index=label,
        boxes=np.concatenate([corner, corner + sides], axis=1).astype(np.float32),
        annotation_ids=np.arange(200) + 7,
    )


SIZES = np.tile([640.0, 480.0], (IMAGES, 1))


def test_it_works():
    """A tenth of 200 labels by each kind: those taken away are gone, those added are new, and all are told of."""
    truth = labels()
    planted = plant_errors(truth, SIZES, EVEN, CLASSES, seed=1)
    assert Counter(planted.kind) == dict.fromkeys(LabelErrorKind, 20)
    before = dict(zip(truth.annotation_ids.tolist(), range(200), strict=True))
    after = {pk: at for at, pk in enumerate(planted.truth.annotation_ids.tolist())}
    assert len(planted.truth) == 200
    for kind, pk, label, image, box in zip(
        planted.kind, planted.annotation_id.tolist(), planted.label, planted.image, planted.box, strict=True
    ):
        if kind is MISSING:
            assert pk not in after
            continue
        at = after[pk]
        given = planted.truth.boxes[at].astype(np.float64)
        assert planted.truth.image_index[at] == image
        if kind is WRONG_CLASS:
            assert planted.truth.class_index[at] != label == truth.class_index[before[pk]]
        elif kind is BADLY_DRAWN:
            assert 0.3 <= paired_iou(given[None], box[None])[0] <= 0.8
            assert (np.abs(given - box) > 1e-6).sum() == 1  # one edge
        else:
            assert pk not in before
            assert iou(given[None], truth.boxes[truth.image_index == image].astype(np.float64)).max() < 0.1
    untouched = set(before) - set(planted.annotation_id.tolist())
    for pk in untouched:
        assert truth.boxes[before[pk]].tolist() == planted.truth.boxes[after[pk]].tolist()
        assert truth.class_index[before[pk]] == planted.truth.class_index[after[pk]]
    assert (np.diff(planted.truth.image_index) >= 0).all()


def test_wrong_classes_are_mostly_alike_in_shape():
    """A wide class 0 is called class 1, wide too, by more than half."""
    truth = labels()
    planted = plant_errors(truth, SIZES, {WRONG_CLASS: 0.5}, CLASSES, seed=2)
    given = dict(zip(planted.truth.annotation_ids.tolist(), planted.truth.class_index.tolist(), strict=True))
    became = Counter(
        given[pk] for pk, label in zip(planted.annotation_id.tolist(), planted.label, strict=True) if label == 0
    )
    assert became[1] > 2 * became[2] > 0


def test_the_same_seed_plants_the_same():
    first, second = (plant_errors(labels(), SIZES, EVEN, CLASSES, seed=5) for _ in range(2))
    assert first.annotation_id.tolist() == second.annotation_id.tolist()
    assert first.truth.boxes.tolist() == second.truth.boxes.tolist()


@pytest.mark.parametrize("rates", [{WRONG_CLASS: -0.1}, {WRONG_CLASS: 0.3, MISSING: 0.3}])
def test_it_rejects_rates_that_leave_nothing(rates):
    with pytest.raises(ValueError, match="rates"):
        plant_errors(labels(), SIZES, rates, CLASSES, seed=0)


def test_one_class_has_no_wrong_one():
    truth = replace(labels(), class_index=np.zeros(200, np.int64))
    assert WRONG_CLASS not in plant_errors(truth, SIZES, EVEN, 1, seed=0).kind


def test_nothing_is_planted_in_nothing():
    empty = GroundTruth.of(image_ids=[1, 2])
    assert plant_errors(empty, SIZES[:2], EVEN, CLASSES, seed=0).kind == []


def suggestion(kind, annotation_id=-1, image=0, box=None, score=0.5):
    return SuggestedLabel(
        kind=kind, image_index=image, annotation_id=annotation_id, prediction_id=-1, given_class=0, proposed_class=1,
        proposed_box=box, score=score, parts={}, reason={"code": kind.value}, why="",
    )  # fmt: skip


def test_what_is_found_is_counted_by_hand():
    """Of two wrong classes one is found, by a suggestion of another kind; the missing label is found by its place.

    One suggestion was made before (unknown), one was made before and rejected (wrong), one is new (wrong).
    """
    truth = labels()
    planted = plant_errors(truth, SIZES, {WRONG_CLASS: 0.01, MISSING: 0.005}, CLASSES, seed=4)
    (gone,) = (at for at, kind in enumerate(planted.kind) if kind is MISSING)
    first = next(at for at, kind in enumerate(planted.kind) if kind is WRONG_CLASS)
    sound = [pk for pk in truth.annotation_ids.tolist() if pk not in planted.annotation_id.tolist()]
    made = [
        suggestion(SPURIOUS, int(planted.annotation_id[first]), score=0.9),
        suggestion(MISSING, image=int(planted.image[gone]), box=tuple(planted.box[gone] + 2), score=0.7),
        suggestion(SPURIOUS, sound[0], score=0.6),
        suggestion(SPURIOUS, sound[1], score=0.4),
        suggestion(WRONG_CLASS, sound[2], score=0.3),
    ]
    known = [
        KnownSuggestion(SPURIOUS, 0, sound[0], None, rejected=False),
        KnownSuggestion(SPURIOUS, 0, sound[1], None, rejected=True),
        KnownSuggestion(MISSING, 0, sound[2], None, rejected=False),  # another kind is another suggestion
    ]
    found = findings(made, planted, known)
    assert found.verdict.tolist() == [RIGHT, RIGHT, UNKNOWN, WRONG, WRONG]
    every = cut(found, planted, np.arange(5))
    assert (every.looks, every.unknown) == (5, 1)
    assert (every.found[None].part, every.found[None].whole) == (2, 3)
    assert (every.found[WRONG_CLASS].part, every.found[WRONG_CLASS].whole) == (1, 2)
    assert (every.found[MISSING].part, every.found[SPURIOUS].whole) == (1, 0)
    assert (every.precision[None].right.part, every.precision[None].right.whole) == (2, 4)
    assert every.precision[None].promised == pytest.approx((0.9 + 0.7 + 0.4 + 0.3) / 4)
    assert (every.precision[SPURIOUS].right.part, every.precision[SPURIOUS].right.whole) == (1, 2)
    assert sum(share.whole for share in every.found_of_class.values()) == 3
    nothing = cut(found, planted, np.arange(0))
    assert (nothing.found[None].part, np.isnan(nothing.precision[None].promised)) == (0, True)


def test_a_missing_label_suggested_before_at_the_same_place_is_unknown():
    planted = plant_errors(labels(), SIZES, {WRONG_CLASS: 0.01}, CLASSES, seed=4)
    made = [suggestion(MISSING, image=3, box=(0, 0, 20, 20)), suggestion(MISSING, image=4, box=(0, 0, 20, 20))]
    known = [KnownSuggestion(MISSING, 3, -1, (0, 0, 20, 22), rejected=False)]
    assert findings(made, planted, known).verdict.tolist() == [UNKNOWN, WRONG]


def test_where_people_err_the_judge_is_unsure() -> None:
    """The judge sees two of four labels in each image, one as another class too, and something where nothing is."""
    truth = labels()
    seen = np.flatnonzero(np.arange(200) % 4 < 2)
    twin = np.flatnonzero(np.arange(200) % 4 == 0)
    alone = np.tile([[300.0, 200.0, 340.0, 240.0]], (IMAGES, 1))
    judge = Detections.of(
        image_index=np.concatenate([truth.image_index[seen], truth.image_index[twin], np.arange(IMAGES)]),
        class_index=np.concatenate(
            [truth.class_index[seen], (truth.class_index[twin] + 1) % CLASSES, np.ones(IMAGES, np.int64)]
        ),
        boxes=np.concatenate([truth.boxes[seen], truth.boxes[twin], alone]).astype(np.float32),
        scores=np.concatenate([np.full(100, 0.95), np.full(50, 0.3), np.full(50, 0.4)]),
    )
    hard = hard_places(truth, judge)
    np.testing.assert_allclose(hard.unsure[:4], [0.05, 0.05, 1, 1], atol=1e-6)
    assert hard.second[:4].tolist() == [(truth.class_index[0] + 1) % CLASSES, -1, -1, -1]
    assert len(hard.score) == IMAGES
    planted = plant_errors(truth, SIZES, EVEN, CLASSES, seed=1, hard=hard)
    assert Counter(planted.kind) == dict.fromkeys(LabelErrorKind, 20)
    place = {pk: at for at, pk in enumerate(truth.annotation_ids.tolist())}
    hit = [place[pk] % 4 >= 2 for pk in planted.annotation_id.tolist() if pk in place]
    assert np.mean(hit) > 0.8  # most of what is hit is what it does not see
    spurious = [box for kind, box in zip(planted.kind, planted.box, strict=True) if kind is SPURIOUS]
    assert all(box.tolist() == alone[0].tolist() for box in spurious)
