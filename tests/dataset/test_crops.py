"""Cut-outs of labels and predictions."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Picture

from dataset.models import Annotation
from storage import blobs
from storage.crops import region_around
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    jpeg,
    make_annotation,
    make_cast,
    make_dataset,
    make_image,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def label(cast: Cast, settings: Any, tmp_path: Any) -> Annotation:
    """A box in the brighter left half of an image of 400 × 300."""
    settings.STORAGE_ROOT = tmp_path
    blob = blobs.put_bytes(jpeg(400, 300), suffix=".jpg")
    dataset = make_dataset(cast.project)
    image = make_image(dataset, width=400, height=300, sha256=blob.sha256, location=blob.key)
    return make_annotation(image, dataset.classes.all()[0], (20, 40, 120, 90))


@pytest.mark.parametrize(
    ("box", "region"),
    [
        ((100, 100, 200, 150), (75, 50, 225, 200)),  # 100 wide, a quarter more on each side
        ((0, 0, 10, 10), (0, 0, 48, 48)),  # small ones are shown with what is around them
        ((350, 250, 400, 300), (325, 225, 400, 300)),
        ((0, 0, 400, 300), (0, 0, 400, 300)),
    ],
)
def test_the_region_lies_in_the_image(box: tuple, region: tuple) -> None:
    assert region_around(box, 400, 300) == region


def test_it_works(cast: Cast, label: Annotation) -> None:
    response = call(cast.bob, "GET", f"annotations/{label.pk}/crop")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in response["Cache-Control"]
    shown = Picture.open(BytesIO(b"".join(response.streaming_content)))
    assert shown.size == (150, 150)  # moved down from the upper edge, and not enlarged
    assert shown.convert("L").getextrema()[0] > 200
    again = call(cast.bob, "GET", f"annotations/{label.pk}/crop", **{"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_it_rejects(cast: Cast, label: Annotation) -> None:
    assert_problem(call(cast.bob, "GET", f"annotations/{label.pk}/crop?size=99"), 400, mentions="size")
    assert call(cast.bob, "GET", "predictions/1/crop").status_code == 404
    label.image.location = "blobs/gone"
    label.image.sha256 = "0" * 64
    label.image.save()
    assert call(cast.bob, "GET", f"annotations/{label.pk}/crop").status_code == 404


def test_charlie_gets_404(cast: Cast, label: Annotation) -> None:
    assert_charlie_gets_404(cast, "GET", f"annotations/{label.pk}/crop")
