"""Embeddings end to end: the real encoder on small pictures, what is near what, the map and what is asked of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from django.db import transaction

from curate.embeddings.rows import image_vectors
from curate.map import batches
from curate.map.embed import asked_of, run_embeddings
from curate.models import Embedding, EmbeddingMap
from dataset.models import Annotation
from dataset.services.removing import remove_images
from jobs.errors import JobCancelled
from jobs.models import Job
from jobs.reporting import Report
from storage import blobs
from tests.curate.embeddings.scene import EACH, LOOKS, Scene, drawn, exact
from tests.factories import NOT_THERE, assert_charlie_gets_404, assert_problem, call, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = LOOKS * EACH


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.STORAGE_ROOT = tmp_path / "storage"
    return Scene()


def compute(scene: Scene, **body: Any) -> Job:
    """Ask for embeddings as Alice, and let the job run."""
    asked = call(scene.cast.alice, "POST", f"datasets/{scene.dataset.pk}/embeddings", body)
    assert asked.status_code == 202, asked.content
    job = {one.pk: one for one in run_jobs()}[asked.json()["id"]]
    assert job.state == "succeeded", (job.error, [line.text for line in job.lines.all()])
    return job


def got(scene: Scene, path: str) -> Any:
    response = call(scene.cast.bob, "GET", path)
    assert response.status_code == 200, response.content
    return response.json()


def listed(scene: Scene, q: str, order: str = "id") -> list[int]:
    page = got(scene, f"datasets/{scene.dataset.pk}/images?limit=200&order={order}&q={quote(q)}")
    return [row["id"] for row in page["items"]]


def test_it_works(scene: Scene) -> None:
    """One computation, then everything that is read from it."""
    job = compute(scene, objects=True)
    assert job.result is not None
    assert (job.result["images"], job.result["objects"], job.result["unreadable"]) == (COUNT, COUNT, 0)
    status = got(scene, f"datasets/{scene.dataset.pk}/embeddings")
    assert status["images"] == status["objects"] == {"embedded": COUNT, "total": COUNT}
    assert (status["map"], status["job"]) == (EmbeddingMap.objects.get().pk, None)

    ids, vectors = image_vectors(scene.dataset)
    assert ids.tolist() == [image.pk for image in scene.images]
    np.testing.assert_allclose(np.linalg.norm(vectors.astype(float), axis=1), 1, atol=2e-3)

    check_neighbours(scene, vectors)
    check_query(scene, vectors)
    check_objects(scene)
    check_map(scene)
    check_pages_by_distance(scene)


def check_neighbours(scene: Scene, vectors: np.ndarray) -> None:
    """The database's neighbours are those of an exact computation, and pictures of one look are each other's."""
    for place, image in enumerate(scene.images):
        found = got(scene, f"images/{image.pk}/similar?limit={COUNT - 1}")
        order, distances = exact(vectors, place)
        assert found["embedded"]
        assert [one["image"]["id"] for one in found["items"]] == [scene.images[at].pk for at in order[1:]]
        np.testing.assert_allclose([one["distance"] for one in found["items"]], distances[order[1:]], atol=2e-3)
        looks = {place_of(scene, one["image"]["id"]) // EACH for one in found["items"][: EACH - 1]}
        assert looks == {place // EACH}


def place_of(scene: Scene, image: int) -> int:
    return [one.pk for one in scene.images].index(image)


def check_query(scene: Scene, vectors: np.ndarray) -> None:
    order, distances = exact(vectors, 5)
    ids = [scene.images[at].pk for at in order]
    anchor = scene.images[5].pk
    assert listed(scene, f"near(image = {anchor}, top = 4)", "near") == ids[:4]
    assert listed(scene, f"near(image = {anchor})", "near") == ids
    between = float(distances[order[6]] + distances[order[7]]) / 2
    assert listed(scene, f"near(image = {anchor}, distance <= {between:.6f})", "near") == ids[:7]
    assert listed(scene, f"near(image = {anchor}, distance <= {between:.6f}, top = 3)", "near") == ids[:3]
    assert listed(scene, f"not near(image = {anchor}, top = 4)") == sorted(ids[4:])
    assert listed(scene, f'near(image = {anchor}, top = 6) and look = "look 1"', "near") == [
        one for one in ids[:6] if place_of(scene, one) // EACH == 1
    ]
    assert listed(scene, f"near(image = {anchor}, distance <= 0)") == [anchor]


def check_objects(scene: Scene) -> None:
    """near(object = …) compares crops with crops; a box that was deleted since is found no more."""
    labels = list(Annotation.objects.filter(dataset=scene.dataset).order_by("pk"))
    query = f"near(object = {labels[0].object_id}, top = 3)"
    first = listed(scene, query, "near")
    assert first[0] == labels[0].image_id
    assert len(first) == 3
    Annotation.objects.filter(image_id=first[1]).update(died=scene.dataset.head_revision)
    assert first[1] not in listed(scene, query)
    Annotation.objects.filter(image_id=first[1]).update(died=None)


def check_map(scene: Scene) -> None:
    path = f"datasets/{scene.dataset.pk}/embedding-map"
    drawn_map = got(scene, path)
    assert drawn_map["image_ids"] == [image.pk for image in scene.images]
    assert drawn_map["method"] == "pca"  # a dozen points have no neighbourhoods to unfold
    assert all(0 <= value <= drawn_map["plane"] for value in drawn_map["x"] + drawn_map["y"])

    x, y, plane = drawn_map["x"], drawn_map["y"], drawn_map["plane"]
    middle = sorted(x)[COUNT // 2]
    line = f"0,0 {middle},0 {middle},{plane + 1} 0,{plane + 1}"
    inside = [image.pk for image, at in zip(scene.images, x, strict=True) if at < middle]
    assert 0 < len(inside) < COUNT
    assert listed(scene, f'in_lasso("{line}")') == inside
    assert listed(scene, f'not in_lasso("{line}", map = {drawn_map["id"]})') == sorted(
        {image.pk for image in scene.images} - set(inside)
    )
    assert len(set(zip(x, y, strict=True))) == COUNT

    by_class = got(scene, f"{path}/colours?by=class")
    assert [(one["name"], one["images"]) for one in by_class["groups"]] == [("car", 2 * EACH), ("rider", EACH)]
    assert by_class["of"] == [0] * EACH + [1] * EACH + [0] * EACH
    by_look = got(scene, f"{path}/colours?by=metadata&key=look")
    assert [one["name"] for one in by_look["groups"]] == ["look 0", "look 1", "look 2"]
    assert by_look["of"] == [place // EACH for place in range(COUNT)]
    removed = scene.images[3].pk
    with transaction.atomic():
        remove_images(dataset=scene.dataset, image_ids=np.array([removed]), author=scene.cast.alice)
        gone = got(scene, f"{path}/colours?by=metadata&key=look")
        assert gone["of"][3] == -2
        assert {one["name"]: one["images"] for one in gone["groups"]}["look 0"] == EACH - 1
        assert removed not in listed(scene, f'in_lasso("{line}")')
        transaction.set_rollback(True)
    assert got(scene, f"{path}/colours?by=sequence") == {"groups": [], "of": [-1] * COUNT}


def check_pages_by_distance(scene: Scene) -> None:
    """Pages in the order of distance follow each other without a gap or a double."""
    q = quote(f"near(image = {scene.images[2].pk})")
    path = f"datasets/{scene.dataset.pk}/images?limit=5&order=near&q={q}"
    found, after = [], ""
    while True:
        page = got(scene, path + after)
        found += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    similar = got(scene, f"images/{scene.images[2].pk}/similar?limit={COUNT - 1}")["items"]
    assert [row["id"] for row in found] == [scene.images[2].pk, *(one["image"]["id"] for one in similar)]
    beyond = got(scene, f"{path}&after_image={found[6]['id']}")["items"]
    assert [row["id"] for row in beyond] == [row["id"] for row in found[7:12]]
    assert got(scene, f"datasets/{scene.dataset.pk}/image-ids?order=near&q={q}")["ids"] == [row["id"] for row in found]


def test_only_what_is_missing_is_computed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a cancelled job stored stays; a file that is gone is reported, and tried again; a past box is forgotten."""
    monkeypatch.setattr(batches, "BATCH", 5)
    asked = call(scene.cast.alice, "POST", f"datasets/{scene.dataset.pk}/embeddings", {"objects": True}).json()
    report = CancelledAtOnce(Job.objects.get(pk=asked["id"]), "nobody")
    with pytest.raises(JobCancelled):
        run_embeddings(report.job, report)
    kept = set(Embedding.objects.values_list("pk", flat=True))
    assert len(kept) == 5
    Job.objects.filter(pk=asked["id"]).delete()

    data = blobs.read(scene.images[-1].location)
    blobs.delete(scene.images[-1].location)
    job = compute(scene, objects=True)
    assert job.result is not None
    assert (job.result["images"], job.result["objects"], job.result["unreadable"]) == (COUNT - 6, COUNT - 1, 2)
    assert any(scene.images[-1].key in line.text for line in job.lines.all())
    assert kept < set(Embedding.objects.values_list("pk", flat=True))

    blobs.put_bytes(data, suffix=".jpg")
    Annotation.objects.filter(image__in=[scene.images[0], scene.images[-1]]).update(died=scene.dataset.head_revision)
    last = compute(scene, objects=True).result
    assert last is not None
    assert (last["images"], last["objects"], last["unreadable"]) == (1, 0, 0)
    assert Embedding.objects.exclude(annotation_id=None).count() == COUNT - 2
    assert EmbeddingMap.objects.count() == 2  # of 11 and of 12 images

    assert compute(scene, objects=True).result == {**last, "images": 0}


