"""Which settings can be searched for, and in what range. Pure, no Django."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from model.services.settings import BOUNDS, CLASS_WEIGHTS, OPTIMIZERS

MOST_SETTINGS = 8  # at once; more need more trials than anybody trains
STRIDE = 32  # pixels


@dataclass(frozen=True)
class Searchable:
    """A setting that can be searched for: the range that is proposed, or the choices that there are."""

    name: str
    kind: str  # float, int, choice
    low: float | None = None
    high: float | None = None
    log: bool = False  # whether a tenth and ten times as much are equally far
    choices: tuple[Any, ...] = ()


SEARCHABLE = (
    Searchable("lr0", "float", 0.0002, 0.02, log=True),
    Searchable("lrf", "float", 0.01, 0.5, log=True),
    Searchable("backbone_lr", "float", 0.05, 1, log=True),
    Searchable("weight_decay", "float", 0.00001, 0.01, log=True),
    Searchable("momentum", "float", 0.8, 0.98),
    Searchable("warmup_epochs", "float", 0, 3),
    Searchable("batch", "int", 4, 32, log=True),
    Searchable("imgsz", "int", 256, 640),
    Searchable("freeze", "int", 0, 10),
    Searchable("optimizer", "choice", choices=OPTIMIZERS),
    Searchable("cosine", "choice", choices=(True, False)),
    Searchable("mosaic", "float", 0, 1),
    Searchable("mixup", "float", 0, 0.5),
    Searchable("scale", "float", 0, 0.9),
    Searchable("translate", "float", 0, 0.3),
    Searchable("degrees", "float", 0, 15),
    Searchable("fliplr", "float", 0, 0.5),
    Searchable("flipud", "float", 0, 0.5),
    Searchable("hsv_h", "float", 0, 0.05),
    Searchable("hsv_s", "float", 0, 0.9),
    Searchable("hsv_v", "float", 0, 0.9),
    Searchable("box_gain", "float", 1, 15, log=True),
    Searchable("cls_gain", "float", 0.2, 4, log=True),
    Searchable("ema_tau", "float", 50, 2000, log=True),
    Searchable("balance", "float", 0, 1),
    Searchable("class_weights", "choice", choices=CLASS_WEIGHTS),
)
BY_NAME = {one.name: one for one in SEARCHABLE}


@dataclass(frozen=True)
class SettingRange:
    """Where one setting is looked for: from low to high, or among choices."""

    name: str
    low: float | None = None
    high: float | None = None
    log: bool = False
    choices: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        return BY_NAME[self.name].kind

    @property
    def ends(self) -> tuple[Any, ...]:
        """What a value is at its least and its most, or each that it may be."""
        if self.kind == "choice" or self.low is None or self.high is None:
            return self.choices
        return tuple(int(end) if self.kind == "int" else float(end) for end in (self.low, self.high))

    @property
    def step(self) -> int:
        """Between whole numbers."""
        return STRIDE if self.name == "imgsz" else 1


class BadRanges(ValueError):
    """Ranges that cannot be searched; `errors` says why, by the setting's name."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(lines)}" for name, lines in errors.items()))
        self.errors = errors


def read_ranges(given: Sequence[Mapping[str, Any]]) -> list[SettingRange]:
    """Ranges as a client or a row gives them. Raises BadRanges, which names every bad one."""
    names = [str(one.get("name", "")) for one in given]
    if not 1 <= len(given) <= MOST_SETTINGS:
        raise BadRanges({"": [f"Search for 1 to {MOST_SETTINGS} settings at once."]})
    read = {name: _range(name, one) for name, one in zip(names, given, strict=True)}
    errors = {name: [fault] for name, one in read.items() if (fault := _fault(name, one))}
    errors |= {name: ["It is named twice."] for name in names if names.count(name) > 1}
    if errors:
        raise BadRanges(errors)
    return list(read.values())


def ranges_json(ranges: Sequence[SettingRange]) -> list[dict[str, Any]]:
    """As a row keeps them."""
    return [{**asdict(one), "choices": list(one.choices)} for one in ranges]


def holds(one: SettingRange, value: Any) -> bool:
    """Whether a value lies in the range."""
    if one.kind == "choice":
        return value in one.choices
    if one.low is None or one.high is None or not one.low <= value <= one.high:
        return False
    return one.kind == "float" or one.log or (value - one.low) % one.step == 0


def _range(name: str, given: Mapping[str, Any]) -> SettingRange:
    known = {field.name for field in fields(SettingRange)} - {"name", "choices"}
    more = {key: given[key] for key in known if given.get(key) is not None}
    return SettingRange(name, choices=tuple(given.get("choices") or ()), **more)


def _fault(name: str, one: SettingRange) -> str | None:
    known = BY_NAME.get(name)
    if known is None:
        return f"It cannot be searched for. There are: {', '.join(BY_NAME)}."
    if known.kind == "choice":
        right = len(set(one.choices)) == len(one.choices) >= 2 and set(one.choices) <= set(known.choices)
        return None if right else f"Give two or more of {', '.join(map(str, known.choices))}."
    return _fault_of_numbers(one, *BOUNDS[name])


def _fault_of_numbers(one: SettingRange, least: float, most: float) -> str | None:
    low, high = one.low, one.high
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)) or not low < high:
        return "Give two numbers, the smaller one first."
    if low < least or high > most:
        return f"Give numbers from {least:g} to {most:g}."
    if one.kind == "int" and (low != int(low) or high != int(high)):
        return "Give whole numbers."
    if one.name == "imgsz" and (low % STRIDE or high % STRIDE):
        return f"Give multiples of {STRIDE}."
    if one.log and one.name == "imgsz":
        return "Its steps are of 32 pixels; a logarithmic range has none."
    if one.log and low <= 0:
        return "A logarithmic range begins above 0."
    return None
