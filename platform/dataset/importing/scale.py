"""Scale AI's tasks: a list of them, or one, with `params.attachment`, the picture, and `response.annotations`.

A box has `left`, `top`, `width`, `height` in pixels, and a turned one its four `vertices` besides. Only a task that is
completed says that nothing is on its picture.
"""

from typing import Any
from urllib.parse import unquote

from dataset.importing.described import is_plain, size
from dataset.importing.drawn import box_around, outline
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import Problems, Source
from science.geometry import turned

SIDES = ("left", "top", "width", "height")
ROUNDING = 1.0  # pixels by which four corners may miss a rectangle


def is_kind(head: FileHead) -> bool:
    depth = {"{": 1, "[": 2}.get(head.start, 0)
    named = bool({"task_id", "type"} & head.keys(depth)) and "params" in head.keys(depth)
    return head.suffix == ".json" and named and "attachment" in head.keys(depth + 1)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every task; other images are taken without labels."""
    source = Source("scale", [], [], problems, naming="annotations[{n}] of {image}")
    reader = ScaleReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class ScaleReader(RecordReader):
    """Reads tasks into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        for task in objects_of(content if isinstance(content, list) else [content]):
            self.read_task(task)

    def read_task(self, task: Record) -> None:
        params = task.get("params")
        given = params.get("attachment") if isinstance(params, dict) else None
        if not isinstance(given, str) or not given:
            self.problem("it has no attachment", "broken_record", record=f"task {task.get('task_id')}")
            return
        told = params.get("metadata") if isinstance(params, dict) else None
        told = told if isinstance(told, dict) else {}
        rest = {key: value for key, value in told.items() if key not in ("width", "height") and is_plain(value)}
        image = self.describe(
            unquote(given).removeprefix("file:"), Says(rest, size(told.get("width"), told.get("height")))
        )
        response = task.get("response")
        annotations = response.get("annotations") if isinstance(response, dict) else None
        if task.get("status", "completed") == "completed" and isinstance(annotations, list):
            self.is_labelled(image)
        if isinstance(annotations, dict):
            self.refuse(image, "these are the frames of a video", count=len(annotations))
        for place, one in enumerate(objects_of(annotations)):
            self.read_object(image, one, place, f"annotations[{place}] of {given}"[:200])

    def read_object(self, image: int, one: Record, place: int, record: str) -> None:
        kind = one.get("type") or one.get("geometry") or ("box" if "left" in one else "polygon")
        label, points, facts = one.get("label"), pairs_of(one.get("vertices")), facts_of(one)
        if kind == "box" and turned.is_rectangle(points, ROUNDING) and numbers([one.get("rotation")]) != (0.0,):
            before, degrees = turned.from_corners(points)
            if turned.is_turned(degrees * 4):
                self.put_turned(image, label, before, degrees, place, facts, record=record)
                return
        if kind == "box":
            self.put(image, label, box_of(one), place, facts, record=record)
        elif kind == "polygon":
            self.put(image, label, box_around(points), place, facts, shape=outline(points), record=record)
        else:
            self.refuse(image, f"it is a {str(kind)[:40]}, not a box", record=record)


def box_of(one: Record) -> tuple[float, ...]:
    sides = numbers([one.get(side) for side in SIDES])
    return (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if sides else ()


def facts_of(one: Record) -> Record:
    given: Any = one.get("attributes")
    return {str(key): value for key, value in given.items() if is_plain(value)} if isinstance(given, dict) else {}
