"""A run's settings as a client gives them, checked against what the engine takes. Pure, no Django."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from model.engines.catalogue import architecture
from model.engines.types import TrainSettings

OPTIMIZERS = ("AdamW", "Adam", "SGD")
MOST_DEVICES = 256
FIGURES = ("mAP", "mAP50")  # that a training can stop on
CLASS_WEIGHTS = ("none", "inverse_sqrt")
# The smallest and the largest value of each number.
BOUNDS: dict[str, tuple[float, float]] = {
    "epochs": (1, 1000),
    "imgsz": (32, 2048),
    "batch": (1, 512),
    "lr0": (1e-7, 1),
    "lrf": (0, 1),
    "backbone_lr": (0, 1),
    "momentum": (0, 1),
    "weight_decay": (0, 1),
    "warmup_epochs": (0, 100),
    "freeze": (0, 100),
    "mosaic": (0, 1),
    "close_mosaic": (0, 1000),
    "mixup": (0, 1),
    "fliplr": (0, 1),
    "flipud": (0, 1),
    "scale": (0, 1),
    "translate": (0, 1),
    "degrees": (0, 180),
    "hsv_h": (0, 1),
    "hsv_s": (0, 1),
    "hsv_v": (0, 1),
    "box_gain": (0, 100),
    "cls_gain": (0, 100),
    "ema_tau": (1, 100_000),
    "seed": (0, 2**31 - 1),
    "validate_images": (1, 100_000),
    "patience": (0, 1000),
    "replay_share": (0, 1),
    "balance": (0, 1),
    "threads": (0, 256),
    "workers": (0, 64),
}


class BadSettings(ValueError):
    """Settings that cannot be trained with; `errors` says why, by the setting's name."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(lines)}" for name, lines in errors.items()))
        self.errors = errors


def read_settings(given: Mapping[str, Any]) -> TrainSettings:
    """Settings with the defaults filled in. Raises BadSettings, which names every bad one."""
    fields = {field.name: str(field.type) for field in dataclasses.fields(TrainSettings)}
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in given.items():
        if name not in fields:
            errors[name] = [f"There is no such setting. There are: {', '.join(sorted(fields))}."]
            continue
        problem = _problem(name, fields[name], value)
        if problem:
            errors[name] = [problem]
        else:
            values[name] = float(value) if fields[name] == "float" else value
    settings = TrainSettings(**values)
    if settings.patience and not settings.validate:
        errors["patience"] = ["Switch validate on: without a look at validation images there is no figure to stop on."]
    if several := _devices_problem(settings):
        errors.setdefault("devices", [several])
    if errors:
        raise BadSettings(errors)
    return settings


def check_for(settings: TrainSettings, architecture_name: str) -> None:
    """Raise BadSettings for what the architecture's loss cannot do."""
    known = architecture(architecture_name)
    if settings.class_weights != "none" and known is not None and not known.weighs_classes:
        detail = f"The loss of {known.title} knows no class weights. Leave them at none, or see rare classes more often"
        raise BadSettings({"class_weights": [f"{detail} (balance)."]})


def defaults_for(architecture_name: str) -> dict[str, Any]:
    """All settings of a run that says nothing: the engine's, and where they differ those of the architecture."""
    known = architecture(architecture_name)
    return {**settings_json(TrainSettings()), **(known.defaults if known else {})}


def settings_json(settings: TrainSettings) -> dict[str, Any]:
    """All settings by name, as a run keeps them."""
    return dataclasses.asdict(settings)


def with_equal_compute(settings: Mapping[str, Any], *, images: int, instead_of: int) -> dict[str, Any]:
    """The settings for fewer or more images, so that as many are seen in all: what is counted in epochs grows.

    A subset trained for as many epochs would see fewer images, and its curve would say what training longer brings.
    """
    times = instead_of / max(images, 1)
    most = int(BOUNDS["epochs"][1])
    return {
        **settings,
        "epochs": min(most, max(1, round(settings["epochs"] * times))),
        "warmup_epochs": min(BOUNDS["warmup_epochs"][1], float(settings["warmup_epochs"] * times)),
        "close_mosaic": min(int(BOUNDS["close_mosaic"][1]), round(settings["close_mosaic"] * times)),
    }


def _problem(name: str, kind: str, value: Any) -> str | None:
    """What is wrong with one setting, or None."""
    if kind == "bool":
        return None if isinstance(value, bool) else "Give true or false."
    if kind == "str":
        return _text_problem(name, value)
    whole = kind == "int"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not math.isfinite(value):
        return "Give a whole number." if whole else "Give a number."
    if name in BOUNDS:
        low, high = BOUNDS[name]
        if not low <= value <= high:
            return f"Give a number from {low:g} to {high:g}."
    if name == "imgsz" and value % 32:
        return f"Give a multiple of 32, such as {max(32, round(value / 32) * 32)}."
    return None


def _devices_problem(settings: TrainSettings) -> str | None:
    """What is wrong with the number of devices beside the other settings, or None."""
    if settings.devices in ("auto", "1"):
        return None
    if settings.device not in ("auto", "cpu"):
        return f"Several devices are chosen by the worker: set device to auto instead of {settings.device}."
    if int(settings.devices) > settings.batch:
        return f"Each device needs an image of each step: set batch to {settings.devices} or more."
    return None


def _text_problem(name: str, value: Any) -> str | None:
    if name == "optimizer":
        return None if value in OPTIMIZERS else f"Give one of {', '.join(OPTIMIZERS)}."
    if name == "stop_on":
        return None if value in FIGURES else f"Give one of {', '.join(FIGURES)}."
    if name == "devices":
        count = int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 4 else 0
        return None if value == "auto" or 0 < count <= MOST_DEVICES else f"Give auto, or a number up to {MOST_DEVICES}."
    if name == "class_weights":
        return None if value in CLASS_WEIGHTS else f"Give one of {', '.join(CLASS_WEIGHTS)}."
    if name == "device":
        known = isinstance(value, str) and (value in ("auto", "cpu") or (value.isdigit() and len(value) < 3))
        return None if known else "Give auto, cpu, or a GPU's number."
    return None if isinstance(value, str) else "Give text."
