"""Thumbnails and cut-outs that are made when they are asked for: a picture that ends its decoder costs itself alone."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture

from children import Crew
from dataset.models import Image
from storage import blobs, drawing_apart
from storage.drawing_apart import draw_apart
from storage.refusals import PictureRefused
from tests.factories import (
    Cast,
    assert_problem,
    call,
    jpeg,
    make_annotation,
    make_cast,
    make_dataset,
    make_image,
)
from tests.storage.dying_decoder import DIES, HANGS


@pytest.fixture(autouse=True)
def nothing_refused_yet() -> Iterator[None]:
    yield
    drawing_apart._refused.clear()


def stored(cast: Cast, data: bytes) -> Image:
    """An image of 400 × 300 whose bytes are there, and no thumbnail."""
    blob = blobs.put_bytes(data, suffix=".jpg")
    dataset = make_dataset(cast.project, name=blob.sha256[:8])
    return make_image(dataset, width=400, height=300, sha256=blob.sha256, location=blob.key)


@pytest.mark.django_db
def test_a_picture_that_ends_its_decoder_costs_itself_alone(crew: Crew, settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_ROOT = tmp_path
    cast = make_cast()
    bad, good = stored(cast, jpeg(400, 300) + DIES), stored(cast, jpeg(400, 300))
    label = make_annotation(bad, bad.dataset.classes.all()[0], (20, 40, 120, 90))
    for address in (f"images/{bad.pk}/thumbnail?size=160", f"annotations/{label.pk}/crop"):
        response = call(cast.bob, "GET", address)
        assert_problem(response, 422, mentions="decoding it ends the process that decodes")
    response = call(cast.bob, "GET", f"images/{good.pk}/thumbnail?size=160")
    assert response.status_code == 200
    assert Picture.open(BytesIO(b"".join(response.streaming_content))).size == (160, 120)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"), [(b"no picture", "it cannot be decoded"), (jpeg(400, 300), "more than the limit")]
)
def test_it_says_what_is_wrong_with_a_file(data: bytes, said: str, settings: Any, tmp_path: Path) -> None:
    """One that was left in its place may be another by now."""
    settings.STORAGE_ROOT, settings.MAX_IMAGE_PIXELS = tmp_path, 1000
    cast = make_cast()
    response = call(cast.bob, "GET", f"images/{stored(cast, data).pk}/thumbnail?size=640")
    assert_problem(response, 422, mentions=said)


def test_one_that_was_refused_ends_no_further_process(crew: Crew) -> None:
    bad = jpeg() + DIES
    with pytest.raises(PictureRefused, match="ended with status 7"):
        draw_apart(bad, 160)
    draw_apart(jpeg(), 160)
    (member,) = crew.idle
    with pytest.raises(PictureRefused, match="ended with status 7"):
        draw_apart(bad, 160)
    assert crew.idle == [member]
    assert member.talk.process.poll() is None


def test_one_that_does_not_end_is_ended(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_apart, "LONGEST", 1.0)
    with pytest.raises(PictureRefused, match="is not decoded within 1 seconds"):
        draw_apart(jpeg() + HANGS, 160)


def test_a_process_that_another_picture_hurt_refuses_none(crew: Crew) -> None:
    """It is asked for once more in a fresh one."""
    draw_apart(jpeg(), 160)
    crew.idle[0].talk.process.kill()
    assert Picture.open(BytesIO(draw_apart(jpeg(640, 480), 160))).size == (160, 120)
