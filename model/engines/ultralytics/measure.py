"""Prints the table of `model.engines.catalogue`: `python -m model.engines.ultralytics.measure`."""

from __future__ import annotations

from ultralytics.utils.torch_utils import get_flops

from model.engines.ultralytics import networks
from model.engines.ultralytics.conversion import count

NAMES = (
    "road11t",
    *(f"yolo26{size}" for size in "nsmlx"),
    *(f"yolo11{size}" for size in "nsmlx"),
    "yolov8n",
    "plain-l",
    "rtdetr-l",
    "rtdetr-x",
)
CLASSES = tuple(f"class {i}" for i in range(80))


def main() -> None:
    """One line for each architecture."""
    for name in NAMES:
        network = networks.build(networks.layout_of(name), CLASSES)
        print(f'    ("{name}", {count(network):_}, {get_flops(network, 640):.1f}),', flush=True)


if __name__ == "__main__":
    main()
