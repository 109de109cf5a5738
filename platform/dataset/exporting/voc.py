"""Pascal VOC: JPEGImages, Annotations with an XML file per image, ImageSets/Main with a list per split.

Corners are pixels of the image, from 0, not rounded.

The first VOC files counted pixels from 1 and to the last one inside. What is written here is what most tools mean
today: xmin and ymin are the left and top edge, xmax and ymax the right and bottom edge, origin at the top left corner.
Metadata of the image and attributes of boxes stand in `attributes`, as CVAT writes them. labelmap.txt is datumaro's.
"""

from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.losses import CHANGED, count_context, count_objects
from dataset.exporting.types import Chunk, Content, ExportImage, Losses
from dataset.exporting.voc_masks import VocMasks, colours_of_classes
from dataset.importing.columns import Ignore

UNSPLIT = "default"  # as datumaro calls it
CLASSES, BACKGROUND = "labelmap.txt", "background"
FLAGS = ("truncated", "difficult", "occluded")  # 0 or 1, with a place of their own


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write the class list, and an XML file per labelled image, also where there is no box."""
    if len(content.class_names) > 1:
        losses.add(CLASSES, "VOC names classes at their boxes only; here stands the list in its order, for datumaro")
    lists: dict[str, list[str]] = {}
    done, segmented = 0, False
    for chunk in content.chunks():
        segmented |= write_chunk(archive, chunk, content, lists, losses)
        done += len(chunk.images)
        report(done)
    archive.put(CLASSES, labelmap(content.class_names, segmented=segmented).encode())
    for split, stems in lists.items():
        archive.put(f"ImageSets/Main/{split}.txt", "".join(f"{stem}\n" for stem in stems).encode())


def labelmap(class_names: list[str], *, segmented: bool) -> str:
    """name:colour:parts:actions, of which the name is said; where there are masks, their colours too, and background's.

    Without them datumaro stops at a mask.
    """
    names, colours = [name.replace(":", " ") for name in class_names], [""] * len(class_names)
    if segmented:
        colours = colours_of_classes(len(class_names))
    if segmented and BACKGROUND not in names:
        names, colours = [BACKGROUND, *names], ["0,0,0", *colours]
    lines = (f"{name}:{colour}::\n" for name, colour in zip(names, colours, strict=True))
    return "".join(["# label:color_rgb:parts:actions\n", *lines])


def write_chunk(archive: Archive, chunk: Chunk, content: Content, lists: dict[str, list[str]], losses: Losses) -> bool:
    """Write the files of a chunk's images; whether masks are among them."""
    chunk.count_unsaid(losses, "VOC")
    before, turned = chunk.before_turns()
    corners = digits.shortest_corners(chunk.boxes).tolist()
    for place, box in before.items():
        corners[place] = box
    labels, attributes = chunk.label.tolist(), chunk.attributes | turned
    lost = {place: {key for key, value in given.items() if not survives(value)} for place, given in attributes.items()}
    count_objects(losses, "VOC", chunk, lost, what=CHANGED)
    masks, any_masks = VocMasks(archive, chunk, losses), False
    facts = [with_difficult(attributes.get(at, {}), Ignore(chunk.ignore[at])) for at in range(len(chunk))]
    for image, boxes in chunk.by_image():
        if image.id in content.unlabelled:
            losses.count("images that are not labelled have no XML file (images: {n})", image.key)
            continue
        count_context(losses, "VOC", image, kept=read_back(image), what=CHANGED)
        objects = [xml_object(content.class_names[labels[at]], corners[at], facts[at]) for at in boxes]
        lists.setdefault(image.split or UNSPLIT, []).append(image.stem)
        segmented = masks.write(image, boxes)
        any_masks |= segmented
        archive.put(f"Annotations/{image.stem}.xml", xml_of(image, objects, segmented=segmented).encode())
    return any_masks


def with_difficult(attributes: dict[str, Any], ignore: Ignore) -> dict[str, Any]:
    """A box's attributes; difficult where it is ignored, beside how where that is not what difficult says."""
    flags = {"difficult": True} if ignore != Ignore.NO else {}
    how = {"ignore": ignore.name.lower()} if ignore in (Ignore.CROWD, Ignore.ANYTHING) else {}
    return attributes | flags | how


def read_back(image: ExportImage) -> dict[str, Any]:
    """The metadata that a reader finds."""
    return {key: value for key, value in image.metadata.items() if survives(value)}


def survives(value: object) -> bool:
    """Whether a value that XML holds as text is taken for the same: not so a text that looks like a number."""
    if isinstance(value, str):
        return value == value.strip() and value.lower() not in ("true", "false") and not is_number(value)
    return isinstance(value, bool | int | float)


def is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def xml_of(image: ExportImage, objects: list[str], *, segmented: bool) -> str:
    return (
        "<annotation>\n"
        f"  <folder>{text(image.folder)}</folder>\n"
        f"  <filename>{text(image.name)}</filename>\n"
        "  <source><database>Halfday</database></source>\n"
        f"  <size><width>{image.width}</width><height>{image.height}</height><depth>3</depth></size>\n"
        f"  <segmented>{int(segmented)}</segmented>\n"
        f"{xml_attributes(image.metadata, '  ')}{''.join(objects)}</annotation>\n"
    )


def xml_object(name: str, corners: list[float], attributes: Mapping[str, Any]) -> str:
    """One box: its flags, its other attributes as CVAT writes them, its corners. `difficult` is always said."""
    said = {"difficult": False} | dict(attributes)
    flags = "".join(f"<{flag}>{int(said[flag])}</{flag}>" for flag in FLAGS if is_flag(said, flag))
    others = {key: value for key, value in attributes.items() if not is_flag(attributes, key)}
    xmin, ymin, xmax, ymax = (number(value) for value in corners)
    return (
        f"  <object>\n    <name>{text(name)}</name><pose>Unspecified</pose>{flags}\n"
        f"    <bndbox><xmin>{xmin}</xmin><ymin>{ymin}</ymin><xmax>{xmax}</xmax><ymax>{ymax}</ymax></bndbox>\n"
        f"{xml_attributes(others, '    ')}  </object>\n"
    )


def xml_attributes(attributes: Mapping[str, Any], indent: str) -> str:
    if not attributes:
        return ""
    rows = "".join(
        f"<attribute><name>{text(key)}</name><value>{text(worded(value))}</value></attribute>"
        for key, value in attributes.items()
    )
    return f"{indent}<attributes>{rows}</attributes>\n"


def is_flag(attributes: Mapping[str, Any], name: str) -> bool:
    return name in FLAGS and isinstance(attributes.get(name), bool)


def worded(value: object) -> str:
    """true and false as JSON writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def number(value: float) -> str:
    """12 for 12.0; never with an exponent, which some readers do not know."""
    return (
        str(int(value)) if value == int(value) else f"{value:.20f}".rstrip("0") if "e" in repr(value) else repr(value)
    )


def text(value: str) -> str:
    """Escaped; without the control characters that XML cannot hold."""
    return escape("".join(char for char in value if char >= " " or char in "\t\n"))
