"""CVAT for images 1.1, as a project of CVAT has it: annotations.xml beside images, which lie by their `subset`.

Boxes are given by their edges in pixels; a turned box as it was before, with `rotation`. Polygons and masks are CVAT's
own; a polygon with holes or of several parts is a mask. The subset is the split. What is ignored has an attribute
`ignore`, since CVAT knows no such thing: region, crowd or anything.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from dataset.attribute_rules import CHECKBOX, CHOICE, NUMBER, AttributeRule
from dataset.exporting import digits
from dataset.exporting.archive import Archive
from dataset.exporting.cvat_shapes import Written, written_shapes
from dataset.exporting.losses import CHANGED, count_context, count_objects, kept_split
from dataset.exporting.types import Chunk, Content, ExportImage, Losses, StatedAttribute
from dataset.exporting.voc import number, survives, text, worded
from dataset.importing.columns import Ignore
from dataset.importing.turning import BEFORE, TURNED

LABELS = "annotations.xml"
UNSPLIT = "default"  # as CVAT calls it
OPENING = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n'
OCCLUDED, GROUP = "occluded", "group"  # which a box has besides its attributes


def write(archive: Archive, content: Content, losses: Losses, report: Callable[[int], None]) -> None:
    """Write the labels of all images in one file; those that are not labelled are not listed."""
    done = number_of = 0
    with archive.stream(LABELS) as out:
        out.write(f"{OPENING}{meta(content)}".encode())
        for chunk in content.chunks():
            count_lost(chunk, losses)
            for element in elements_of(chunk, content, losses, number_of):
                out.write(element.encode())
                number_of += 1
            done += len(chunk.images)
            report(done)
        out.write(b"</annotations>\n")


def meta(content: Content) -> str:
    """The project's labels in the order of the class list, each with the attributes that its boxes have."""
    kinds = content.attributes()
    labels = "".join(
        label(name, kinds.get(index, {}), content.schema.get(index, {}))
        for index, name in enumerate(content.class_names)
    )
    subsets = "".join(f"<subset>{split or UNSPLIT}</subset>" for split, _ in content.parts)
    return (
        f"<meta><project><name>{text(content.title)}</name><mode>annotation</mode><subsets>{subsets}</subsets>"
        f"<labels>\n{labels}</labels></project></meta>\n"
    )


def label(name: str, kinds: Mapping[str, set[str]], schema: Mapping[str, StatedAttribute]) -> str:
    """What the schema states comes first, in its order; then what boxes carry besides."""
    free = sorted(kinds.keys() - schema.keys() - {OCCLUDED, GROUP, TURNED, BEFORE})
    own = "".join(
        f"<attribute><name>{text(key)}</name><mutable>False</mutable>{asked}</attribute>"
        for key, asked in [
            *((key, stated_input(one)) for key, one in schema.items() if key not in (OCCLUDED, GROUP)),
            *((key, input_of(key, kinds[key])) for key in free),
        ]
    )
    return f"<label><name>{text(name)}</name><type>any</type><attributes>{own}</attributes></label>\n"


def stated_input(stated: StatedAttribute) -> str:
    """An attribute of the schema as CVAT asks for it; a number's values are smallest, largest and step."""
    rule, default = stated.rule, text(worded(stated.default)) if stated.default is not None else ""
    kind, values = "text", ""
    if rule.kind == CHECKBOX:
        kind, default, values = "checkbox", default or "false", "false"
    elif rule.kind == CHOICE:
        kind, values = "select", "\n".join(text(worded(value)) for value in rule.values)
    elif rule.kind == NUMBER and (bounds := whole_bounds(rule)) is not None:
        kind, values = "number", "\n".join(map(str, (*bounds, 1)))
        default = default or str(bounds[0])
    return f"<input_type>{kind}</input_type><default_value>{default}</default_value><values>{values}</values>"


