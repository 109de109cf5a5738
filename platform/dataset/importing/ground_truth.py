"""SageMaker Ground Truth: a manifest, a JSON object on each line, with `source-ref` and a job's boxes beside it.

A job's field has `annotations` of left, top, width and height in pixels; `FIELD-metadata` has its `class-map`. Of
several jobs the one that ended last is meant: an adjustment names boxes that were drawn before. A job that failed
leaves its image not labelled; one without annotations says that nothing is there.
"""

from typing import Any

from dataset.importing.described import size
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.types import Problems, Source

ENDINGS = (".manifest", ".jsonl", ".json", ".ndjson")
IMAGE, TOLD = "source-ref", "-metadata"


def is_kind(head: FileHead) -> bool:
    return head.suffix in ENDINGS and head.start == "{" and IMAGE in head.keys(1)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every line with its image; other images are taken without labels."""
    source = Source("ground_truth", [], [], problems, form="xywh", naming="annotations[{n}] of {image}")
    reader = ManifestReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class ManifestReader(RecordReader):
    """Reads manifests into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        for line, row in self.json_lines(name):
            if isinstance(row.get(IMAGE), str) and row[IMAGE]:
                self.read_image(row, line)
            else:
                self.problem(f"it has no {IMAGE}", "broken_record", line=line)

    def read_image(self, row: Record, line: int) -> None:
        jobs = [
            key for key, value in row.items() if isinstance(value, dict) and isinstance(value.get("annotations"), list)
        ]
        jobs.sort(key=lambda key: str(told_of(row, key).get("creation-date", "")))
        job: Record = row[jobs[-1]] if jobs else {}
        stated = (objects_of(job.get("image_size")) or [{}])[0]
        image = self.describe(row[IMAGE], Says(size=size(stated.get("width"), stated.get("height"))), line=line)
        if len(jobs) > 1:
            reason = f"{', '.join(jobs[:-1])} was drawn before {jobs[-1]}, whose boxes were taken"
            self.problem(reason, "other_field", "kept", line=line)
        if job and not job["annotations"]:
            self.is_labelled(image)
        names = told_of(row, jobs[-1]).get("class-map") if jobs else {}
        for place, one in enumerate(objects_of(job.get("annotations"))):
            self.read_box(image, one, names if isinstance(names, dict) else {}, place, line)

    def read_box(self, image: int, one: Record, names: Record, place: int, line: int) -> None:
        number = str(one.get("class_id"))
        if number not in names:
            self.refuse(image, f"class_id {number} is not in the class-map", "unknown_class", line=line)
            return
        box = numbers([one.get(side) for side in ("left", "top", "width", "height")])
        self.put(image, names[number], box, place, line=line)


def told_of(row: Record, job: str) -> dict[str, Any]:
    """What is said of a job."""
    told = row.get(job + TOLD)
    return told if isinstance(told, dict) else {}
