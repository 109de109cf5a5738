"""A file of gate rules, YAML or JSON: what is wrong in it is said with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from commandline.coco_files import Case
from science.coco.files import BadFile
from science.evaluation.gate_rules import BadRules, WrittenGate, WrittenScenario, read_gate

LARGEST = 1 << 20  # bytes
Place = tuple[str, ...]


def read_gate_file(path: Path) -> WrittenGate:
    """The rules. Raises BadFile that names the line and the key."""
    document, lines = _read(path)
    try:
        return read_gate(document)
    except BadRules as bad:
        raise at_its_line(path, bad, lines) from None


def read_document(path: Path) -> Any:
    """What stands in the file, as plain values, checked. Raises BadFile."""
    return read_gate_file(path).as_json()


def at_its_line(path: Path, bad: BadRules, lines: Mapping[Place, int]) -> BadFile:
    """The first fault, with the line of its place, or of the nearest place above it that is in the file."""
    place, said = next(iter(bad.faults.items()))
    steps: Place = tuple(place.split(".")) if place else ()
    while steps not in lines and steps:
        steps = steps[:-1]
    more = f" ({len(bad.faults) - 1} more like it)" if len(bad.faults) > 1 else ""
    return BadFile(f"{path.name}, line {lines.get(steps, 1)}, {place or 'the whole'}: {said}{more}")


def lines_of(path: Path) -> dict[Place, int]:
    """The line of each key and list item, from 1."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Any, dict[Place, int]]:
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        loader = yaml.SafeLoader(data.decode("utf-8-sig"))
        node = loader.get_single_node()
        document = None if node is None else loader.construct_document(node)
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path.name} is not text in UTF-8.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadFile(f"{path.name}{_line_of(error)}: {_said_by(error)}.") from None
    if node is None:
        raise BadFile(f"{path.name} is empty, or larger than {LARGEST >> 20} MiB.")
    return document, dict(_places(path, node, ()))


def _line_of(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else f", line {mark.line + 1}"


def _said_by(error: Exception) -> str:
    return str(getattr(error, "problem", None) or "it is no YAML that can be read")


def _places(path: Path, node: yaml.Node, place: Place, depth: int = 0) -> Iterator[tuple[Place, int]]:
    """Each place with its line. Raises BadFile where a key stands twice: YAML would keep the last and say nothing."""
    yield place, node.start_mark.line + 1
    if depth > 8:
        return
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise BadFile(f"{path.name}, line {key.start_mark.line + 1}: the key {key.value} stands here twice.")
            seen.add(key.value)
            below = (*place, str(key.value))
            yield from _places(path, value, below, depth + 1)
            yield below, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _places(path, value, (*place, str(number)), depth + 1)


def images_meant(path: Path, gate: WrittenGate, case: Case) -> dict[str, NDArray[np.bool_]]:
    """(I,) for each scenario which images of the labels it means. Raises BadFile for one that needs a platform."""
    faults = {
        f"scenarios.{name}.{one.kind}": "A file of labels knows no slices or query lines. Use images or where, or "
        "judge on a running platform: ./halfday gate --candidate ID."
        for name, one in gate.scenarios.items()
        if one.kind in ("query", "slice")
    }
    if faults:
        raise at_its_line(path, BadRules(faults), lines_of(path))
    rows = case.coco.image_rows
    return {name: np.array([_is_meant(one, row) for row in rows], np.bool_) for name, one in gate.scenarios.items()}


def _is_meant(scenario: WrittenScenario, row: Mapping[str, Any]) -> bool:
    if scenario.kind == "images":
        return row["id"] in scenario.value or row.get("file_name") in scenario.value
    return all(_value_of(row, field) == value for field, value in scenario.value.items())


def _value_of(row: Mapping[str, Any], field: str) -> Any:
    """An image's own field, else one of its `attributes`, as BDD100K has them."""
    attributes = row.get("attributes")
    return row.get(field, attributes.get(field) if isinstance(attributes, Mapping) else None)
