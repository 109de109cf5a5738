"""A dataset with two kinds of objects, and judges that see nearly all of them: a search for mislabels in a second."""

import numpy as np

from dataset.models import Dataset, Image, PredictionSet
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_images, make_manifest
from tests.factories import Cast, call, run_jobs

CAR, BIKE = (100.0, 100.0, 300.0, 240.0), (400.0, 200.0, 460.0, 280.0)


def labelled_images(dataset: Dataset, count: int, slips: int = 0) -> list[Image]:
    """A car and a bike each, somewhere around the same places; in the first few the car is called a bike."""
    chance = np.random.default_rng(5)
    pictures = []
    for place in range(count):
        car, bike = (np.array(box) + np.tile(chance.uniform(-60, 60, 2), 2) for box in (CAR, BIKE))
        pictures.append(Picture(boxes=[("bike" if place < slips else "car", *car), ("bike", *bike)], slices=["train"]))
    return make_images(dataset, pictures)


def judges_of(dataset: Dataset, images: list[Image]) -> PredictionSet:
    """They see every object where it is, a little off and not always as surely, and as what it is by its width."""
    chance = np.random.default_rng(7)
    car, bike = dataset.classes.values_list("pk", flat=True)
    found = []
    for image in images:
        for one in image.annotations.order_by("pk"):
            box = np.array([one.x1, one.y1, one.x2, one.y2]) + chance.normal(0, 2, 4)
            wide = one.x2 - one.x1 > 100
            found.append((image.pk, car if wide else bike, box, chance.uniform(0.75, 0.95)))
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="judges",
        kind=PredictionSet.Kind.FOLD,
        image_ids=[row[0] for row in found],
        class_ids=[row[1] for row in found],
        boxes=[row[2] for row in found],
        scores=[row[3] for row in found],
    )


def search(cast: Cast, dataset: Dataset, params: dict, **source: object) -> dict:
    """The run as its page gets it."""
    body = {"kind": "mislabels", "params": {"crops": False, **params}, **source}  # there are no pictures
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/auto-curate", body)
    assert response.status_code == 202, response.content
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    found: dict = call(cast.alice, "GET", f"auto-curates/{job.result['auto_curate']}").json()
    return found
