"""The architectures that can be trained, for the list of baselines.

Parameters and GFLOPs are measured on the networks themselves, with 80 classes, by
`python -m model.engines.ultralytics.measure`, `… .yolov6.measure` and `… .transformers.measure`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from model.engines.transformers import baselines as detr
from model.engines.types import Architecture

AGPL, APACHE = "AGPL-3.0", "Apache-2.0"
FAMILIES = {
    "yolo26": "YOLO26",
    "yolo11": "YOLO11",
    "yolov8": "YOLOv8",
    "yolov6": "YOLOv6",
    "plain-": "Plain",
    "rtdetr-": "RT-DETR",
    "road11": "Road",
    **detr.FAMILIES,
}
NOTES = {
    "road11t": "YOLO11 at an eighth of its width, with weights of our own. Learns on two CPU cores in a minute.",
    "plain-l": "Plain convolutions in a row. ultralytics names it YOLOv6-L, which is another network.",
    "yolov6t6": "L6's blocks at an eighth of its width, a size of ours: for trying out on CPU cores.",
    "yolov6n6": "10.4 M parameters once folded, 49.3 GFLOPs at 1280 px.",
    "yolov6s6": "41.4 M parameters once folded, 196 GFLOPs at 1280 px.",
    "yolov6m6": "79.6 M parameters once folded, 375 GFLOPs at 1280 px.",
    "yolov6l6": "140.4 M parameters once folded, 666 GFLOPs at 1280 px.",
    **detr.NOTES,
}
NEED_GPU = {"yolov6m6", "yolov6l6", *detr.NEED_GPU}  # hours an epoch, or more memory than a machine has, without one
WITHOUT_WEIGHTS = ("plain-l", "yolov6t6", "road11t")  # no official file exists
WITHOUT_OVERLAPS = ("yolo26", "rtdetr-", *detr.NO_OVERLAPS)  # one answer an object, so nothing is suppressed
ONE_DEVICE = "ultralytics"  # the engine whose losses are divided by what one process counts
WITHOUT_CLASS_WEIGHTS = ("rtdetr-", *detr.NO_OVERLAPS)  # their losses are their libraries', which know of none
FORMER_NAMES = {"yolov6l": "plain-l"}  # of architectures that are called otherwise now

# YOLOv6's own recipe, as far as it is one of settings; epochs, warm-up and averaging stay as for short runs.
YOLOV6: dict[str, Any] = {
    "optimizer": "SGD", "lr0": 0.01, "lrf": 0.01, "momentum": 0.937, "box_gain": 2.5, "cls_gain": 1.0, "hsv_s": 0.7,
}  # fmt: skip
DEFAULTS: dict[str, dict[str, Any]] = {
    "yolov6t6": {**YOLOV6, "optimizer": "AdamW", "lr0": 0.004, "momentum": 0.9},
    "yolov6n6": {**YOLOV6, "lr0": 0.02, "scale": 0.5, "imgsz": 640},
    "yolov6s6": {**YOLOV6, "scale": 0.5, "imgsz": 640},
    "yolov6m6": {**YOLOV6, "scale": 0.9, "mixup": 0.1, "imgsz": 1280},
    "yolov6l6": {**YOLOV6, "scale": 0.9, "mixup": 0.2, "imgsz": 1280},
    **detr.DEFAULTS,
}

# name, parameters, GFLOPs
TABLE: tuple[tuple[str, int, float], ...] = (
    ("road11t", 795_408, 2.6),
    ("yolo26n", 2_572_280, 6.2),
    ("yolo26s", 10_009_784, 23.1),
    ("yolo26m", 21_896_248, 75.6),
    ("yolo26l", 26_299_704, 94.2),
    ("yolo26x", 58_993_368, 210.1),
    ("yolo11n", 2_624_080, 6.7),
    ("yolo11s", 9_458_752, 21.8),
    ("yolo11m", 20_114_688, 68.6),
    ("yolo11l", 25_372_160, 87.9),
    ("yolo11x", 56_966_176, 196.3),
    ("yolov8n", 3_157_200, 8.9),
    ("yolov6t6", 1_224_115, 1.3),
    ("yolov6n6", 11_239_312, 12.3),
    ("yolov6s6", 44_797_392, 49.0),
    ("yolov6m6", 85_490_736, 93.8),
    ("yolov6l6", 140_413_516, 166.5),
    ("plain-l", 110_926_464, 390.8),
    ("rtdetr-l", 32_970_476, 110.2),
    ("rtdetr-x", 67_467_852, 234.9),
    *detr.TABLE,
)  # fmt: skip


@cache
def architectures() -> tuple[Architecture, ...]:
    """All of them, the demo's own first, then by family and size."""
    return tuple(_architecture(name, parameters, gflops) for name, parameters, gflops in TABLE)


def architecture(name: str) -> Architecture | None:
    """One of them by its name, or None."""
    return next((a for a in architectures() if a.name == name), None)


def present_name(name: str) -> str:
    """What an architecture is called now."""
    return FORMER_NAMES.get(name, name)


def _architecture(name: str, parameters: int, gflops: float) -> Architecture:
    prefix = next(p for p in FAMILIES if name.startswith(p))
    engine = "transformers" if prefix in detr.FAMILIES else "yolov6" if prefix == "yolov6" else "ultralytics"
    return Architecture(
        name=name,
        title=f"{FAMILIES[prefix]}-{name.removeprefix(prefix).upper()}",
        family=FAMILIES[prefix],
        engine=engine,
        parameters=parameters,
        gflops=gflops,
        licence=APACHE if engine == "transformers" else AGPL,
        pretrained=_official_file(name, engine),
        nms=prefix not in WITHOUT_OVERLAPS,
        note=NOTES.get(name, ""),
        gpu=name in NEED_GPU,
        defaults=DEFAULTS.get(name, {}),
        several_devices=engine != ONE_DEVICE,
        stride=64 if prefix == "yolov6" else detr.STRIDES.get(name, 32),
        weighs_classes=prefix not in WITHOUT_CLASS_WEIGHTS,
    )


def _official_file(name: str, engine: str) -> str:
    """The file of public weights, on Hugging Face with its repository; "" where there is none that is read."""
    if engine == "transformers":
        return detr.PUBLIC_FILES.get(name, "")
    return "" if name in WITHOUT_WEIGHTS else f"{name}.pt"