def whole_bounds(rule: AttributeRule) -> tuple[int, int] | None:
    """Smallest and largest where both are whole: CVAT knows no other numbers, and needs both."""
    low, high = rule.minimum, rule.maximum
    if low is None or high is None or not (float(low).is_integer() and float(high).is_integer()):
        return None
    return int(low), int(high)


def input_of(key: str, kinds: set[str]) -> str:
    """How CVAT asks for an attribute: to be ticked, chosen or typed."""
    if key == "ignore":
        values = "no\nregion\ncrowd\nanything"
        return f"<input_type>select</input_type><default_value>no</default_value><values>{values}</values>"
    if kinds == {"boolean"}:
        return "<input_type>checkbox</input_type><default_value>false</default_value><values>false</values>"
    return "<input_type>text</input_type><default_value></default_value><values></values>"


def count_lost(chunk: Chunk, losses: Losses) -> None:
    chunk.count_unsaid(losses, "CVAT")
    unknown = [at for at in range(len(chunk)) if not isinstance(chunk.attributes.get(at, {}).get(OCCLUDED), bool)]
    if unknown:
        kind = "CVAT says of every box whether it is occluded; these say no, though nothing is known (boxes: {n})"
        losses.count(kind, chunk.name_of(unknown[0]), len(unknown))
    lost = {
        place: [key for key, value in given.items() if key != BEFORE and not survives(value)]
        for place, given in chunk.attributes.items()
    }
    count_objects(losses, "CVAT", chunk, lost, what=CHANGED)


def elements_of(chunk: Chunk, content: Content, losses: Losses, first: int) -> Iterator[str]:
    """An `image` element for each labelled image."""
    before, turned = chunk.before_turns()
    corners = digits.shortest_corners(chunk.boxes).tolist()
    for place, corner in before.items():
        corners[place] = corner
    attributes, labels = chunk.attributes | turned, chunk.label.tolist()
    finer = written_shapes(chunk, losses)
    for image, boxes in chunk.by_image():
        if image.id in content.unlabelled:
            losses.count("images that are not labelled are not listed (images: {n})", image.key)
            continue
        count_context(losses, "CVAT", image, kept=kept_split(image))
        shapes = [
            element(
                finer.get(at) or written_box(corners[at], attributes.get(at, {})),
                content.class_names[labels[at]],
                attributes.get(at, {}),
                Ignore(chunk.ignore[at]),
            )
            for at in boxes
        ]
        yield f"{opening(image, first)}\n{''.join(shapes)}</image>\n"
        first += 1


def opening(image: ExportImage, place: int) -> str:
    size = f'width="{image.width}" height="{image.height}"'
    return f'<image id="{place}" name={quoteattr(image.name)} subset="{image.split or UNSPLIT}" {size}>'


def written_box(corners: list[float], attributes: Mapping[str, Any]) -> Written:
    """A box by its edges, turned where the attributes say so."""
    xtl, ytl, xbr, ybr = (number(value) for value in corners)
    turn = f' rotation="{number(attributes[TURNED])}"' if TURNED in attributes else ""
    return "box", f'xtl="{xtl}" ytl="{ytl}" xbr="{xbr}" ybr="{ybr}"{turn}'


def element(written: Written, name: str, attributes: Mapping[str, Any], ignore: Ignore) -> str:
    tag, where = written
    own = {key: value for key, value in attributes.items() if key not in (TURNED, BEFORE)}
    occluded = isinstance(own.get(OCCLUDED), bool) and own.pop(OCCLUDED)
    group = f' group_id="{own.pop(GROUP)}"' if is_count(own.get(GROUP)) else ""
    flag = {} if ignore == Ignore.NO else {"ignore": ignore.word}
    rows = "".join(
        f"<attribute name={quoteattr(key)}>{text(worded(value))}</attribute>" for key, value in (own | flag).items()
    )
    return (
        f'<{tag} label={quoteattr(name)} source="manual" occluded="{int(occluded)}"'
        f' {where}{group} z_order="0">{rows}</{tag}>\n'
    )


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
