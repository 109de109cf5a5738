"""Kili's raw export: assets with their `labels`, in one file or one each; vertices are fractions of the image.

Of several labels of an asset a review is taken before a first label, and then the newest. What a machine proposed
(PREDICTION, INFERENCE) and what was saved on the way (AUTOSAVE) are no labels. A label without any answer says that
nothing is there; one that only answers about the whole image does not.
"""

from collections.abc import Iterator
from typing import Any

from dataset.importing.described import is_plain
from dataset.importing.drawn import box_around, nested_outlines, outline
from dataset.importing.files import Tree
from dataset.importing.gathering import LOST
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, objects_of, pairs_of
from dataset.importing.types import Problems, Source

NAMES = ("externalId", "external_id")
RANK = {"REVIEW": 2, "DEFAULT": 1}
Point = tuple[float, float]
Size = tuple[int, int]


def is_kind(head: FileHead) -> bool:
    depth = {"{": 1, "[": 2}.get(head.start, 0)
    if head.suffix != ".json" or not set(NAMES) & head.keys(depth):
        return False
    return bool({"labels", "latestLabel", "latest_label"} & head.keys(depth))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every asset; other images are taken without labels."""
    source = Source("kili", [], [], problems, naming="annotation {n} of {image}")
    reader = KiliReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class KiliReader(RecordReader):
    """Reads assets into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        for asset in objects_of(content if isinstance(content, list) else [content]):
            self.read_asset(asset)

    def read_asset(self, asset: Record) -> None:
        given = first_value(asset, *NAMES)
        if not isinstance(given, str) or not given:
            self.problem("it has no externalId", "broken_record")
            return
        labels = labels_of(asset)
        answers = first_value(labels[0], "jsonResponse", "json_response") if labels else {}
        answers = answers if isinstance(answers, dict) else {}
        image = self.describe(given, Says(words_of(answers)))
        if len(labels) > 1 and image != LOST:
            self.problem(f"{given} has {len(labels)} labels; the newest was taken", "several_labels", "kept")
        annotations = list(annotations_of(answers))
        if labels and not answers:
            self.is_labelled(image)
        size = self.size_of(image) if annotations else None
        for place, one in enumerate(annotations):
            self.read_object(image, size, one, place, f"annotation {place} of {given}")

    def read_object(self, image: int, size: Size | None, one: Record, place: int, record: str) -> None:
        categories = objects_of(one.get("categories"))
        label = categories[0].get("name") if categories else None
        rings = [in_pixels(size, ring.get("normalizedVertices")) for ring in objects_of(one.get("boundingPoly"))]
        if image != LOST and not any(rings):
            self.refuse(image, f"it is a {str(one.get('type'))[:40]}, not a box", record=record)
            return
        shape = None
        if one.get("type") != "rectangle" and any(rings):
            shape = nested_outlines(rings) if len(rings) > 1 else outline(*rings)
        around = box_around([point for ring in rings for point in ring]) if image != LOST else (0.0, 0.0, 1.0, 1.0)
        self.put(image, label, around, place, facts_of(one), shape=shape, record=record)


def in_pixels(size: Size | None, vertices: Any) -> list[Point]:
    return [(x * size[0], y * size[1]) for x, y in pairs_of(vertices)] if size else []


def first_value(record: Record, *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) is not None), None)


def labels_of(asset: Record) -> list[Record]:
    """The labels of people, the one that is meant first."""
    latest = first_value(asset, "latestLabel", "latest_label")
    given = [latest] if isinstance(latest, dict) else objects_of(asset.get("labels"))
    by_people = [one for one in given if str(first_value(one, "labelType", "label_type") or "DEFAULT") in RANK]
    return sorted(by_people, key=rank_of, reverse=True)


def rank_of(label: Record) -> tuple[int, str]:
    kind = str(first_value(label, "labelType", "label_type") or "DEFAULT")
    return RANK[kind], str(first_value(label, "createdAt", "created_at") or "")


def annotations_of(answers: Record) -> Iterator[Record]:
    """The objects of all jobs."""
    for job in answers.values():
        yield from objects_of(job.get("annotations")) if isinstance(job, dict) else ()


def words_of(answers: Record) -> Record:
    """Answers about the whole image, by job."""
    return {name: word for name, job in answers.items() if (word := word_of(job))}


def facts_of(one: Record) -> Record:
    """Answers to the questions that its class asks."""
    children = one.get("children")
    return words_of(children) if isinstance(children, dict) else {}


def word_of(job: Any) -> str | float | bool | None:
    """What a job answers: its categories, or its text."""
    if not isinstance(job, dict):
        return None
    words = [str(one["name"]) for one in objects_of(job.get("categories")) if one.get("name")]
    given = ", ".join(words) or job.get("text")
    return given if is_plain(given) and given != "" else None
