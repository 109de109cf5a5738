"""FiftyOne's own directory format: `samples.json`, `metadata.json` and the pictures in `data/`; and the one of its
detection datasets, `labels.json`, with detections by the name of a picture.

`bounding_box` is left, top, width, height as fractions of the image. A sample's field may hold detections: those
without confidence are labels, others are predictions. A field that is null says nothing; an empty list says that there
is nothing.
"""

from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.described import is_plain, size
from dataset.importing.drawn import box_around
from dataset.importing.files import SPLITS, Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of, pairs_of
from dataset.importing.turned import Points
from dataset.importing.types import Problems, Source

OWN = {"_id", "_cls", "_media_type", "_rand", "_dataset_id", "_sample_id", "filepath", "tags", "metadata", "id"}
OWN_OF_BOX = {
    "_id",
    "_cls",
    "id",
    "label",
    "bounding_box",
    "mask",
    "mask_path",
    "confidence",
    "index",
    "tags",
    "attributes",
}
OWN_OF_BOX |= {"iscrowd", "ignore", "created_at", "last_modified_at", "area", "instance", "support"}
OWN |= {"created_at", "last_modified_at", "_created_at", "_last_modified_at", "dataset_id", "media_type"}


def is_kind(head: FileHead) -> bool:
    if head.suffix != ".json" or head.start != "{":
        return False
    samples = "samples" in head.keys(1) and "filepath" in head.keys(3)
    listed = "labels" in head.keys(1) and {"label", "bounding_box"} <= head.keys(4)
    described = head.file == "metadata.json" and bool(head.keys(1) & {"sample_fields", "media_type"})
    return samples or listed or described


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every sample with its image; other images are taken without labels."""
    source = Source("fiftyone", [], [], problems, form="fractions", naming="detection {n} of {image}")
    reader = FiftyOneReader(source, tree)
    for name in files:
        if not name.endswith("metadata.json"):
            reader.read(name)
    reader.take_unlisted()
    return source


class FiftyOneReader(RecordReader):
    """Reads samples into a source."""

    def read(self, name: str) -> None:
        self.start_file(name)
        members = list(self.members(name))
        samples = [one for key, piece in members if key == "samples" for one in objects_of(piece)]
        samples = samples or self.listed_samples(dict(members))
        predicted = predictions_in(samples)
        fields = {field: count for field, count in label_fields(samples).items() if field not in predicted}
        chosen = next((field for field in sorted(fields, key=likely)), "")
        for place, sample in enumerate(samples):
            self.read_sample(sample, place, chosen)
        for field, count in predicted.items():
            reason = f"the detections in {field} have confidences, so they are predictions and not labels"
            self.problem(reason, "predictions", count=count)
        for field in fields:
            if field != chosen:
                reason = f"{field} holds labels too; those of {chosen} were taken"
                self.problem(reason, "other_field", count=fields[field])

    def listed_samples(self, content: Record) -> list[Record]:
        """Those of labels.json; labels are numbers of `classes` where it has them."""
        listed, classes = content.get("labels"), content.get("classes")
        names: list[Any] = classes if isinstance(classes, list) else []
        self.list_classes(names)
        found = []
        for given, shapes in listed.items() if isinstance(listed, dict) else ():
            named = [one | {"label": named_by(one.get("label"), names)} for one in objects_of(shapes)]
            told = None if shapes is None else {"_cls": "Detections", "detections": named}
            found.append({"filepath": given, "ground_truth": told})
        return found

    def read_sample(self, sample: Record, place: int, chosen: str) -> None:
        given = sample.get("filepath")
        if not isinstance(given, str) or not given:
            self.problem("it has no filepath", "broken_record", record=f"sample {place}")
            return
        image = self.describe(given, says_of(sample), record=f"sample {place}")
        shapes = shapes_of(sample.get(chosen))
        if shapes == []:
            self.is_labelled(image)
        for at, one in enumerate(shapes or []):
            self.read_shape(image, one, at, f"{chosen}[{at}] of sample {place}")

    def read_shape(self, image: int, one: Record, at: int, record: str) -> None:
        rings: list[Points] = []
        if one.get("_cls") == "Polyline":
            lines = one.get("points")
            rings = [pairs_of(line) for line in (lines if isinstance(lines, list) else [])]
            if not (one.get("closed") or one.get("filled")):
                self.refuse(image, "it is an open line, not a box", record=record)
                return
            box = box_around([pair for ring in rings for pair in ring])
        else:
            sides = numbers(one.get("bounding_box") or ())
            box = (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if len(sides) == 4 else ()
        ignore = Ignore.REGION if attribute(one, "ignore") else Ignore.NO
        ignore = Ignore.CROWD if attribute(one, "iscrowd") else ignore
        if self.put(image, one.get("label"), box, at, attributes_of(one), ignore=ignore, record=record):
            self.outline_last(image, rings)


def named_by(label: Any, names: list[Any]) -> Any:
    """The name of a class that is given by its number."""
    return names[label] if type(label) is int and 0 <= label < len(names) else label


def shapes_of(field: Any) -> list[Record] | None:
    """What a field holds; None where it is no field of labels, or says nothing."""
    if not isinstance(field, dict):
        return None
    if field.get("_cls") in ("Detections", "Polylines"):
        return objects_of(field.get("detections", field.get("polylines")))
    return [field] if field.get("_cls") in ("Detection", "Polyline") else None


def label_fields(samples: list[Record]) -> dict[str, int]:
    """Fields of shapes, and how many they hold."""
    found: dict[str, int] = {}
    for sample in samples:
        for field, value in sample.items():
            if (shapes := shapes_of(value)) is not None:
                found[field] = found.get(field, 0) + len(shapes)
    return found


def predictions_in(samples: list[Record]) -> dict[str, int]:
    """Fields whose detections all have a confidence."""
    scored: dict[str, int] = {}
    plain: set[str] = set()
    for sample in samples:
        for field, value in sample.items():
            for one in shapes_of(value) or []:
                if one.get("confidence") is None:
                    plain.add(field)
                else:
                    scored[field] = scored.get(field, 0) + 1
    return {field: count for field, count in scored.items() if field not in plain}


def likely(field: str) -> tuple[bool, str]:
    return field not in ("ground_truth", "detections"), field


def says_of(sample: Record) -> Says:
    """Tags that name a split, others as true; plain fields; the label of a classification."""
    tags = sample.get("tags")
    words = [str(tag) for tag in tags] if isinstance(tags, list) else []
    split = next((SPLITS[word.lower()] for word in words if word.lower() in SPLITS), None)
    metadata: Record = {word: True for word in words if word.lower() not in SPLITS}
    for key, value in sample.items():
        classified = isinstance(value, dict) and value.get("_cls") == "Classification"
        told = value.get("label") if classified else value
        if key not in OWN and is_plain(told):
            metadata[key] = told
    about = sample.get("metadata")
    about = about if isinstance(about, dict) else {}
    return Says(metadata, size(about.get("width"), about.get("height")), split=split)


def attribute(one: Record, name: str) -> Any:
    """A value that stands directly on the detection, or among its attributes."""
    given = one.get("attributes")
    inner = given.get(name) if isinstance(given, dict) else None
    return one.get(name, inner.get("value") if isinstance(inner, dict) else inner)


def attributes_of(one: Record) -> Record:
    found = {key: value for key, value in one.items() if key not in OWN_OF_BOX and is_plain(value)}
    given = one.get("attributes")
    for key, value in (given if isinstance(given, dict) else {}).items():
        plain = value.get("value") if isinstance(value, dict) else value
        if is_plain(plain) and key not in OWN_OF_BOX:
            found[str(key)] = plain
    if isinstance(one.get("index"), int):
        found["track"] = one["index"]
    tags = one.get("tags")
    return found | {str(tag): True for tag in (tags if isinstance(tags, list) else [])}
