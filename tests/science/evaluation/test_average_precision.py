"""All figures equal pycocotools', to the bit; and a few cases worked by hand."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from science.evaluation.average_precision import FIGURES, accumulate, precision_recall
from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth
from tests.science.evaluation.reference import Case, pycocotools_evaluation

# Sides on, just below and just above the area limits 32² and 96², and places that no float holds exactly.
SIDES = [8.0, 31.9, 32.0, 32.1, 95.7, 96.0, 96.3, 100.0, 33.3]
PLACES = [0.0, 0.1, 3.0, 10.0, 16.0, 20.7, 200.0]
SCORES = [0.05, 0.1, 0.3, 0.30000000000000004, 0.5, 0.9, 0.95]

box = st.tuples(*[st.sampled_from(PLACES)] * 2, *[st.sampled_from(SIDES)] * 2).map(list)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Few places and scores, so that overlaps, ties and duplicates are frequent."""
    images = draw(st.lists(st.integers(1, 50), min_size=1, max_size=4, unique=True))
    categories = draw(st.lists(st.integers(1, 90), min_size=1, max_size=3, unique=True))
    where = st.fixed_dictionaries(
        {"image_id": st.sampled_from(images), "category_id": st.sampled_from(categories), "bbox": box}
    )
    annotations = draw(st.lists(where, max_size=12))
    for number, annotation in enumerate(annotations, start=1):
        own = annotation["bbox"][2] * annotation["bbox"][3]
        mask = draw(st.sampled_from([1.0, 1.0, 0.6]))  # COCO's area may be a mask's
        crowd = draw(st.sampled_from([0, 0, 0, 1]))
        annotation.update(id=number, iscrowd=crowd, area=own * mask)
    results = draw(st.lists(st.tuples(where, st.sampled_from(SCORES)), max_size=16))
    return Case(images, categories, annotations, [{**each, "score": score} for each, score in results])


def expect_equal(case: Case) -> None:
    reference = pycocotools_evaluation(case)
    truth, detections = case.ours()
    ours = accumulate(match(truth, detections, classes=case.classes))
    assert ours.as_coco().tolist() == reference.stats.tolist()
    for mine, theirs in (
        (ours.precision, reference.eval["precision"][..., 2]),
        (ours.score, reference.eval["scores"][..., 2]),
        (ours.recall, reference.eval["recall"]),
    ):
        assert np.array_equal(np.where(np.isnan(mine), -1, mine), theirs)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_every_figure_equals_pycocotools(case: Case) -> None:
    expect_equal(case)


def test_real_detections_equal_pycocotools_and_the_published_figures(shared_data) -> None:
    folder = shared_data / "coco_fakebbox100"
    truth = json.loads((folder / "instances_val2014_100.json").read_text())
    results = json.loads((folder / "instances_val2014_fakebbox100_results.json").read_text())
    case = Case(
        [image["id"] for image in truth["images"]],
        [category["id"] for category in truth["categories"]],
        truth["annotations"],
        results,
    )
    expect_equal(case)
    ground_truth, detections = case.ours()
    figures = accumulate(match(ground_truth, detections, classes=case.classes)).figures()
    published = [0.504581, 0.696973, 0.572982, 0.585626, 0.519400, 0.501398, 0.386813, 0.593680, 0.595353]
    assert list(figures.values())[:9] == pytest.approx(published, abs=1e-6)


def test_stored_float32_boxes_equal_pycocotools_on_the_same_boxes() -> None:
    random = np.random.default_rng(1)
    corners = random.uniform(0, 300, (60, 2))
    boxes = np.concatenate([corners, corners + random.uniform(5, 150, (60, 2))], 1).astype(np.float32)
    found = (boxes + random.normal(0, 6, boxes.shape)).astype(np.float32)
    scores = random.random(60).astype(np.float32)
    images, classes = random.integers(0, 6, 60), random.integers(0, 2, 60)

    def rows(xyxy: np.ndarray) -> list[dict[str, Any]]:
        wide = xyxy.astype(np.float64)
        xywh = np.concatenate([wide[:, :2], wide[:, 2:] - wide[:, :2]], 1)
        return [
            {"image_id": int(image) + 1, "category_id": int(label) + 1, "bbox": list(map(float, row))}
            for image, label, row in zip(images, classes, xywh, strict=True)
        ]

    annotations = [
        {**row, "id": number, "iscrowd": 0, "area": row["bbox"][2] * row["bbox"][3]}
        for number, row in enumerate(rows(boxes), start=1)
    ]
    results = [{**row, "score": float(score)} for row, score in zip(rows(found), scores, strict=True)]
    reference = pycocotools_evaluation(Case(list(range(1, 7)), [1, 2], annotations, results))
    truth = GroundTruth.of(image_ids=np.arange(6), image_index=images, class_index=classes, boxes=boxes)
    detections = Detections.of(image_index=images, class_index=classes, boxes=found, scores=scores)
    assert accumulate(match(truth, detections, classes=2)).as_coco().tolist() == reference.stats.tolist()


def one_class(found: list[tuple[list[float], float]], labelled: list[list[float]]) -> Matches:
    truth = GroundTruth.of(
        image_ids=[7], image_index=[0] * len(labelled), class_index=[0] * len(labelled), boxes=labelled
    )
    detections = Detections.of(
        image_index=[0] * len(found),
        class_index=[0] * len(found),
        boxes=[each for each, _ in found],
        scores=np.array([score for _, score in found], np.float64),
    )
    return match(truth, detections, classes=1)


