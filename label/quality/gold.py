"""Mixing tasks into a batch whose right labels are known, and letting them go again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import F

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Dataset, Image, SliceImage
from label.assists.models import PrelabelledTask
from label.boxes import differs
from label.models import Batch, Task
from label.quality.gold_start import ImageGround, planted
from label.quality.models import GoldTask
from label.selectors.labels import boxes_at, class_ids_of, objects_at

MOST_SHARE = 0.5
MOST_GOLD = 2000  # tasks of a batch


@dataclass(frozen=True)
class GoldWish:
    """Which images' present labels are right, and how many of the batch's tasks they shall be."""

    slice_id: int | None = None
    image_ids: Sequence[int] | None = None  # chosen by hand
    share: float = 0.05  # of all tasks of the batch, with those that are added
    start: str | None = None  # planted, empty, as_is; None: planted where most images of the batch have labels
    seed: int = 0


@dataclass(frozen=True)
class GoldMixed:
    """What mixing in came to."""

    inside: int  # tasks of the batch that test people from now on
    added: int  # tasks of further images
    share: float  # of all tasks, with the gold ones of before
    start: str


def mix_in_gold(*, batch: Batch, wish: GoldWish, by: User) -> GoldMixed:
    """Let some of a batch's tasks test people. Managers and above.

    The batch's own untouched tasks are taken first: nothing tells them from the others. Further images of the wish are
    added at random places. Drawn by the seed.
    """
    access.check(by, batch.dataset.project_id, Role.MANAGER)
    if batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to mix tasks in.")
    known = _known_images(batch.dataset, wish)
    random = np.random.default_rng(wish.seed)
    start = wish.start or _usual_start(batch)
    with transaction.atomic():
        inside, outside = _drawn(batch, known, wish, random)
        tasks = [*inside, *_add_tasks(batch, outside, random)]
        _make_gold(batch, tasks, start, random, source="slice" if wish.slice_id else "hand", by=by)
        total, gold = batch.tasks.count(), batch.tasks.filter(withheld=True).count()
        mixed = GoldMixed(len(inside), len(outside), gold / total, start)
        data = {"id": batch.pk, "tasks": len(tasks), "start": start, "seed": wish.seed, "slice": wish.slice_id}
        audit.record(by=by, action="batch.gold", target=batch, project=batch.dataset.project_id, data=data)
    return mixed


def _known_images(dataset: Dataset, wish: GoldWish) -> list[int]:
    """The images whose labels are said to be right, ascending. Raises BadInput where there are none."""
    if (wish.slice_id is None) == (wish.image_ids is None):
        raise BadInput("Give either a slice or images.", errors={"slice": ["Give either a slice or images."]})
    field = "slice" if wish.image_ids is None else "images"
    rows = Image.objects.filter(dataset=dataset)
    if wish.slice_id is not None:
        rows = rows.filter(pk__in=SliceImage.objects.filter(slice_id=wish.slice_id).values("image_id"))
    else:
        rows = rows.filter(pk__in=list(wish.image_ids or ()))
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise BadInput("None of these images is in the batch's dataset.", errors={field: ["No image of this dataset."]})
    return found


def _usual_start(batch: Batch) -> str:
    """As the other tasks look: with labels, or without."""
    images = list(batch.tasks.values_list("image_id", flat=True)[:500])
    return "planted" if len(objects_at(batch.base, images)) * 2 >= len(images) else "empty"


def _drawn(batch: Batch, known: list[int], wish: GoldWish, random: np.random.Generator) -> tuple[list[Task], list[int]]:
    """Untouched tasks of the batch, and images to add, so that the share is reached as far as the known images go."""
    rows = list(batch.tasks.select_for_update(of=("self",)).select_related("image").order_by("pk"))
    free = {task.image_id: task for task in rows if task.image_id in set(known) and _is_untouched(task)}
    wanted = max(1, round(wish.share * len(rows))) - sum(task.withheld for task in rows)
    inside = [free[image] for image in _some(list(free), wanted, random)]
    missing = wish.share * len(rows) - sum(task.withheld for task in rows) - len(inside)
    others = sorted(set(known) - {task.image_id for task in rows})
    outside = _some(others, round(missing / (1 - wish.share)) or int(not inside), random)
    if wanted < 1 or not (inside or outside):
        detail = (
            "The batch has as many as that already."
            if wanted < 1
            else "Nobody may have begun the tasks of known images: none is left, and no other image is known."
        )
        raise Conflict(detail)
    return inside, outside[:MOST_GOLD]


def _is_untouched(task: Task) -> bool:
    return task.state == Task.State.TO_LABEL and task.version == 0 and task.boxes is None and not task.withheld


def _some(of: list[int], count: int, random: np.random.Generator) -> list[int]:
    chosen = random.permutation(len(of))[: max(0, count)]
    return [of[at] for at in sorted(chosen.tolist())]


PLACES = """
UPDATE label_task SET position = place FROM unnest(%s::bigint[], %s::int[]) AS new (id, place)
WHERE label_task.id = new.id
"""


def _add_tasks(batch: Batch, image_ids: list[int], random: np.random.Generator) -> list[Task]:
    """Tasks of further images, anywhere among the others, which keep their order."""
    if not image_ids:
        return []
    last = batch.tasks.count()
    made = Task.objects.bulk_create(
        Task(batch=batch, image_id=image, position=last + at, base=batch.base) for at, image in enumerate(image_ids)
    )
    order = list(
        batch.tasks.exclude(pk__in=[task.pk for task in made]).order_by("position").values_list("pk", flat=True)
    )
    for task in made:
        order.insert(int(random.integers(len(order) + 1)), task.pk)
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [order, list(range(len(order)))])
    return list(Task.objects.filter(pk__in=[task.pk for task in made]).select_related("image").order_by("pk"))


def _make_gold(
    batch: Batch, tasks: list[Task], start: str, random: np.random.Generator, *, source: str, by: User
) -> None:
    head = Dataset.objects.values_list("head_revision", flat=True).get(pk=batch.dataset_id)
    class_ids = sorted(class_ids_of(batch.dataset))
    for task in tasks:
        shown = _shown(task, start, ImageGround(task.image.width, task.image.height, class_ids), random)
        truth = boxes_at(head, task.image_id)
        GoldTask.objects.create(task=task, truth=truth, start=shown, source=source, added_by=by)
        Task.objects.filter(pk=task.pk).update(withheld=True, boxes=shown)


def _shown(task: Task, start: str, ground: ImageGround, random: np.random.Generator) -> list[dict[str, Any]] | None:
    if start == "as_is":
        return None
    labels = boxes_at(task.base, task.image_id)
    return planted(labels, ground, random) if start == "planted" else []


def release_gold(*, batch: Batch, task_ids: Sequence[int] | None, by: User) -> int:
    """Make ordinary tasks of gold ones, all or these, so that work on them is merged. Managers and above.

    Those that nobody touched show their labels again; the marks that people have already stay.
    """
    access.check(by, batch.dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        rows = batch.tasks.select_for_update().filter(withheld=True).order_by("pk")
        tasks = list(rows if task_ids is None else rows.filter(pk__in=list(task_ids)))
        for task in tasks:
            _release(task)
        data = {"id": batch.pk, "tasks": [task.pk for task in tasks]}
        audit.record(by=by, action="batch.release_gold", target=batch, project=batch.dataset.project_id, data=data)
    return len(tasks)


def _release(task: Task) -> None:
    untouched = task.saved_by_id is None and not task.people_copies.exists()
    base = objects_at(task.base, [task.image_id]).get(task.image_id, {})
    says_more = not untouched and task.boxes is not None and differs(task.boxes, base)
    columns = {
        "withheld": False,
        "changed": says_more,
        "version": F("version") + int(task.version > 0 or not untouched),
    }
    Task.objects.filter(pk=task.pk).update(boxes=task.boxes if says_more else None, **columns)
    if untouched:
        PrelabelledTask.objects.filter(task=task).delete()  # it stood on what the task showed
        GoldTask.objects.filter(task=task).delete()
