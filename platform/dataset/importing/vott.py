"""VoTT 2: an export with all `assets`, or a file for each (`-asset.json`), with `regions` and their `tags`.

`boundingBox` is left, top, width, height in pixels. A picture that was opened and has no regions may be one that nobody
finished, so it is not labelled.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from dataset.importing.described import size
from dataset.importing.drawn import outline
from dataset.importing.files import Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import Problems, Source

SIDES = ("left", "top", "width", "height")
UPRIGHT = ("RECTANGLE", "SQUARE")


def is_kind(head: FileHead) -> bool:
    if head.suffix != ".json" or head.start != "{":
        return False
    own = {"asset", "regions"} <= head.keys(1)
    return own or ("assets" in head.keys(1) and {"asset", "regions"} <= head.keys(3))


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every asset with its image; other images are taken without labels."""
    source = Source("vott", [], [], problems, form="xywh", naming="regions[{n}] of {image}")
    reader = VottReader(source, tree)
    for name in sorted(files, key=lambda name: name.lower().endswith("-asset.json")):
        reader.read(name)
    reader.take_unlisted()
    return source


class VottReader(RecordReader):
    """Reads exports into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        content = content if isinstance(content, dict) else {}
        self.list_classes(tag.get("name") for tag in objects_of(content.get("tags")))
        for one in assets_of(content):
            self.read_asset(one)

    def read_asset(self, one: Record) -> None:
        about: Record = one["asset"]
        given = next((unquote(about[key]) for key in ("path", "name") if isinstance(about.get(key), str)), "")
        if not given:
            self.problem("an asset names no picture", "broken_record")
            return
        stated = about.get("size")
        stated = stated if isinstance(stated, dict) else {}
        given = given.removeprefix("file:")
        image = self.describe(given, Says(size=size(stated.get("width"), stated.get("height"))))
        for place, region in enumerate(objects_of(one.get("regions"))):
            self.read_region(image, region, place, f"regions[{place}] of {about.get('name', given)}")

    def read_region(self, image: int, region: Record, place: int, record: str) -> None:
        frame, tags = region.get("boundingBox"), region.get("tags")
        box = numbers([frame.get(side) for side in SIDES]) if isinstance(frame, dict) else ()
        names: list[Any] = tags if isinstance(tags, list) else []
        upright = region.get("type") in (None, *UPRIGHT)
        shape = None if upright else outline(pairs_of(region.get("points")))
        taken = self.put(image, names[0] if names else None, box, place, shape=shape, record=record)
        if taken and len(names) > 1:
            self.problem(f"it has {len(names)} tags; the first was taken", "several_labels", "kept", record=record)


def assets_of(content: Record) -> Iterator[Record]:
    """The assets with their regions, of either kind of file."""
    listed = content.get("assets")
    for one in [content, *(listed.values() if isinstance(listed, dict) else ())]:
        if isinstance(one, dict) and isinstance(one.get("asset"), dict):
            yield one
