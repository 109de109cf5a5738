"""images over HTTP: labels at a revision, history, bytes and thumbnails."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Picture

from dataset.models import Image
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from storage import blobs
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    jpeg,
    make_annotation,
    make_dataset,
    make_image,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_root")]


@pytest.fixture
def image(cast: Cast, import_root: Any) -> Image:
    blob = blobs.put_bytes(jpeg(640, 480), suffix=".jpg")
    fields = {"location": blob.key, "sha256": blob.sha256, "phash": -1, "metadata": {"weather": "rainy"}}
    return make_image(make_dataset(cast.project), key="a.jpg", **fields)


def test_it_works(cast: Cast, image: Image) -> None:
    row = make_annotation(image, image.dataset.classes.all()[0], (10.5, 20.25, 30, 40))
    body = call(cast.bob, "GET", f"images/{image.pk}").json()
    assert (body["key"], body["width"], body["height"], body["revision"]) == ("a.jpg", 640, 480, 1)
    assert (body["phash"], body["sequence"], body["metadata"]) == ("ffffffffffffffff", None, {"weather": "rainy"})
    assert body["annotations"] == [
        {
            "id": row.pk, "object_id": row.object_id, "class_id": row.label_class_id, "box": [10.5, 20.25, 30, 40],
            "attributes": {}, "provenance": "imported", "ignore": "no", "area": None, "born": 1, "died": None,
        }
    ]  # fmt: skip
    assert (body["slices"], body["label_state"]) == ([], "labelled")
    assert body["file"] == f"/api/v1/images/{image.pk}/file?v={image.sha256[:12]}"


def test_labels_at_an_earlier_revision_and_the_history(cast: Cast, image: Image) -> None:
    row = make_annotation(image, image.dataset.classes.all()[0])
    changes = [
        AnnotationChange("set", image.pk, object_id=row.object_id, box=(1, 2, 3, 4)),
        AnnotationChange("add", image.pk, class_id=row.label_class_id, box=(5, 6, 7, 8)),
    ]
    apply_changes(dataset=image.dataset, by=cast.alice, kind="edit", message="Fix", changes=changes)
    assert len(call(cast.bob, "GET", f"images/{image.pk}").json()["annotations"]) == 2
    (old,) = call(cast.bob, "GET", f"images/{image.pk}?revision=1").json()["annotations"]
    assert (old["box"], old["died"]) == ([10, 10, 50, 40], 2)
    assert_problem(call(cast.bob, "GET", f"images/{image.pk}?revision=3"), 400, mentions="newest is 2")
    history = call(cast.bob, "GET", f"images/{image.pk}/history").json()
    assert [entry["revision"]["number"] for entry in history] == [2, 1]
    assert history[0]["revision"]["author"]["name"] == "Alice"
    assert [change["change"] for change in history[0]["changes"]] == ["moved", "added"]
    assert history[0]["changes"][0]["before"] == {
        "class_id": row.label_class_id, "box": [10, 10, 50, 40], "ignore": "no",
    }  # fmt: skip
    assert history[1]["changes"][0]["image"]["key"] == "a.jpg"


def test_bytes_may_be_kept_for_ever(cast: Cast, image: Image) -> None:
    response = call(cast.bob, "GET", f"images/{image.pk}/file")
    assert b"".join(response.streaming_content) == jpeg(640, 480)
    assert (response["Content-Type"], response["ETag"]) == ("image/jpeg", f'"{image.sha256}"')
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    again = call(cast.bob, "GET", f"images/{image.pk}/file", **{"If-None-Match": f'"{image.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("size", "expected"), [("", (320, 240)), ("?size=160", (160, 120)), ("?size=640", (640, 480))])
def test_thumbnails(cast: Cast, image: Image, size: str, expected: tuple[int, int]) -> None:
    response = call(cast.bob, "GET", f"images/{image.pk}/thumbnail{size}")
    assert Picture.open(BytesIO(b"".join(response.streaming_content))).size == expected
    assert "immutable" in response["Cache-Control"]
    assert_problem(call(cast.bob, "GET", f"images/{image.pk}/thumbnail?size=9999"), 400, mentions="size")


def test_bytes_that_are_gone_are_not_there(cast: Cast, image: Image) -> None:
    blobs.delete(image.location)
    assert_problem(call(cast.bob, "GET", f"images/{image.pk}/file"), 404)
    assert_problem(call(cast.bob, "GET", f"images/{image.pk}/thumbnail"), 404)


def test_charlie(cast: Cast, image: Image) -> None:
    b"".join(call(cast.bob, "GET", f"images/{image.pk}/thumbnail").streaming_content)
    for path in ("", "/history", "/file", "/thumbnail?size=320"):
        assert_charlie_gets_404(cast, "GET", f"images/{image.pk}{path}")
    tagged = call(cast.charlie, "GET", f"images/{image.pk}/file", **{"If-None-Match": f'"{image.sha256}"'})
    assert_problem(tagged, 404)
    assert_problem(call(None, "GET", f"images/{image.pk}/file"), 401)
