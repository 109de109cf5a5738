"""Find mislabels looks inside the boxes: what the judges cannot tell apart, an encoder of pictures can."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image as Drawing

from accounts.models import Role
from curate import tasks as curate_tasks
from curate.models import AutoCurate
from dataset.models import Dataset, Image, PredictionSet
from dataset.services.predictions import store_predictions
from storage import blobs
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest
from tests.factories import Cast, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
HANDLERS = curate_tasks  # imported so that its jobs are known here, as in a worker
WIDTH, HEIGHT, COUNT = 160, 120, 60
WRONG = range(0, COUNT, 10)  # images whose label is of the other class
COLOURS = {"car": (210, 40, 40), "bike": (40, 60, 220)}
WEAK_DOUBT = {"smallest_score": 0.05}


def true_class(number: int) -> str:
    return ("car", "bike")[number % 2]


def box_of(number: int) -> tuple[float, ...]:
    left = 10.0 + number
    return left, 20.0, left + 48, 68.0


def drawn(number: int) -> bytes:
    """Grey noise, and a plain square of its class's colour."""
    pixels = np.random.default_rng(number).integers(60, 160, (HEIGHT, WIDTH, 1)).repeat(3, axis=2).astype(np.uint8)
    x1, y1, x2, y2 = (int(side) for side in box_of(number))
    pixels[y1:y2, x1:x2] = COLOURS[true_class(number)]
    out = BytesIO()
    Drawing.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "bike"))


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    """Real pictures; every tenth label is of the wrong class."""
    named = [true_class(number + (number in WRONG)) for number in range(COUNT)]
    size = {"width": WIDTH, "height": HEIGHT}
    made = make_images(dataset, [Picture(boxes=[(name, *box_of(i))], **size) for i, name in enumerate(named)])
    for number, image in enumerate(made):
        image.location = blobs.put_bytes(drawn(number), suffix=".jpg").key
    Image.objects.bulk_update(made, ["location"])
    return made


@pytest.fixture
def judges(dataset: Dataset, images: list[Image]) -> PredictionSet:
    """They see every square and call it a car as readily as a bike."""
    chance = np.random.default_rng(1)
    classes = list(dataset.classes.values_list("pk", flat=True))
    rows = [(i, image.pk, class_id) for i, image in enumerate(images) for class_id in classes]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="judges",
        kind=PredictionSet.Kind.FOLD,
        image_ids=[image for _, image, _ in rows],
        class_ids=[class_id for _, _, class_id in rows],
        boxes=[np.array(box_of(i)) + chance.normal(0, 1, 4) for i, _, _ in rows],
        scores=chance.uniform(0.5, 0.7, len(rows)).tolist(),
    )


def wrong_classes(cast: Cast, dataset: Dataset, judges: PredictionSet, **params: object) -> tuple[dict, list[dict]]:
    """The run, and its suggestions of another class."""
    body = {"kind": "mislabels", "params": {"prediction_set": judges.pk, **WEAK_DOUBT, **params}}
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body).status_code == 202
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    run = call(cast.bob, "GET", f"auto-curates/{job.result['auto_curate']}").json()
    items = call(cast.bob, "GET", f"auto-curates/{run['id']}/suggestions").json()["items"]
    return run, [row for row in items if row["kind"] == "wrong_class"]


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet) -> None:
    run, found = wrong_classes(cast, dataset, judges)
    first = {row["image"]["id"] for row in found[: len(WRONG)]}
    assert first == {images[number].pk for number in WRONG}
    proposed = {row["image"]["id"]: row["proposed"]["class_id"] for row in found}
    names = dict(dataset.classes.values_list("pk", "name"))
    assert [names[proposed[images[number].pk]] for number in WRONG] == [true_class(number) for number in WRONG]
    assert run["params"]["crops"] is True


def test_without_a_look_inside_it_cannot_tell(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    _, found = wrong_classes(cast, dataset, judges, crops=False)
    first = {row["image"]["id"] for row in found[: len(WRONG)]}
    assert first != {images[number].pk for number in WRONG}


@pytest.mark.thorough
def test_a_picture_that_cannot_be_read_is_named_and_the_rest_is_judged(
    cast: Cast, dataset: Dataset, images: list[Image], judges: PredictionSet
) -> None:
    Image.objects.filter(pk=images[5].pk).update(location="nowhere")
    run, found = wrong_classes(cast, dataset, judges)
    assert {images[number].pk for number in WRONG} <= {row["image"]["id"] for row in found}
    log = call(cast.bob, "GET", f"jobs/{AutoCurate.objects.get(pk=run['id']).job_id}/log").json()
    assert f"{images[5].key} could not be read" in str(log)
