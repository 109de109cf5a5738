"""What the finder of mislabels promises: it finds most of what is wrong, says why, and knows how sure it is."""

import json
from collections import Counter

import numpy as np
import pytest

from science.autocurate.mislabels import LabelErrorKind, MislabelReport, MislabelSettings, find_mislabels
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou
from tests.science.autocurate.judge_world import NAMES, World, world

EVERYTHING = MislabelSettings(smallest_score=0.0)


def judged(labels: World, settings: MislabelSettings | None = None) -> MislabelReport:
    return find_mislabels(
        labels.given, labels.detections, class_names=NAMES, image_sizes=labels.sizes, settings=settings
    )


@pytest.fixture(scope="module")
def fair() -> tuple[World, MislabelReport]:
    """A fair judge, a label in ten wrong."""
    labels = world(seed=1, images=250, skill=1.0, rate=0.1)
    return labels, judged(labels, EVERYTHING)


def test_among_the_first_suggestions_most_are_right(fair: tuple[World, MislabelReport]) -> None:
    labels, report = fair
    half = len(labels.errors) // 2
    right = [error is not None for _, error in labels.right(report.suggestions[:half])]
    assert np.mean(right) >= 0.85


def test_most_errors_of_every_kind_are_found(fair: tuple[World, MislabelReport]) -> None:
    """Of as many suggestions as there are errors, at least so many of each kind are pointed at."""
    labels, report = fair
    found = Counter(error.kind for _, error in labels.right(report.suggestions[: len(labels.errors)]) if error)
    planted = Counter(error.kind for error in labels.errors)
    floors = {
        LabelErrorKind.WRONG_CLASS: 0.45,
        LabelErrorKind.MISSING: 0.75,
        LabelErrorKind.SPURIOUS: 0.7,
        LabelErrorKind.BADLY_DRAWN: 0.5,
    }
    assert {kind: found[kind] / planted[kind] >= floor for kind, floor in floors.items()} == dict.fromkeys(floors, True)


def test_the_score_does_not_promise_too_much(fair: tuple[World, MislabelReport]) -> None:
    """In each band of scores about as many suggestions are right as the score says, or more; more in higher bands."""
    labels, report = fair
    pairs, shares = labels.right(report.suggestions), []
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 1.0)):
        band = [(each.score, error is not None) for each, error in pairs if low <= each.score < high]
        scores, right = np.array(band).T
        assert right.mean() > scores.mean() - 0.15
        shares.append(right.mean())
    assert shares == sorted(shares)


def test_a_poor_judge_of_noisy_labels_still_ranks_well() -> None:
    labels = world(seed=2, images=200, skill=0.0, rate=0.25)
    report = judged(labels)
    half = len(labels.errors) // 2
    assert np.mean([error is not None for _, error in labels.right(report.suggestions[:half])]) >= 0.8
    assert report.expected_precision == pytest.approx(
        np.mean([error is not None for _, error in labels.right(report.suggestions)]), abs=0.2
    )


def test_clean_labels_get_few_suggestions() -> None:
    labels = world(seed=3, images=200, skill=1.0, rate=0.0)
    report = judged(labels, MislabelSettings(smallest_score=0.5))
    assert len(report.suggestions) < 0.02 * report.judged_boxes


def test_a_label_gets_one_suggestion_and_a_place_too(fair: tuple[World, MislabelReport]) -> None:
    _, report = fair
    about = [each.annotation_id for each in report.suggestions if each.annotation_id >= 0]
    assert len(about) == len(set(about))
    lone = [each.prediction_id for each in report.suggestions if each.kind is LabelErrorKind.MISSING]
    assert len(lone) == len(set(lone))


def test_a_detection_beside_a_doubted_label_is_no_missing_one_unless_it_is_far_and_surer(
    fair: tuple[World, MislabelReport],
) -> None:
    labels, report = fair
    drawn = {each.prediction_id: each.score for each in report.suggestions if each.kind is LabelErrorKind.BADLY_DRAWN}
    both = [each for each in report.suggestions if each.kind is LabelErrorKind.MISSING and each.prediction_id in drawn]
    assert both
    for each in both:
        beside = labels.given.boxes[labels.given.image_index == each.image_index]
        assert each.score > drawn[each.prediction_id]
        assert iou([labels.detections.boxes[each.prediction_id]], beside).max() < 0.3


def test_a_second_detection_of_a_labelled_object_is_no_missing_label(fair: tuple[World, MislabelReport]) -> None:
    labels, report = fair
    for each in report.suggestions:
        if each.kind is LabelErrorKind.MISSING:
            beside = labels.given.boxes[labels.given.image_index == each.image_index]
            detection = labels.detections.boxes[each.prediction_id]
            assert iou([detection], beside).max(initial=0) < 0.45


