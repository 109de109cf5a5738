"""Predictions go in and come out as arrays; what is above the floor is also rows, which the arrays name."""

import numpy as np
import pytest

from accounts.problems import BadInput
from dataset.models import Dataset, Manifest, Prediction, PredictionSet
from dataset.selectors import predictions as prediction_reads
from dataset.services import manifests
from dataset.services.predictions import NO_ROW, reserve_ids, store_predictions
from tests.factories import make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def manifest() -> Manifest:
    dataset = make_dataset(make_cast().project)
    images = [make_image(dataset).pk for _ in range(2)]
    return manifests.freeze(dataset=dataset, image_ids=images, revision=0)


def store(manifest: Manifest, **changes: object) -> PredictionSet:
    """Three boxes on the second image and one on the first."""
    dataset: Dataset = manifest.dataset
    first, second = manifest.image_ids
    label = dataset.classes.all()[0].pk
    arrays = {
        "image_ids": [second, first, second, second],
        "class_ids": [label] * 4,
        "boxes": [[1, 1, 9, 9], [2, 2, 9, 9], [3, 3, 9, 9], [4, 4, 9, 9]],
        "scores": [0.01, 0.9, 0.5, 0.7],
        **changes,
    }
    return store_predictions(dataset=dataset, manifest=manifest, name="Test", kind="imported", **arrays)


def test_it_works(manifest: Manifest) -> None:
    row = store(manifest)
    loaded = prediction_reads.load(row)
    first, second = manifest.image_ids
    assert row.box_count == 4
    assert loaded.image_ids.tolist() == [first, second, second, second]
    assert loaded.boxes[:, 0].tolist() == [2, 4, 3, 1]
    assert loaded.scores == pytest.approx(np.array([0.9, 0.7, 0.5, 0.01]))
    assert loaded.row_ids[3] == NO_ROW
    stored = {row.pk: row for row in Prediction.objects.all()}
    assert set(stored) == set(loaded.row_ids[:3].tolist())
    assert stored[loaded.row_ids[1]].x1 == 4
    assert stored[loaded.row_ids[1]].score == pytest.approx(0.7)


def test_nothing_predicted_is_an_answer_too(manifest: Manifest) -> None:
    row = store(manifest, image_ids=[], class_ids=[], boxes=[], scores=[])
    assert prediction_reads.load(row).boxes.shape == (0, 4)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"image_ids": [0, 0, 0, 0]}, "manifest does not hold"),
        ({"class_ids": [0, 0, 0, 0]}, "classes that the dataset does not have"),
        ({"scores": [0.5, 0.5, 0.5, np.nan]}, "not finite"),
    ],
)
def test_it_rejects_what_does_not_belong(manifest: Manifest, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        store(manifest, **wrong)
    assert not PredictionSet.objects.exists()


@pytest.mark.django_db
def test_reserved_ids_are_nobody_elses() -> None:
    first, none, second = reserve_ids(5), reserve_ids(0), reserve_ids(3)
    assert (len(first), len(none), len(second)) == (5, 0, 3)
    row = Prediction.objects.create(
        prediction_set_id=1, image_id=1, label_class_id=1, score=0.5, x1=0, y1=0, x2=1, y2=1
    )  # the database's own next number
    assert len({*first.tolist(), *second.tolist(), row.pk}) == 9
