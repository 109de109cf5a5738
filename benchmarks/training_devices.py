"""How training grows with the number of devices, and whether the loss stays that of one.

    PYTHONPATH=.:platform python benchmarks/training_devices.py --devices 1 2 4 8 [--baseline yolov6s6]
        [--imgsz 640] [--batch 64] [--steps 20] [--workers 8] [--cpu]

Trains three epochs of so many steps on made pictures, with the same batch for all devices together, and prints images
per second (the first epoch is warm-up), how many times one device's that is, the most memory of one device, and the
largest relative difference of a part of the loss from one device's in the first epoch. With --cpu the devices are
processes that share the cores. Fresh weights, SGD, float32 with --cpu.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median

from demo.objects import CLASSES
from model.engines import EpochReport, LabelledImage, TrainRequest, run_in_process
from model.measurements.pictures import draw
from model.services.settings import defaults_for, read_settings

EPOCHS = 3
Images = tuple[LabelledImage, ...]


def trained(folder: Path, images: Images, devices: int, asked: argparse.Namespace) -> list[EpochReport]:
    """The reports of a training by so many devices."""
    given = defaults_for(asked.baseline) | {
        "epochs": EPOCHS, "imgsz": asked.imgsz, "batch": asked.batch, "close_mosaic": 0, "optimizer": "SGD",
        "lr0": 0.01, "workers": asked.workers, "devices": str(devices), "device": "cpu" if asked.cpu else "auto",
        "half": not asked.cpu,
    }  # fmt: skip
    request = TrainRequest(asked.baseline, CLASSES, images, folder / str(devices), read_settings(given))
    reports: list[EpochReport] = []
    run_in_process(request, log=folder / "log", report=reports.append)  # type: ignore[arg-type]
    return reports


def difference(one: EpochReport, other: EpochReport) -> float:
    """The largest relative difference of a part of the loss."""
    names = [name for name in one.metrics if name.endswith("_loss")]
    return max(abs(other.metrics[name] - one.metrics[name]) / abs(one.metrics[name]) for name in names)


def main() -> None:
    """One line for each number of devices."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--baseline", default="yolov6s6")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--workers", type=int, default=0, help="loading processes of each device")
    parser.add_argument("--cpu", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images = draw(folder / "images", asked.steps * asked.batch, asked.imgsz)
        first: tuple[float, EpochReport] | None = None
        print("devices  images/s  times  MiB each  loss differs by")
        for devices in asked.devices:
            reports = trained(folder, images, devices, asked)
            speed = len(images) / median(one.seconds for one in reports[1:])
            first = first or (speed, reports[0])
            memory = max(one.memory for one in reports) >> 20
            apart = difference(first[1], reports[0])
            print(f"{devices:7}  {speed:8.1f}  {speed / first[0]:5.2f}  {memory:8}  {apart:.1e}", flush=True)


if __name__ == "__main__":
    main()