def test_average_precision_by_hand() -> None:
    # Two boxes. Found: the first exactly (.9), nothing (.8), the second with IoU 80 / 100 (.7).
    matches = one_class(
        [([0, 0, 10, 10], 0.9), ([50, 50, 60, 60], 0.8), ([100, 0, 108, 10], 0.7)],
        [[0, 0, 10, 10], [100, 0, 110, 10]],
    )
    figures = accumulate(matches).figures()
    # At IoU <= .8 precision is 1 up to recall 1/2 (51 of 101 points) and 2/3 from there on (50 points).
    high = (51 * 1 + 50 * 2 / 3) / 101
    assert figures["AP50"] == pytest.approx(high)
    assert figures["AP75"] == pytest.approx(high)
    # At IoU .85, .9, .95 only the first is right: precision 1 up to recall 1/2, then 0.
    assert figures["AP"] == pytest.approx((7 * high + 3 * 51 / 101) / 10)
    assert figures["AR1"] == pytest.approx(0.5)
    assert figures["AR100"] == pytest.approx((7 * 1 + 3 * 0.5) / 10)
    assert np.isnan(figures["APl"])


def test_a_class_without_boxes_has_no_figure_and_does_not_lower_the_mean() -> None:
    truth = GroundTruth.of(image_ids=[1], image_index=[0], class_index=[0], boxes=[[0, 0, 10, 10]])
    found = Detections.of(
        image_index=[0, 0], class_index=[0, 1], boxes=[[0, 0, 10, 10], [30, 30, 50, 50]], scores=[0.9, 0.8]
    )
    accumulated = accumulate(match(truth, found, classes=2))
    first, second = accumulated.per_class()
    assert first.ap == pytest.approx(1.0)
    assert (first.boxes, first.detections) == (1, 1)
    assert np.isnan(second.ap)
    assert (second.boxes, second.detections) == (0, 1)
    assert accumulated.figures()["AP"] == first.ap


@pytest.mark.parametrize("images", [0, 3])
def test_nothing_labelled_and_nothing_found(images: int) -> None:
    matches = match(GroundTruth.of(image_ids=range(images)), Detections.of(), classes=2)
    accumulated = accumulate(matches)
    assert list(accumulated.figures()) == list(FIGURES)
    assert (accumulated.as_coco() == -1).all()
    assert len(precision_recall(matches, 0).scores) == 0


def test_boxes_and_no_detection_score_zero() -> None:
    truth = GroundTruth.of(image_ids=[1], image_index=[0], class_index=[0], boxes=[[0, 0, 10, 10]])
    assert accumulate(match(truth, Detections.of(), classes=1)).figures()["AP"] == 0.0


def test_precision_recall_by_hand() -> None:
    curve = precision_recall(
        one_class(
            [([0, 0, 10, 10], 0.9), ([50, 50, 60, 60], 0.8), ([100, 0, 108, 10], 0.7)],
            [[0, 0, 10, 10], [100, 0, 110, 10]],
        ),
        class_index=0,
    )
    assert curve.scores.tolist() == [0.9, 0.8, 0.7]
    assert curve.precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3])
    assert curve.recall.tolist() == [0.5, 0.5, 1.0]


@settings(max_examples=40, deadline=None)
@given(cases(), st.data())
def test_leaving_images_out_by_weight_equals_evaluating_without_them(case: Case, data: st.DataObject) -> None:
    keep = sorted(data.draw(st.sets(st.sampled_from(case.images), min_size=1)))
    part = Case(
        keep,
        case.categories,
        [each for each in case.annotations if each["image_id"] in keep],
        [each for each in case.results if each["image_id"] in keep],
    )
    matches = match(*case.ours(), classes=case.classes)
    weights = [image in keep for image in sorted(case.images)]
    alone = accumulate(match(*part.ours(), classes=case.classes))
    assert accumulate(matches, np.array(weights)).as_coco().tolist() == alone.as_coco().tolist()


def test_matches_survive_a_file(tmp_path) -> None:
    matches = one_class([([0, 0, 10, 10], 0.9), ([1, 0, 10, 10], 0.4)], [[0, 0, 10, 10]])
    matches.save(tmp_path / "matches.npz")
    again = Matches.load(tmp_path / "matches.npz")
    assert accumulate(again).figures()["AP"] == accumulate(matches).figures()["AP"] == pytest.approx(1.0)
    assert again.matched.tolist() == matches.matched.tolist()
    assert again.classes == 1


def test_it_rejects_what_points_outside() -> None:
    truth = GroundTruth.of(image_ids=[1], image_index=[0], class_index=[3], boxes=[[0, 0, 10, 10]])
    with pytest.raises(ValueError, match="class_index"):
        match(truth, Detections.of(), classes=3)
    with pytest.raises(ValueError, match="outside the 1 images"):
        GroundTruth.of(image_ids=[1], image_index=[1], class_index=[0], boxes=[[0, 0, 10, 10]])
    with pytest.raises(ValueError, match="finite"):
        Detections.of(image_index=[0], class_index=[0], boxes=[[0, 0, 1, 1]], scores=[np.nan])
    with pytest.raises(ValueError, match="rows"):
        Detections.of(image_index=[0, 0], class_index=[0], boxes=[[0, 0, 1, 1]], scores=[0.5])


@pytest.mark.parametrize(("before", "precision"), [(99, 1 / 100), (100, 0)])
def test_a_hundred_detections_of_an_image_and_class_count(before: int, precision: float) -> None:
    """So many wrong ones with higher scores: the right one is the hundredth, or one too many."""
    wrong = [([50.0, 50.0, 60.0, 60.0], 0.9)] * before
    matches = one_class([([0, 0, 10, 10], 0.5), *wrong], [[0, 0, 10, 10]])
    assert accumulate(matches).figures()["AP"] == pytest.approx(precision)
