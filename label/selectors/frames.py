"""The frames of a sequence that are in a batch, with the boxes of its tracks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataset.importing.columns import Ignore
from dataset.models import Provenance
from dataset.selectors.images import image_brief
from label.boxes import box_json
from label.merge import ObjectState
from label.models import Task
from label.selectors.labels import COLUMNS, labels_at_revision, shape_json
from science.natural_order import natural_key

TRACK = ("track", "track_id")  # the attribute that imports give a box of a track; CVAT's COCO files have the other
MOST_FRAMES = 2000  # of one sequence, around the frame that is looked at


@dataclass(frozen=True)
class FramesAround:
    """Frames in order, and of how many they are a part."""

    sequence: str = ""
    first: int = 0  # place of the first of them in the sequence
    total: int = 0
    frames: list[dict[str, Any]] = field(default_factory=list)


def frames_around(task: Task, seen: Callable[[Sequence[Task]], list[Task]] = list) -> FramesAround:
    """The frames of the task's sequence in its batch; none where its image is of no sequence.

    `seen` makes of tasks what whoever asks may see of them.
    """
    sequence = task.image.sequence
    if not sequence:
        return FramesAround()
    rows = Task.objects.filter(batch_id=task.batch_id, image__sequence=sequence)
    rows = rows.select_related("image", "batch__dataset")
    ordered = sorted(rows, key=lambda one: natural_key(one.image.key))
    if all(one.image.captured_at for one in ordered):
        ordered.sort(key=lambda one: one.image.captured_at or 0)  # stable: the names decide within a second
    at = next(place for place, one in enumerate(ordered) if one.pk == task.pk)
    first = max(0, min(at - MOST_FRAMES // 2, len(ordered) - MOST_FRAMES))
    shown = seen(ordered[first : first + MOST_FRAMES])
    boxes = tracked_boxes(shown)
    return FramesAround(sequence, first, len(ordered), [_frame(one, boxes[one.pk]) for one in shown])


def _frame(task: Task, boxes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "task": task.pk,
        "image": image_brief(task.image),
        "state": task.state,
        "version": task.version,
        "boxes": boxes,
    }


def tracked_boxes(tasks: Iterable[Task]) -> dict[int, list[dict[str, Any]]]:
    """By task, those of its present boxes that are of a track."""
    untouched: dict[int, dict[int, int]] = defaultdict(dict)  # base -> image id -> task id
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for task in tasks:
        if task.boxes is None:
            untouched[task.base][task.image_id] = task.pk
        else:
            found[task.pk] = [box for box in task.boxes if any(name in (box["attributes"] or {}) for name in TRACK)]
    for base, task_of in untouched.items():
        labels = labels_at_revision(base, list(task_of)).filter(attributes__has_any_keys=TRACK).order_by("object_id")
        for image_id, *label in labels.values_list(*COLUMNS):
            found[task_of[image_id]].append(_box(*label))
    return found


def _box(object_id: int, class_id: int, x1: float, y1: float, x2: float, y2: float, *others: Any) -> dict[str, Any]:
    attributes, provenance, ignore, shape = others
    state = ObjectState(class_id, (x1, y1, x2, y2), attributes, Ignore(ignore).word, shape_json(shape))
    return box_json(f"o{object_id}", state, provenance=str(Provenance(provenance).label))
