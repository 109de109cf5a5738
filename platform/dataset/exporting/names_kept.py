"""halfday.json: what an archive's image files are called in Halfday, and the order of its classes.

Other tools want images where their format has them; with this file an import calls them by their keys again.
"""

from collections.abc import Callable, Iterator

import orjson

from dataset.exporting.archive import Archive
from dataset.exporting.types import Content, ExportImage
from dataset.importing.own_export import FILE


def write(archive: Archive, content: Content, written: Callable[[list[str]], dict[str, str]] | None) -> None:
    """Write the file, a line for each image. `written`: the class names in the format, where it cannot have others."""
    names = written(content.class_names) if written else {}
    others = {name: said for name, said in names.items() if name != said}
    with archive.stream(FILE) as out:
        head = orjson.dumps({"halfday": 1, "classes": content.class_names, "written": others})
        out.write(head[:-1] + b',\n"images":{')
        first = True
        for image in every_image(content):
            out.write((b"\n" if first else b",\n") + entry(image))
            first = False
        out.write(b"}}\n")


def every_image(content: Content) -> Iterator[ExportImage]:
    for some in (content.files or content.images)():
        yield from some


def entry(image: ExportImage) -> bytes:
    """Where it lies: its key, and its split as Halfday has it, since a folder may say another."""
    return orjson.dumps({image.path: [image.key, image.metadata.get("split")]})[1:-1]
