"""The gate of imports: whatever reader read it, what cannot be kept is mended and reported (accounts.values)."""

import math
from collections.abc import Iterable
from itertools import count
from typing import Any

import orjson

from accounts.values import Fault, faults, is_kept_moment, is_plainly_kept, mended, mended_text
from dataset.importing.described import LONGEST_SEQUENCE
from dataset.importing.names import LONGEST_NAME, clean
from dataset.importing.types import ImportProblem, Source, SourceImage

SHOWN = 3  # faults that one entry names


def keep(source: Source) -> None:
    """Mend images, class names and attributes in place."""
    for image in source.images:
        keep_image(source, image)
    for place, name in enumerate(source.class_names):
        if name is not None and not name.isprintable():
            source.class_names[place] = clean(mended_text(name)) or f"class {place}"
    cut_class_names(source)
    for columns in {id(columns): columns for columns in (source.boxes, source.predictions)}.values():
        keep_attributes(source, columns.values.values)


def cut_class_names(source: Source) -> None:
    """Cut names that are too long, say so, and keep apart those that would then be one."""
    used = {name for name in source.class_names if name is not None and len(name) <= LONGEST_NAME}
    for place, name in enumerate(source.class_names):
        if name is None or len(name) <= LONGEST_NAME:
            continue
        source.class_names[place] = shorter = fresh_name(name[:LONGEST_NAME].strip(), used)
        used.add(shorter)
        reason = f"the class name has {len(name)} characters, {LONGEST_NAME} are kept: {shorter}"
        file = source.files[0] if source.files else "."
        source.problems.add(ImportProblem(file, reason, "repaired", "long_name"))


def fresh_name(name: str, used: set[str]) -> str:
    """The name, or with a number at its end where it is used."""
    numbered = (f"{name[: LONGEST_NAME - len(end)].strip()}{end}" for end in (f" {n}" for n in count(2)))
    return name if name not in used else next(one for one in numbered if one not in used)


def keep_image(source: Source, image: SourceImage) -> None:
    if not has_plain_values(image.metadata) and (found := list(faults(image.metadata))):
        image.metadata = mended(image.metadata)
        tell(source, image, "metadata", found)
    if not image.sequence.isprintable():
        image.sequence = mended_text(image.sequence)
    image.sequence = image.sequence[:LONGEST_SEQUENCE]
    if image.captured_at is not None and not is_kept_moment(image.captured_at):
        tell(source, image, "captured_at", [Fault("", "It lies outside the years 1000 to 9000.")])
        image.captured_at = None
    image.latitude, image.longitude = on_earth(image.latitude, 90), on_earth(image.longitude, 180)


def has_plain_values(metadata: dict[str, Any]) -> bool:
    """Whether there is nothing to mend, as it mostly is, seen at once."""
    return all(map(is_plainly_kept, metadata.values())) and all(map(str.isprintable, metadata))


def on_earth(degrees: float | None, limit: float) -> float | None:
    return degrees if degrees is not None and math.isfinite(degrees) and abs(degrees) <= limit else None


def keep_attributes(source: Source, values: list[bytes]) -> None:
    """The distinct sets of attributes, JSON objects; few even where boxes are many."""
    for place, value in enumerate(values):
        read = orjson.loads(value)
        if found := list(faults(read)):
            values[place] = orjson.dumps(mended(read), option=orjson.OPT_SORT_KEYS)
            reason = f"attributes were mended: {said(found)}"
            source.problems.add(
                ImportProblem(source.files[0] if source.files else ".", reason, "repaired", "attributes")
            )


def tell(source: Source, image: SourceImage, what: str, found: Iterable[Fault]) -> None:
    reason = f"{what} of {image.key} was mended: {said(list(found))}"
    source.problems.add(ImportProblem(image.described_in or image.key, reason, "repaired", "metadata"))


def said(found: list[Fault]) -> str:
    """The first few faults in words."""
    named = [f"{fault.place}: {fault.reason}" if fault.place else fault.reason for fault in found[:SHOWN]]
    return " ".join([*named, *([f"And {len(found) - SHOWN} more."] if len(found) > SHOWN else [])])


def mended_attributes(attributes: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Attributes that JSON does not hold as they are, and in words what was mended."""
    found: list[Fault] = []
    better = mended(attributes, found)
    return better, said(found)
