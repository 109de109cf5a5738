"""The cast and the things they work on.

Alice owns the project, Bob is a member of it, Charlie must never see anything of it. `assert_charlie_gets_404` is what
every endpoint's test ends with.
"""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image as Picture

from accounts.models import EVERY_ROOT, Member, Project, Role, User
from dataset.models import Annotation, Dataset, Image, LabelClass, Provenance, Revision
from jobs import running
from jobs.models import Job

numbers = itertools.count(1)
NOT_THERE = 2_000_000_000  # an id that no row has: rows of tests before may have had any small one
COLOURS = ["#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#46f0f0", "#f032e6", "#bcf60c"]


@dataclass
class Cast:
    """A project and the three."""

    project: Project
    alice: User
    bob: User
    charlie: User


def make_user(name: str, **fields: Any) -> User:
    """A person who can be signed in, but has no password: hashing one takes longer than most tests."""
    user = User(email=f"{name.lower()}{next(numbers)}@example.org", name=name, **fields)
    user.password = "!"
    user.save()
    return user


def make_project(owner: User, name: str = "Road") -> Project:
    project = Project.objects.create(name=name, slug=f"project-{next(numbers)}", import_roots=[EVERY_ROOT])
    Member.objects.create(project=project, user=owner, role=Role.OWNER)
    return project


def make_cast(bob: Role = Role.LABELLER) -> Cast:
    """Alice owns the project, Bob is a member in the given role; Charlie owns another project."""
    alice, bob_, charlie = make_user("Alice"), make_user("Bob"), make_user("Charlie")
    project = make_project(alice)
    Member.objects.create(project=project, user=bob_, role=bob)
    make_project(charlie, "Elsewhere")
    return Cast(project, alice, bob_, charlie)


def owner_of(dataset: Dataset) -> User:
    """Somebody who may everything in the dataset's project, to ask a service as."""
    return dataset.project.members.filter(role=Role.OWNER)[0].user


def make_dataset(project: Project, *, classes: Sequence[str] = ("car", "rider"), name: str = "") -> Dataset:
    dataset = Dataset.objects.create(project=project, name=name or f"Scenes {next(numbers)}")
    LabelClass.objects.bulk_create(
        LabelClass(dataset=dataset, index=index, name=title, colour=COLOURS[index % len(COLOURS)])
        for index, title in enumerate(classes)
    )
    return dataset


def make_image(dataset: Dataset, *, key: str = "", width: int = 640, height: int = 480, **fields: Any) -> Image:
    """An image row; its bytes are not stored unless `location` names them."""
    number = next(numbers)
    fields = {"sha256": f"{number:064x}", "location": f"blobs/none/{number}", **fields}
    image = Image.objects.create(
        dataset=dataset, key=key or f"image-{number:06}.jpg", width=width, height=height, **fields
    )
    keys = sorted({*dataset.metadata_keys, *image.metadata})
    Dataset.objects.filter(pk=dataset.pk).update(image_count=dataset.images.count(), metadata_keys=keys)
    dataset.refresh_from_db()
    return image


def make_annotation(image: Image, label_class: LabelClass, box: Sequence[float] = (10, 10, 50, 40)) -> Annotation:
    """A current annotation, in a revision of its own."""
    dataset = image.dataset
    dataset.refresh_from_db()
    dataset.head_revision += 1
    dataset.annotation_count += 1
    dataset.save(update_fields=["head_revision", "annotation_count"])
    number = dataset.head_revision
    Revision.objects.create(
        dataset=dataset, number=number, kind=Revision.Kind.IMPORT, counts={"added": 1, "changed": 0, "removed": 0}
    )
    x1, y1, x2, y2 = box
    row = Annotation.objects.create(
        dataset=dataset,
        image=image,
        label_class=label_class,
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        provenance=Provenance.IMPORTED,
        born=number,
    )
    row.refresh_from_db()
    return row


def jpeg(
    width: int = 64, height: int = 48, colour: tuple[int, int, int] = (90, 120, 60), orientation: int = 1
) -> bytes:
    """A JPEG with a brighter left half, so that turning it can be seen; `orientation` is the EXIF tag."""
    picture = Picture.new("RGB", (width, height), colour)
    picture.paste((240, 240, 240), (0, 0, width // 2, height))
    exif = Picture.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    picture.save(out, "JPEG", quality=90, **({"exif": exif} if orientation != 1 else {}))
    return out.getvalue()


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def browser_of(user: User) -> Client:
    """The user's browser, signed in at the first call and kept on the object: signing in takes as long as a call."""
    if "browser" not in vars(user):
        vars(user)["browser"] = signed_in(user)
    browser: Client = vars(user)["browser"]
    return browser


def call(user: User | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """The response to a JSON call as that user; `path` starts after /api/v1/."""
    client = browser_of(user) if user else Client()
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return client.generic(method.upper(), f"/api/v1/{path}", headers=headers, **data)


def assert_charlie_gets_404(cast: Cast, method: str, path: str, body: Any = None) -> None:
    """Charlie, signed in, is told that there is nothing there; and it is a problem in the one shape."""
    response = call(cast.charlie, method, path, body)
    assert response.status_code == 404, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "not-found"


def assert_problem(response: Any, status: int, *, mentions: str = "") -> dict[str, Any]:
    """The response is a problem of that status whose sentence mentions the words; returns it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert mentions in problem["detail"], problem
    return problem


def run_jobs() -> list[Job]:
    """Run every queued job here and now, in order, as a worker would; returns them as they ended."""
    done: list[Job] = []
    while (
        job := Job.objects.filter(state=Job.State.QUEUED)
        .exclude(pk__in=[job.pk for job in done])
        .order_by("pk")
        .first()
    ):
        running.run(job.pk, beat=False)
        job.refresh_from_db()
        done.append(job)
    return done