class CancelledAtOnce(Report):
    """A report whose job is cancelled when it first says something."""

    def __call__(self, progress: float | None = None, message: str | None = None) -> None:
        self.cancelled = True
        super().__call__(progress, message)


def test_a_slice_can_be_computed_alone(scene: Scene) -> None:
    body = {"name": "first look", "images": [image.pk for image in scene.images[:EACH]]}
    slice_id = call(scene.cast.alice, "POST", f"datasets/{scene.dataset.pk}/slices", body).json()["id"]
    asked = call(scene.cast.alice, "POST", f"datasets/{scene.dataset.pk}/embeddings", {"slice": slice_id}).json()
    _, source = asked_of(Job.objects.get(pk=asked["id"]))
    assert source.image_ids(scene.dataset).tolist() == body["images"]


def test_asking_twice_is_one_job(scene: Scene) -> None:
    path = f"datasets/{scene.dataset.pk}/embeddings"
    first = call(scene.cast.alice, "POST", path, {}).json()
    assert call(scene.cast.alice, "POST", path, {}).json()["id"] == first["id"]
    assert got(scene, path)["job"] == first["id"]
    assert (first["queue"], first["link"]) == ("gpu", f"/curate/{scene.dataset.pk}/map")
    other = call(scene.cast.alice, "POST", path, {"q": 'look = "look 1"'}).json()
    assert other["id"] != first["id"]


