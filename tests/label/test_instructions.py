"""Instructions of a batch: versions, who has seen which, pictures that are checked like any other."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from label.models import Batch
from notices.models import Notice
from tests.factories import assert_charlie_gets_404, assert_problem, call, jpeg, signed_in
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def batch(scene: Scene) -> Batch:
    return scene.batch()


def write(scene: Scene, batch: Batch, text: str, seen: int, user: Any = None) -> Any:
    body = {"text": text, "seen": seen}
    return call(user or scene.cast.alice, "post", f"batches/{batch.pk}/instructions", body)


def send_picture(scene: Scene, data: bytes, user: Any = None) -> Any:
    path = f"/api/v1/datasets/{scene.dataset.pk}/instruction-pictures"
    return signed_in(user or scene.cast.alice).post(path, {"file": SimpleUploadedFile("how.jpg", data)})


def test_it_works(scene: Scene, batch: Batch) -> None:
    address = f"batches/{batch.pk}/instructions"
    assert call(scene.cast.bob, "get", address).json()["number"] == 0
    batch.tasks.update(assignee=scene.cast.bob)
    assert write(scene, batch, "# Cars\n\nOnly those you *see*.", 0).status_code == 201
    shown = call(scene.cast.bob, "get", address).json()
    assert (shown["number"], shown["seen"], shown["author"]["name"]) == (1, 0, "Alice")
    assert Notice.objects.get().user == scene.cast.bob
    call(scene.cast.bob, "post", f"{address}/seen", {"number": 1})
    write(scene, batch, "Vans too.", 1)
    shown = call(scene.cast.bob, "get", address).json()
    assert (shown["text"], shown["number"], shown["seen"]) == ("Vans too.", 2, 1)
    assert [one["number"] for one in call(scene.cast.bob, "get", f"{address}/history").json()] == [2, 1]


def test_who_has_not_read_the_newest_cannot_write_over_it(scene: Scene, batch: Batch) -> None:
    write(scene, batch, "One", 0)
    assert "version 1" in assert_problem(write(scene, batch, "Two", 0), 409)["detail"]
    assert_problem(write(scene, batch, "Bob's", 1, user=scene.cast.bob), 403)
    assert_problem(call(scene.cast.bob, "post", f"batches/{batch.pk}/instructions/seen", {"number": 2}), 400)


def test_a_picture_is_kept_and_shown_to_members(scene: Scene, settings: Any, tmp_path: Any) -> None:
    settings.STORAGE_ROOT = tmp_path
    made = send_picture(scene, jpeg()).json()
    assert send_picture(scene, jpeg()).json()["id"] == made["id"]
    shown = signed_in(scene.cast.bob).get(made["file"])
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content) == jpeg()
    assert signed_in(scene.cast.charlie).get(made["file"]).status_code == 404


def test_it_rejects_what_is_no_picture(scene: Scene, settings: Any, tmp_path: Any) -> None:
    settings.STORAGE_ROOT = tmp_path
    assert "file" in assert_problem(send_picture(scene, b"<svg onload=alert(1)>"), 400)["errors"]
    assert_problem(send_picture(scene, b"<svg onload=alert(1)>", user=scene.cast.bob), 403)


def test_charlie_sees_nothing_of_it(scene: Scene, batch: Batch) -> None:
    cast, address = scene.cast, f"batches/{batch.pk}/instructions"
    assert_charlie_gets_404(cast, "get", address)
    assert_charlie_gets_404(cast, "get", f"{address}/history")
    assert_charlie_gets_404(cast, "post", address, {"text": "Mine", "seen": 0})
    assert_charlie_gets_404(cast, "post", f"{address}/seen", {"number": 1})
