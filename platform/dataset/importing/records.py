"""What readers share whose records name their image: which image is meant, what is said of it, one way in for boxes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dataset.importing.columns import Ignore
from dataset.importing.described import LONGEST_SEQUENCE, add_metadata, text
from dataset.importing.drawn import Drawn
from dataset.importing.gathering import LOST, Gatherer
from dataset.importing.json_stream import WHOLE, BrokenJson, loads, members, pieces
from dataset.importing.text import Undecodable, as_utf8
from science.geometry import turned
from storage.refusals import why

LARGEST = 200_000_000  # bytes of a file that is read at once

Record = dict[str, Any]


@dataclass(frozen=True)
class Says:
    """What a record says of its image."""

    metadata: Record = field(default_factory=dict)
    size: tuple[int, int] | None = None
    sequence: str = ""
    split: str | None = None


NOTHING = Says()


class RecordReader(Gatherer):
    """Reads records, each of which names its image, into a source."""

    def describe(self, name: str, says: Says = NOTHING, **where: Any) -> int:
        """The place of the image that a record names; LOST, and reported, where there is none or one contradicts."""
        known = len(self.source.images)
        image = self.image(self.naming.find(name, self.file_name), short(name), **where)
        if image == LOST:
            return LOST
        if image < known:
            return self.join(image, says, **where)
        described = self.of(image)
        add_metadata(described, says.metadata, self.file_name, self.problems)
        if says.split:
            described.metadata.setdefault("split", says.split)
        described.sequence = text(says.sequence)[:LONGEST_SEQUENCE]
        described.size = says.size
        return image

    def join(self, image: int, says: Says, **where: Any) -> int:
        """A further record of an image that is known: its boxes are added unless the two speak of other pictures."""
        described = self.of(image)
        if described.size and says.size and described.size != says.size:
            first, second = (f"{width} × {height}" for width, height in (described.size, says.size))
            reason = f"it says {second} pixels where {described.described_in} says {first}; the boxes there are kept"
            self.problem(reason, "described_twice", **where)
            return LOST
        reason = f"{described.described_in} describes this image too; the boxes were joined"
        self.problem(reason, "described_twice", "repaired", **where)
        return image

    def put(
        self,
        image: int,
        label: Any,
        box: Any,
        at: int,
        attributes: Record | None = None,
        *,
        ignore: int = Ignore.NO,
        area: float | None = None,
        shape: Drawn = None,
        around: str = "",
        **where: Any,
    ) -> bool:
        """Add one box with its shape, or report why not. `around`: a shape that is not kept, only the box around it."""
        reason = self.add(image, label, box, at, attributes, ignore=ignore, area=area, shape=shape)
        if reason:
            self.problem(reason, "broken_record", **where)
        elif around:
            self.problem(f"a {around} was taken as the box around it", "polygon", "repaired", **where)
        return not reason

    def outline_last(self, image: int, rings: Sequence[Sequence[tuple[float, float]]]) -> None:
        """Keep the outlines, as fractions of the image, of the box that was put last; each ring is a part."""
        if image != LOST and any(rings):
            flat = [array("d", [value for point in ring for value in point]) for ring in rings]
            self.source.fraction_outlines[len(self.source.boxes) - 1] = flat

    def put_turned(
        self,
        image: int,
        label: Any,
        before: Any,
        degrees: float,
        at: int,
        attributes: Record | None = None,
        *,
        ignore: int = Ignore.NO,
        **where: Any,
    ) -> bool:
        """Add the box around a turned one, or report why not; `before` and `degrees` as `add_turned` has them."""
        if not turned.is_turned(degrees):
            return self.put(image, label, before, at, attributes, ignore=ignore, **where)
        reason = self.add_turned(image, label, before, degrees, at, attributes, ignore=ignore)
        if reason:
            self.problem(reason, "broken_record", **where)
        return not reason

    def refuse(self, image: int, reason: str, kind: str = "no_box", count: int = 1, **where: Any) -> None:
        """Labels of an image that cannot be taken."""
        self.source.boxes_found += count
        self.source.boxes_skipped += count
        self.refused(image)
        self.problem(reason, kind, count=count, **where)

    def list_classes(self, names: Iterable[Any]) -> None:
        """Classes that a file lists, in its order; what is no name is passed over."""
        for name in names:
            if isinstance(name, str) and name.replace("\0", "").strip():
                self.class_of(name)

    def load(self, name: str) -> Any:
        """A JSON file that is read at once; None, and reported, where it is broken."""
        try:
            path = self.tree.path(name)
            if path.stat().st_size > LARGEST:
                raise BrokenJson("it is too large to be read at once")
            return loads(self.in_utf8(path, name))
        except orjson.JSONDecodeError as error:
            reason = f"broken JSON: {error.msg.split(': line')[0]} (column {error.colno})"
            self.problem(reason, "broken_file", line=error.lineno)
        except Undecodable as error:
            self.problem(str(error), "encoding")
        except (BrokenJson, OSError) as error:
            self.problem(why(error), "broken_file")
        return None

    def in_utf8(self, path: Path, name: str) -> bytes:
        """A file's text, whatever encoding it is in, which is said. Raises Undecodable, OSError."""
        data, encoding = as_utf8(path.read_bytes())
        self.problems.read_as(name, encoding)
        return data

    def members(self, name: str) -> Iterator[tuple[str, Any]]:
        """Members of a JSON file, lists of large files in pieces; what is broken is reported and ends it."""
        if self.tree.path(name).stat().st_size <= WHOLE:
            content = self.load(name)
            yield from members(content) if content is not None else ()
            return
        try:
            yield from pieces(self.tree.path(name))
        except BrokenJson as error:
            reason = f"{error.reason} (column {error.column}); what stands before it was taken"
            self.problem(reason, "broken_file", line=error.line)

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Number and text of the lines of a text file that are not empty."""
        try:
            content = self.in_utf8(self.tree.path(name), name).decode()
        except (Undecodable, UnicodeDecodeError, OSError) as error:
            kind = "encoding" if isinstance(error, Undecodable) else "broken_file"
            self.problem(f"it cannot be read as text: {why(error)}", kind)
            return
        for number, line in enumerate(content.splitlines(), 1):
            if line.strip():
                yield number, line

    def json_lines(self, name: str) -> Iterator[tuple[int, Record]]:
        """The objects of a file with one on each line, also where they stand in a list."""
        if self.tree.head(name, 100).lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"[":
            for _, piece in self.members(name):
                yield from self.objects(enumerate(piece if isinstance(piece, list) else [], 1))
            return
        yield from self.objects(self.parsed_lines(name))

    def parsed_lines(self, name: str) -> Iterator[tuple[int, Any]]:
        for number, line in self.lines(name):
            try:
                yield number, loads(line.encode())
            except orjson.JSONDecodeError as error:
                self.problem(f"broken JSON: {error.msg.split(': line')[0]}", "broken_record", line=number)

    def objects(self, found: Any) -> Iterator[tuple[int, Record]]:
        for number, one in found:
            if isinstance(one, dict):
                yield number, one
            else:
                self.problem("it is not an object", "broken_record", line=number)


def short(name: str) -> str:
    """An image's name in the report; it may be an address with a signature."""
    return name.split("?", 1)[0].rsplit("/", 1)[-1][:120] or name[:120]


def objects_of(value: Any) -> list[Record]:
    """The objects of what should be a list of them."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def numbers(values: Any) -> tuple[float, ...]:
    """Floats of numbers, also of those in quotes; empty where one is none."""
    try:
        return () if any(isinstance(value, bool) for value in values) else tuple(map(float, values))
    except (TypeError, ValueError, OverflowError):
        return ()


def pairs_of(points: Any) -> list[tuple[float, float]]:
    """Points given as [x, y] or {"x": …, "y": …}; empty where one is neither."""
    found = []
    for point in points if isinstance(points, list) else []:
        given = [point.get("x"), point.get("y")] if isinstance(point, dict) else point
        pair = numbers(given[:2]) if isinstance(given, list) else ()
        if len(pair) != 2:
            return []
        found.append((pair[0], pair[1]))
    return found
