"""`count(class, predictions = …)` by classes and scores: what is kept of each class says the same as the rows."""

import operator
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from curate.query import predicted_counts
from curate.query.compiler import compile_query
from curate.query.image_search import image_ids
from curate.query.names import DatasetNames
from dataset.models import Dataset, PredictedClass
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest

CLASSES = ("car", "bike", "sign")
OPERATORS: dict[str, Callable] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@pytest.fixture
def predicted(db: None) -> tuple[Dataset, dict[int, list[tuple[str, float]]]]:
    """Twelve images, and of each the classes and scores of its boxes; the last two have none, sign is nowhere."""
    dataset = make_dataset(classes=CLASSES)
    images = make_images(dataset, [Picture(key=f"{place:02}.jpg") for place in range(12)])
    found: dict[int, list[tuple[str, float]]] = {image.pk: [] for image in images}
    for place, image in enumerate(images[:-2]):
        scores = [0.05 + 0.125 * ((place + step) % 8) for step in range(place % 5)]
        found[image.pk] = [(CLASSES[(place + step) % 2], score) for step, score in enumerate(scores)]
    names = dict(dataset.classes.values_list("name", "id"))
    rows = [(image, names[name], score) for image, boxes in found.items() for name, score in boxes]
    store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="first",
        kind="imported",
        image_ids=[image for image, _, _ in reversed(rows)],
        class_ids=[name for _, name, _ in reversed(rows)],
        boxes=np.tile([1, 2, 30, 40], (len(rows), 1)),
        scores=[score for _, _, score in reversed(rows)],
    )
    return dataset, found


SCORES: list[tuple[str, Callable[[float], bool]]] = [
    ("", lambda score: True),
    (", score > 0.5", lambda score: score > 0.5),
    (", conf <= 0.3", lambda score: score <= 0.3),
    (", score >= 0.175, score < 0.8", lambda score: 0.175 <= score < 0.8),
    (", score > 2", lambda score: False),
    (", width > 5", lambda score: True),  # left to the rows
]


def lines() -> list[tuple[str, Callable[[list[tuple[str, float]]], bool]]]:
    """Query lines, and whether an image with such boxes is meant."""
    found: list = []
    for which, (condition, fits), word in product(("car", "bike", "sign", "*", "car, bike"), SCORES, OPERATORS):
        for number in (0, 1, 2):

            def count(boxes: list, which: str = which, fits: Callable = fits) -> int:
                return sum((which == "*" or name in which) and fits(score) for name, score in boxes)

            def holds(boxes: list, word: str = word, number: int = number, count: Callable = count) -> bool:
                return OPERATORS[word](count(boxes), number)

            found.append((f"count({which}, predictions = first{condition}) {word} {number}", holds))
    return found


@pytest.mark.parametrize(
    ("few", "spread", "kept"),
    [(1000, 16, True), (1, 16, True), (1, 0, True), (1000, 16, False)],
    ids=["as ids", "as bits", "ids too far apart", "set of the release before"],
)
def test_counts_mean_the_same_however_they_are_answered(
    predicted: tuple, monkeypatch: pytest.MonkeyPatch, few: int, spread: int, kept: bool
) -> None:
    dataset, boxes = predicted
    monkeypatch.setattr(predicted_counts, "FEW", few)
    monkeypatch.setattr(predicted_counts, "SPREAD", spread)
    if not kept:
        PredictedClass.objects.all().delete()
    asked = lines()[few % 7 :: 7]
    wrong = []
    for line, holds in asked:
        meant = [image for image, its in boxes.items() if holds(its)]
        if image_ids(dataset, line) != meant:
            wrong.append(line)
    assert not wrong


def test_rows_are_not_asked_where_scores_decide(predicted: tuple) -> None:
    names = DatasetNames(predicted[0])
    assert "dataset_prediction" not in compile_query("any(car, predictions = first, score > 0.5)", names).text
    assert "dataset_prediction" in compile_query("any(car, predictions = first, width > 5)", names).text
