"""Label Studio's JSON: tasks.json, with boxes in percent of the image, beside images and labelling_config.xml.

Make a project with that labelling configuration, serve the folder as local files, then import tasks.json. A turned box
stands at its own top left corner, with `rotation`. Polygons are in percent too; a mask, and a polygon with holes or of
several parts, is a brush. An image that is not labelled is a task without an annotation.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from dataset.attribute_rules import CHECKBOX, CHOICE, NUMBER, TEXT
from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.coco import write_rows
from dataset.exporting.label_studio_shapes import CONTROLS, TAGS, WrittenRegion, written_shapes
from dataset.exporting.losses import CHANGED, count_context, count_objects, is_plain
from dataset.exporting.types import AttributeKinds, Chunk, Content, ExportImage, Losses, Schema
from dataset.importing.columns import Ignore
from dataset.importing.turning import BEFORE, TURNED
from science.geometry import turned

LABELS = "tasks.json"
CONFIG = "labelling_config.xml"
TO = "image"  # the name of what is drawn on
LOCAL = "/data/local-files/?d="
FIELD = "image"  # of a task's data
RegionOf = tuple[ExportImage, Mapping[str, list[str]]]  # its image, and the values of choices by name
JSON_TYPES = {CHECKBOX: "boolean", CHOICE: "string", NUMBER: "number", TEXT: "string"}


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write the tasks, and what a project needs to show them."""
    drawn = {"rectanglelabels"}  # kinds of regions, which are known once all are written
    with archive.stream(LABELS) as out:
        out.write(b"[")
        write_rows(out, tasks(content, losses, report, drawn))
        out.write(b"]\n")
    archive.put(CONFIG, config(content, content.attributes(), [kind for kind in TAGS if kind in drawn]).encode())


def config(content: Content, kinds: AttributeKinds, drawn: list[str]) -> str:
    """A control for each kind of region, and one for each attribute that boxes have or the schema states."""
    class_names, schema = content.class_names, content.schema
    stated = [one.rule for own in schema.values() for one in own.values()]
    joined: dict[str, set[str]] = {rule.name: {JSON_TYPES[rule.kind]} for rule in stated}
    chosen = chosen_values(schema)
    for of_class in kinds.values():
        for name, types in of_class.items():
            joined.setdefault(name, set()).update(types)
    asked = "".join(
        control(name, joined[name], chosen.get(name, [])) for name in sorted(joined.keys() - {TURNED, BEFORE})
    )
    labels = "".join(f"    <Label value={quoteattr(name)}/>\n" for name in class_names)
    turning = {"rectanglelabels": ' canRotate="true"'}
    controls = "".join(
        f'  <{TAGS[kind]} name="{CONTROLS[kind]}" toName="{TO}"{turning.get(kind, "")}>\n{labels}  </{TAGS[kind]}>\n'
        for kind in drawn
    )
    return f'<View>\n  <Image name="{TO}" value="${FIELD}"/>\n{controls}{asked}</View>\n'


def chosen_values(schema: Schema) -> dict[str, list[str]]:
    """The values of choices by name, those of all classes: Label Studio has one control for a name."""
    found: dict[str, list[str]] = {}
    for own in schema.values():
        for name, one in own.items():
            texts = [value for value in one.rule.values if isinstance(value, str)]
            if one.rule.kind == CHOICE and len(texts) == len(one.rule.values):
                found[name] = list(dict.fromkeys([*found.get(name, []), *texts]))
    return found


def control(name: str, types: set[str], chosen: list[str]) -> str:
    """How an attribute is asked for at a box; `chosen` are a choice's values, as a list to choose from."""
    about = f'name={quoteattr(name)} toName="{TO}" perRegion="true"'
    if name == "ignore":
        return choices(about, [one.word for one in Ignore if one != Ignore.NO])
    if chosen:
        return choices(about, chosen)
    if types == {"boolean"}:
        return choices(about, ["true", "false"])
    return f"  <{'Number' if types == {'number'} else 'TextArea'} {about}/>\n"


def choices(about: str, values: list[str]) -> str:
    return f"  <Choices {about}>{''.join(f'<Choice value={quoteattr(value)}/>' for value in values)}</Choices>\n"


