"""A dataset with three images, sent to Label; and short words for working on it."""

import threading
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Role
from curate.models import AutoCurate, Suggestion
from dataset.models import Image, Revision, Slice
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from dataset.services.slices import create_slice
from label.boxes import box_json
from label.models import Batch, Task
from label.selectors.labels import boxes_at, objects_at
from label.services.batches import NewBatch, create_batch
from tests.factories import Cast, call, make_annotation, make_cast, make_dataset, make_image

# For tests with several connections. Naming the apps lets Django empty tables that knox's unused one refers to.
several_connections = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
CAR_BOX, RIDER_BOX = (10, 10, 50, 40), (100, 100, 160, 180)


class Scene:
    """Each of three images has a car and a rider; Bob labels, Alice owns."""

    def __init__(self, bob: Role = Role.LABELLER) -> None:
        self.cast: Cast = make_cast(bob)
        self.dataset = make_dataset(self.cast.project)
        self.car, self.rider = (row.pk for row in self.dataset.classes.all())
        self.images: list[Image] = [make_image(self.dataset) for _ in range(3)]
        for image in self.images:
            for label_class, box in zip(self.dataset.classes.all(), (CAR_BOX, RIDER_BOX), strict=True):
                make_annotation(image, label_class, box)
        self.dataset.refresh_from_db()
        self.slice: Slice = create_slice(
            dataset=self.dataset,
            name="to correct",
            image_ids=[image.pk for image in self.images],
            origin={"kind": "hand"},
            by=self.cast.alice,
        )

    def batch(self, **fields: Any) -> Batch:
        new = NewBatch(name=fields.pop("name", "Corrections"), slice_id=self.slice.pk, **fields)
        return create_batch(dataset=self.dataset, new=new, by=self.cast.alice)

    def suggestions(self, scores: dict[int, list[float]]) -> AutoCurate:
        """An auto-curate run that suggests removing things: scores by the image's place."""
        run = AutoCurate.objects.create(dataset=self.dataset, kind=AutoCurate.Kind.MISLABELS)
        for place, values in scores.items():
            for score in values:
                Suggestion.objects.create(
                    auto_curate=run,
                    image=self.images[place],
                    kind=Suggestion.Kind.SPURIOUS,
                    score=score,
                    reason="Nothing was found here.",
                    given={"class_id": self.car, "box": [*CAR_BOX]},
                    reason_code="nothing_found",
                )
        return run

    def task(self, batch: Batch, place: int = 0) -> Task:
        return batch.tasks.get(image=self.images[place])

    def boxes(self, place: int = 0) -> list[dict[str, Any]]:
        """The image's present labels, as an editor has them: the car first."""
        self.dataset.refresh_from_db()
        return boxes_at(self.dataset.head_revision, self.images[place].pk)

    def labels(self, place: int = 0) -> list[tuple[int, tuple[float, ...]]]:
        """Class and box of the image's present labels, by object id."""
        self.dataset.refresh_from_db()
        found = objects_at(self.dataset.head_revision, [self.images[place].pk])
        return [(state.class_id, state.box) for state in found.get(self.images[place].pk, {}).values()]

    def save(self, task: Task, user: Any = None, version: int | None = None, **body: Any) -> Any:
        """PUT the task as Bob, at its present version unless another is named."""
        task.refresh_from_db()
        seen = task.version if version is None else version
        return call(user or self.cast.bob, "put", f"tasks/{task.pk}", body, **{"If-Match": f'"{seen}"'})

    def edit(self, *changes: AnnotationChange) -> Revision:
        """Somebody else changes the labels directly."""
        return apply_changes(dataset=self.dataset, by=self.cast.alice, kind=Revision.Kind.EDIT, changes=changes)

    def set(self, known: dict[str, Any], place: int = 0, **fields: Any) -> AnnotationChange:
        return AnnotationChange("set", self.images[place].pk, object_id=known["object_id"], **fields)


def new_box(class_id: int, box: tuple[float, ...], name: str = "n1") -> dict[str, Any]:
    from label.merge import ObjectState

    return box_json(name, ObjectState(class_id, box), provenance="human")


def at_once(*acts: Any) -> list[Any]:
    """Do these at the same time, each on a connection of its own; their answers, or what they raised, in order."""
    from django.db import connection

    answers: list[Any] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def one(place: int) -> None:
        barrier.wait()
        try:
            answers[place] = acts[place]()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
