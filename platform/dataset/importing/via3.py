"""VIA 3's project: marks on views of files, brought to the pictures and regions that VIA 2 has.

A mark's `xy` begins with the number of its shape; its answers (`av`) are options of the project's attributes by number.
"""

from typing import Any

from dataset.importing.drawn import box_around
from dataset.importing.records import Record, numbers

KEYS = {"project", "attribute", "file", "metadata", "view"}
POINT, RECT, CIRCLE, ELLIPSE, LINE, POLYLINE, POLYGON, EXTREME_RECT = range(1, 9)
NAMES = {POINT: "point", LINE: "line", POLYLINE: "polyline"}
SIDES = {
    RECT: ("rect", ("x", "y", "width", "height")),
    CIRCLE: ("circle", ("cx", "cy", "r")),
    ELLIPSE: ("ellipse", ("cx", "cy", "rx", "ry")),
}


def is_project(content: Record) -> bool:
    return content.keys() >= KEYS


def pictures_of(content: Record) -> list[Record]:
    """As VIA 2 lists them: `filename` and `regions`; files that no view shows too."""
    files, views = records_in(content, "file"), records_in(content, "view")
    options = options_of(records_in(content, "attribute"))
    pictures: dict[str, Record] = {
        key: {"filename": name_of(file), "regions": []} for key, file in files.items() if name_of(file)
    }
    for mark in records_in(content, "metadata").values():
        shown = views.get(str(mark.get("vid")), {}).get("fid_list")
        for key in map(str, shown if isinstance(shown, list) else []):
            if key in pictures:
                pictures[key]["regions"].append(region_of(mark, options))
    return list(pictures.values())


def settings_of(content: Record) -> Record:
    """By an attribute's name, as VIA 2 describes them."""
    return {
        str(one.get("aname")): {"type": "dropdown", "options": one.get("options")}
        for one in records_in(content, "attribute").values()
        if one.get("options")
    }


def records_in(content: Record, key: str) -> dict[str, Record]:
    given = content.get(key)
    return {str(name): one for name, one in (given if isinstance(given, dict) else {}).items() if isinstance(one, dict)}


def name_of(file: Record) -> str:
    return next((file[key] for key in ("fname", "src") if isinstance(file.get(key), str) and file[key]), "")


def options_of(attributes: dict[str, Record]) -> dict[str, tuple[str, Record]]:
    """By number, an attribute's name and its options."""
    return {
        number: (str(one.get("aname", number)), options if isinstance(options := one.get("options"), dict) else {})
        for number, one in attributes.items()
    }


def region_of(mark: Record, attributes: dict[str, tuple[str, Record]]) -> Record:
    answers: Record = {}
    given = mark.get("av")
    for number, value in (given if isinstance(given, dict) else {}).items():
        name, options = attributes.get(str(number), (str(number), {}))
        chosen = [str(options.get(one, one)) for one in str(value).split(",")] if options else [str(value)]
        answers[name] = ", ".join(one for one in chosen if one)
    return {"shape_attributes": shape_of(mark.get("xy")), "region_attributes": answers}


def shape_of(xy: Any) -> Record:
    """A shape as VIA 2 spells it."""
    found = numbers(xy or ()) if isinstance(xy, list) else ()
    kind, rest = (int(found[0]) if found else 0), found[1:]
    if kind in SIDES:
        name, sides = SIDES[kind]
        return {"name": name} | dict(zip(sides, rest, strict=False))
    if kind == POLYGON:
        return {"name": "polygon", "all_points_x": list(rest[::2]), "all_points_y": list(rest[1::2])}
    if kind == EXTREME_RECT and (box := box_around(list(zip(rest[::2], rest[1::2], strict=False)))):
        return {"name": "rect", "x": box[0], "y": box[1], "width": box[2] - box[0], "height": box[3] - box[1]}
    return {"name": NAMES.get(kind, "thing without a shape")}
