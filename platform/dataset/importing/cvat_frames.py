"""Which image a frame of a CVAT video is: files carry no names then, only numbers."""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from dataset.importing.files import Tree
from dataset.importing.finding import MissingFile
from dataset.importing.gathering import number

MOST_FRAMES = 1_000_000
DIGITS = re.compile(r"(\d+)$")


@dataclass
class AboutVideo:
    """What the `meta` of an annotation file says."""

    name: str = ""
    size: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, meta: Element) -> "AboutVideo":
        """The first task's or job's: its name, else its source, else its number; how many frames, and the last one."""
        name = first_text(meta, "name") or first_text(meta, "source")
        job = meta.find("job")
        if not name and (job is not None and job.findtext("id")):
            name = f"job {job.findtext('id')}"
        size, last = number(first_text(meta, "size")), number(first_text(meta, "stop_frame"))
        stops = [number(stop.text) for stop in meta.iter("stop")]
        known = [int(stop) for stop in (last, *stops) if 0 <= stop < MOST_FRAMES]
        return cls(name, int(size) if 0 <= size < MOST_FRAMES else None, max(known, default=None))


def first_text(meta: Element, tag: str) -> str:
    """Of the task or job itself, not of its labels."""
    for parent in ("task", "job"):
        if text := (meta.findtext(f"{parent}/{tag}") or "").strip():
            return text
    return (meta.findtext(tag) or "").strip()


@dataclass
class Frames:
    """Images by the number of their frame: those called frame_000012; else those whose names end in the number; else
    as many as the task has frames, in the order of their names."""

    tree: Tree
    by_number: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = [(PurePosixPath(key).stem, key) for key in self.tree.images_meant]
        frames = [(stem, key) for stem, key in named if stem.lower().startswith("frame_")]
        for stem, key in frames or named:
            if found := DIGITS.search(stem):
                self.by_number.setdefault(int(found.group(1)), []).append(key)

    def find(self, frame: int, job: AboutVideo, label_file: str) -> str | MissingFile:
        images = self.tree.images_meant
        ordered = not self.by_number or min(self.by_number) > 0
        if ordered and job.size == len(images) and 0 <= frame < len(images):
            return sorted(images)[frame]
        found = self.by_number.get(frame, [])
        folder = str(PurePosixPath(label_file).parent)
        near = [key for key in found if folder == "." or key.startswith(f"{folder}/")] or found
        if len(near) == 1:
            return near[0]
        return MissingFile(f"{len(near)} image files have this number" if near else "there is no image of this frame")
