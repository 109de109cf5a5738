"""Labelbox: a JSON object on each line, a `data_row` with the labels of its projects; also its import's annotations.

`bounding_box` is top, left, height, width in pixels. A data row that has a label without objects was looked at and has
nothing on it; one without labels is not labelled.
"""

from typing import Any

from dataset.importing import labelbox_old
from dataset.importing.described import is_plain, size
from dataset.importing.drawn import Drawn, box_around, outline
from dataset.importing.files import SPLITS, Tree
from dataset.importing.gathering import LOST
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.types import Problems, Source

ENDINGS = (".json", ".ndjson", ".jsonl")
BOX_KEYS = ("bounding_box", "bbox")


def is_kind(head: FileHead) -> bool:
    if head.suffix not in ENDINGS:
        return False
    keys = head.keys(2 if head.start == "[" else 1)
    today = {"data_row", "projects"} <= keys or ("dataRow" in keys and bool(keys & {"bbox", "polygon", "uuid"}))
    return today or keys >= labelbox_old.KEYS


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every data row with its image; other images are taken without labels."""
    source = Source("labelbox", [], [], problems, naming="object {n} of {image}")
    reader = LabelboxReader(source, tree)
    for name in files:
        reader.read(name)
    reader.take_unlisted()
    return source


class LabelboxReader(RecordReader):
    """Reads data rows into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        self.places: dict[str, int] = {}
        old: dict[str, list[tuple[int, Record]]] = {}
        for line, row in self.json_lines(name):
            if labelbox_old.is_old(row):
                old.setdefault(labelbox_old.name_of(row), []).append((line, row))
            elif isinstance(row.get("data_row"), dict):
                self.read_row(row, line)
            else:
                self.read_annotation(row, line)
        for rows in old.values():
            self.read_row(labelbox_old.as_data_row([row for _, row in rows]), rows[0][0])

    def read_row(self, row: Record, line: int) -> None:
        about = row["data_row"]
        given = next((name for name in names_of(about) if name), "")
        if not given:
            self.problem("its data row has no name", "broken_record", line=line)
            return
        found = [name for name in names_of(about) if name and isinstance(self.naming.find(name, self.file_name), str)]
        media = row.get("media_attributes")
        media = media if isinstance(media, dict) else {}
        says = Says(metadata_of(row), size(media.get("width"), media.get("height")), split=split_of(row))
        image = self.describe((found or [given])[0], says, line=line)
        labels = labels_of(row)
        objects = [one for label in labels for one in objects_in(label)]
        if len(labels) > 1:
            reason = f"{len(labels)} labels of this data row; the objects of all were taken"
            self.problem(reason, "annotators", "kept", line=line)
        if labels and not objects:
            self.is_labelled(image)
        for place, one in enumerate(objects):
            self.read_object(image, one, place, line)

    def read_annotation(self, row: Record, line: int) -> None:
        """A line of what Labelbox takes in: one object, and its data row."""
        about = row.get("dataRow")
        given = next((name for name in names_of(about) if name), "") if isinstance(about, dict) else ""
        if not given:
            self.problem("its data row has no name", "broken_record", line=line)
            return
        if given not in self.places:
            self.places[given] = self.describe(given, line=line)
        if "answer" in row or "answers" in row:
            if (image := self.places[given]) != LOST:
                self.of(image).metadata |= answers([row])
            return
        self.read_object(self.places[given], row, line, line)

    def read_object(self, image: int, one: Record, place: int, line: int) -> None:
        given = next((one[key] for key in BOX_KEYS if isinstance(one.get(key), dict)), None)
        shape: Drawn = None
        if given is not None:
            sides = numbers([given.get(side) for side in ("left", "top", "width", "height")])
            box: tuple[float, ...] = (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if sides else ()
        elif isinstance(one.get("polygon"), list):
            points = pairs_of(one["polygon"])
            box, shape = box_around(points), outline(points)
        else:
            kind = str(one.get("annotation_kind", "thing without a box")).removeprefix("Image")
            self.refuse(image, f"it is a {kind}, not a box", line=line)
            return
        label = one.get("name", one.get("title", one.get("value")))
        self.put(image, label, box, place, answers(one.get("classifications")), shape=shape, line=line)


def names_of(about: Record) -> list[str]:
    """What may name the image, the best first."""
    keys = ("external_id", "global_key", "globalKey", "row_data", "id")
    return [about[key] for key in keys if isinstance(about.get(key), str)]


def labels_of(row: Record) -> list[Record]:
    """The labels of all projects that were not skipped."""
    projects = row.get("projects")
    listed = list(projects.values()) if isinstance(projects, dict) else []
    found = [label for project in objects_of(listed) for label in objects_of(project.get("labels"))]
    return [label for label in found if not is_skipped(label) and isinstance(label.get("annotations"), dict)]


def is_skipped(label: Record) -> bool:
    """Whether its labeller passed over the image."""
    about = label.get("performance_details")
    return bool(label.get("skipped") or (isinstance(about, dict) and about.get("skipped")))


def objects_in(label: Record) -> list[Record]:
    return objects_of(label["annotations"].get("objects"))


def answers(classifications: Any) -> Record:
    """Answers by question: of a radio, a checklist, or a text."""
    found: Record = {}
    for one in objects_of(classifications):
        value = one.get("text_answer", one.get("answer"))
        radio, several = one.get("radio_answer"), one.get("checklist_answers")
        if isinstance(radio, dict):
            value = radio.get("name")
        elif isinstance(several, list):
            value = ", ".join(str(answer.get("name")) for answer in objects_of(several))
        if isinstance(value, dict):
            value = value.get("content", value.get("name"))
        if is_plain(value) and isinstance(one.get("name"), str):
            found[one["name"]] = value
    return found


def metadata_of(row: Record) -> Record:
    """Metadata fields with a plain value, and what was answered about the whole image."""
    fields = {
        str(one.get("schema_name", one.get("name"))): one.get("value") for one in objects_of(row.get("metadata_fields"))
    }
    found = {name: value for name, value in fields.items() if is_plain(value) and name.lower() != "split"}
    for label in labels_of(row):
        found |= answers(label["annotations"].get("classifications"))
    return found


def split_of(row: Record) -> str | None:
    """The metadata field `split`, whose value is a word or an option with a name."""
    for one in objects_of(row.get("metadata_fields")):
        if str(one.get("schema_name", one.get("name"))).lower() == "split":
            value = one.get("value")
            words = [str(each.get("value", each.get("schema_name"))) for each in objects_of(value)] or [str(value)]
            return next((SPLITS[word.lower()] for word in words if word.lower() in SPLITS), None)
    return None
