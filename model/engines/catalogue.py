"""The architectures that can be trained, for the list of baselines.

Parameters and GFLOPs are measured on the networks themselves, with 80 classes, by
`python -m model.engines.ultralytics.measure`.
"""

from __future__ import annotations

from functools import cache

from model.engines.types import Architecture

AGPL = "AGPL-3.0"
FAMILIES = {
    "yolo26": "YOLO26",
    "yolo11": "YOLO11",
    "yolov8": "YOLOv8",
    "yolov6": "YOLOv6",
    "rtdetr-": "RT-DETR",
    "road11": "Road",
}
NOTES = {
    "road11t": "YOLO11 at an eighth of its width, with weights of our own. Learns on two CPU cores in a minute.",
    "yolov6l": "The layers of YOLOv6-L as ultralytics describes them, without the distillation of the original.",
}
WITHOUT_WEIGHTS = ("yolov6l", "road11t")  # no official file exists

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
    ("yolov6l", 110_926_464, 390.8),
    ("rtdetr-l", 32_970_476, 110.2),
    ("rtdetr-x", 67_467_852, 234.9),
)  # fmt: skip


@cache
def architectures() -> tuple[Architecture, ...]:
    """All of them, the demo's own first, then by family and size."""
    return tuple(_architecture(name, parameters, gflops) for name, parameters, gflops in TABLE)


def architecture(name: str) -> Architecture | None:
    """One of them by its name, or None."""
    return next((a for a in architectures() if a.name == name), None)


def _architecture(name: str, parameters: int, gflops: float) -> Architecture:
    prefix = next(p for p in FAMILIES if name.startswith(p))
    return Architecture(
        name=name,
        title=f"{FAMILIES[prefix]}-{name.removeprefix(prefix).upper()}",
        family=FAMILIES[prefix],
        engine="ultralytics",
        parameters=parameters,
        gflops=gflops,
        licence=AGPL,
        pretrained="" if name in WITHOUT_WEIGHTS else f"{name}.pt",
        note=NOTES.get(name, ""),
    )