@pytest.mark.parametrize(
    ("q", "mentions"),
    [
        ("near()", "near() needs image"),
        ("near(image = 1, object = 2)", "near() needs image"),
        ("near(car)", "takes no class"),
        ("near(image = 999999999)", "There is no image"),
        ("near(object = 999999999)", "There is no object"),
        ("near(image = {image})", "has no embedding yet"),
        ("near(object = {object})", "has no embedding yet"),
        ("near(image = {image}, wide = 3)", "near() knows"),
        ("near(image = {image}, top = 0)", "A whole number"),
        ("near(image = {image}) > 2", "true or false"),
        ('in_lasso("1,1 2,2")', "three corners"),
        ('in_lasso("1,1 2,2 a,b")', "three corners"),
        ('in_lasso("1,1 2,2 3,9")', "no such embedding map"),
        ('in_lasso("1,1 2,2 3,9", map = 77)', "no such embedding map"),
    ],
)
def test_it_rejects_what_cannot_be_meant(scene: Scene, q: str, mentions: str) -> None:
    label = Annotation.objects.filter(dataset=scene.dataset).first()
    assert label is not None
    line = q.format(image=scene.images[0].pk, object=label.object_id)
    response = call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/images?q={quote(line)}")
    assert assert_problem(response, 400, mentions=mentions)["column"] >= 1


def test_it_rejects_an_order_without_near(scene: Scene) -> None:
    response = call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/images?order=near")
    assert_problem(response, 400, mentions="near(image")


def test_nothing_of_another_dataset_can_be_named(scene: Scene) -> None:
    other = Scene()
    q = quote(f"near(image = {other.images[0].pk})")
    assert_problem(call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/images?q={q}"), 400, mentions="no image")


def test_who_may(scene: Scene) -> None:
    path = f"datasets/{scene.dataset.pk}/embeddings"
    assert_problem(call(scene.cast.bob, "POST", path, {}), 403)
    assert_problem(call(scene.cast.alice, "POST", path, {"slice": NOT_THERE}), 400, mentions="no such slice")
    assert_problem(call(scene.cast.alice, "POST", path, {"q": 'look = "none"'}), 400, mentions="no images")
    assert_problem(call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/embedding-map"), 404)
    assert not got(scene, f"images/{scene.images[0].pk}/similar")["embedded"]
    assert_problem(call(scene.cast.bob, "GET", f"images/{scene.images[0].pk}/similar?limit=0"), 400)
    assert_charlie_gets_404(scene.cast, "POST", path, {})
    for each in (path, f"datasets/{scene.dataset.pk}/embedding-map"):
        assert_charlie_gets_404(scene.cast, "GET", each)
    assert_charlie_gets_404(scene.cast, "GET", f"datasets/{scene.dataset.pk}/embedding-map/colours?by=class")
    assert_charlie_gets_404(scene.cast, "GET", f"images/{scene.images[0].pk}/similar")


def test_pictures_are_as_they_were_drawn() -> None:
    """The scene is worth its name: the looks differ, and within one the pictures do too."""
    assert len({drawn(look, number) for look in range(LOOKS) for number in range(EACH)}) == COUNT
