"""CrowdHuman: a JSON object on each line (`.odgt`), an ID and `gtboxes` of people.

`fbox` is the whole person's box: left, top, width, height in pixels, which may reach out of the image. Boxes with the
tag `mask`, and those whose `extra.ignore` is 1, are left out by an evaluation. `vbox` and `hbox`, the visible part and
the head, are not kept.
"""

from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, numbers, objects_of
from dataset.importing.types import Problems, Source


def is_kind(head: FileHead) -> bool:
    return head.suffix in (".odgt", ".json", ".jsonl") and "gtboxes" in head.keys(1)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every line with its image; other images are taken without labels."""
    source = Source("crowdhuman", [], [], problems, form="xywh", naming="gtboxes[{n}] of {image}")
    reader = CrowdHumanReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class CrowdHumanReader(RecordReader):
    """Reads lines into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        for line, row in self.json_lines(name):
            given = row.get("ID", row.get("fpath"))
            if not isinstance(given, str) or not given:
                self.problem("it has no ID", "broken_record", line=line)
                continue
            image = self.describe(given, line=line)
            if row.get("gtboxes") == []:
                self.is_labelled(image)
            for place, one in enumerate(objects_of(row.get("gtboxes"))):
                self.read_box(image, one, place, line)

    def read_box(self, image: int, one: Record, place: int, line: int) -> None:
        extra = one.get("extra")
        extra = extra if isinstance(extra, dict) else {}
        box = numbers(one.get("fbox") or one.get("vbox") or ())
        ignore = Ignore.REGION if extra.get("ignore") == 1 else Ignore.NO
        ignore = Ignore.ANYTHING if one.get("tag") == "mask" else ignore
        attributes: dict[str, Any] = {"occluded": bool(extra["occ"])} if extra.get("occ") in (0, 1) else {}
        self.put(image, one.get("tag"), box, place, attributes, ignore=ignore, line=line)