def test_what_is_proposed_mends_the_label(fair: tuple[World, MislabelReport]) -> None:
    labels, report = fair
    classes, fits = [], []
    for suggestion, error in labels.right(report.suggestions[: len(labels.errors)]):
        if error is None or error.kind is not suggestion.kind:
            continue
        if suggestion.kind in (LabelErrorKind.WRONG_CLASS, LabelErrorKind.MISSING):
            classes.append(suggestion.proposed_class == error.true_class)
        if suggestion.kind is LabelErrorKind.BADLY_DRAWN:
            box, drawn = np.array(suggestion.proposed_box), labels.given.boxes[suggestion.annotation_id]
            fits.append((overlap(box, error.box), overlap(drawn, error.box)))
    assert np.mean(classes) > 0.75
    proposed, given = np.array(fits).T
    assert np.mean(proposed > given) > 0.9
    assert proposed.mean() > 0.7


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float(iou([a], [b])[0, 0])


def test_every_suggestion_says_why_in_words_and_in_figures(fair: tuple[World, MislabelReport]) -> None:
    _, report = fair
    for each in report.suggestions:
        assert 0 <= each.score <= 1
        assert each.why.endswith(".")
        assert each.reason["code"]
        assert json.dumps(each.reason)
        assert json.dumps(each.parts)
        named = each.proposed_class if each.given_class < 0 else each.given_class
        assert NAMES[named] in each.why
        assert (each.proposed_box is None) == (each.kind in (LabelErrorKind.WRONG_CLASS, LabelErrorKind.SPURIOUS))


def test_settings_choose_kinds_and_number() -> None:
    labels = world(seed=4, images=80, skill=1.0, rate=0.2)
    only = judged(labels, MislabelSettings(kinds=(LabelErrorKind.MISSING,), limit=5))
    assert {each.kind for each in only.suggestions} == {LabelErrorKind.MISSING}
    assert len(only.suggestions) == 5
    assert list(only.expected_errors) == [LabelErrorKind.MISSING]


def test_the_same_input_gives_the_same_suggestions() -> None:
    labels = world(seed=5, images=60, skill=1.0, rate=0.2)
    assert judged(labels).suggestions == judged(labels).suggestions


def test_an_object_labelled_twice_is_found_without_any_detection() -> None:
    labels = GroundTruth.of(
        image_ids=[1, 2],
        image_index=[0, 1, 1],
        class_index=[0, 1, 1],
        boxes=[[0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 9]],
        annotation_ids=[70, 71, 72],
    )
    (found,) = find_mislabels(labels, Detections.of(), class_names=["a", "b"]).suggestions
    assert found.kind is LabelErrorKind.SPURIOUS
    assert found.reason["code"] == "labelled_twice"
    assert {found.annotation_id, int(str(found.reason["other_annotation"]))} == {71, 72}


def test_too_little_to_learn_from_is_said() -> None:
    notes = find_mislabels(GroundTruth.of(image_ids=[1]), Detections.of(), class_names=["a"]).notes
    assert [note["code"] for note in notes] == ["few_labels"]


def test_a_weak_judge_is_said_to_be_weak_and_by_how_much() -> None:
    """By hand: 100 labels, a detection exactly on every hundredth one: recall .01, two of 101 points."""
    boxes = np.tile([[10, 10, 60, 60]], (100, 1))
    labels = GroundTruth.of(image_ids=range(100), image_index=range(100), class_index=np.zeros(100), boxes=boxes)
    seen = Detections.of(image_index=[0], class_index=[0], boxes=boxes[:1], scores=[0.2])
    (note,) = find_mislabels(labels, seen, class_names=["a"]).notes
    assert (note["code"], note["AP"]) == ("weak_judge", round(2 / 101, 3))


def test_one_class_only_and_no_sizes_given() -> None:
    labels = world(seed=6, images=60, skill=1.5, rate=0.2)
    one = GroundTruth.of(
        image_ids=labels.given.image_ids,
        image_index=labels.given.image_index,
        class_index=np.zeros(len(labels.given)),
        boxes=labels.given.boxes,
    )
    seen = labels.detections
    detections = Detections.of(
        image_index=seen.image_index, class_index=np.zeros(len(seen)), boxes=seen.boxes, scores=seen.scores
    )
    kinds = {each.kind for each in find_mislabels(one, detections, class_names=["thing"]).suggestions}
    assert LabelErrorKind.WRONG_CLASS not in kinds
    assert LabelErrorKind.MISSING in kinds