def tasks(
    content: Content, losses: Losses, report: Callable[[int], None], drawn: set[str]
) -> Iterator[list[dict[str, Any]]]:
    done = 0
    for chunk in content.chunks():
        chunk.count_unsaid(losses, "Label Studio")
        count_objects(losses, "Label Studio", chunk, lost_of(chunk), what=CHANGED)
        for image in chunk.images:
            kept = {key: value for key, value in image.metadata.items() if key != FIELD and is_plain(value)}
            count_context(losses, "Label Studio", image, kept=kept)
        finer = written_shapes(chunk, losses)
        drawn |= {one.kind for one in finer.values()}
        yield tasks_of(chunk, content, finer)
        done += len(chunk.images)
        report(done)


def lost_of(chunk: Chunk) -> dict[int, list[str]]:
    return {
        place: [key for key, value in given.items() if key != BEFORE and not is_plain(value)]
        for place, given in chunk.attributes.items()
    }


def tasks_of(chunk: Chunk, content: Content, finer: Mapping[int, WrittenRegion]) -> list[dict[str, Any]]:
    before, about = chunk.before_turns()
    attributes = chunk.attributes | about
    chosen = chosen_values(content.schema)
    labels, numbers = chunk.label.tolist(), chunk.object_id.tolist()
    found = []
    for image, boxes in chunk.by_image():
        sides = digits.shortest_percents(chunk.boxes[boxes.start : boxes.stop], image.width, image.height).tolist()
        results: list[dict[str, Any]] = []
        for at, place in zip(boxes, sides, strict=True):
            own = attributes.get(at, {}) | ({} if not chunk.ignore[at] else {"ignore": Ignore(chunk.ignore[at]).word})
            value = turned_value(before[at], own[TURNED], image) if TURNED in own else value_of(place)
            written = finer.get(at) or WrittenRegion("rectanglelabels", value, value)
            results += region(str(numbers[at]), content.class_names[labels[at]], written, own, (image, chosen))
        found.append(task(image, None if image.id in content.unlabelled else results))
    return found


def task(image: ExportImage, results: list[dict[str, Any]] | None) -> dict[str, Any]:
    """An image with what is on it; `results` None: nobody has looked."""
    data = {key: value for key, value in image.metadata.items() if key != FIELD and is_plain(value)}
    done = {"id": image.id, "was_cancelled": False, "ground_truth": False, "result": results}
    return {
        "id": image.id,
        "data": data | {FIELD: LOCAL + quote(image.path)},
        "annotations": [] if results is None else [done],
        "predictions": [],
    }


def value_of(sides: Sequence[float], degrees: float = 0) -> dict[str, float]:
    x, y, width, height = sides
    return {"x": x, "y": y, "width": width, "height": height, "rotation": degrees}


def turned_value(before: list[float], degrees: float, image: ExportImage) -> dict[str, float]:
    """Of a box before it was turned, xyxy pixels: its top left corner as it stands now, in percent, and its sides."""
    (x, y), *_ = turned.corners(before, degrees)
    wide, high = before[2] - before[0], before[3] - before[1]
    shares = (x / image.width, y / image.height, wide / image.width, high / image.height)
    return value_of([share * 100 for share in shares], degrees)


def region(
    number: str, name: str, written: WrittenRegion, attributes: Mapping[str, Any], of: RegionOf
) -> list[dict[str, Any]]:
    """A region, and an answer for each of its attributes, all of one id."""
    image, chosen = of
    size = {"original_width": image.width, "original_height": image.height, "image_rotation": 0}
    answers = {key: one for key, one in attributes.items() if key not in (TURNED, BEFORE) and is_plain(one)}
    control = CONTROLS[written.kind]
    drawn = {"id": number, "type": written.kind, "from_name": control, "to_name": TO, "origin": "manual"}
    about = {"id": number, "to_name": TO, "origin": "manual"} | size
    return [
        drawn | size | {"value": written.value | {written.kind: [name]}},
        *(
            about | {"from_name": key, **answer(key, one, written.beside, chosen.get(key, []))}
            for key, one in answers.items()
        ),
    ]


def answer(name: str, given: Any, value: Mapping[str, Any], chosen: list[str]) -> dict[str, Any]:
    """An attribute's type, and its value beside the box's; `chosen` are the values of its choice."""
    if isinstance(given, bool) or name == "ignore" or given in chosen:
        return {"type": "choices", "value": {**value, "choices": [given if given in chosen else str(given).lower()]}}
    if isinstance(given, str):
        return {"type": "textarea", "value": {**value, "text": [given]}}
    return {"type": "number", "value": {**value, "number": given}}
