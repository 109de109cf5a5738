"""What bfloat16 costs and brings: figures and speed of predicting and of a step of training, in three ways.

    PYTHONPATH=.:platform python benchmarks/half_precision.py [--images 100] [--speed NAME…]

"body" is what we do where the device is faster with bfloat16: the layers in bfloat16, from the head on float32
(model/engines/ultralytics/networks.py). "all" has the head, its decoding and the loss in bfloat16 as well, as torch's
autocast around the whole network gives it. Figures: the shipped weights on generated scenes, all classes as one.
Speed: CPU seconds of one thread, fresh weights.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from PIL import Image

from demo.scenes import Scene, scenes
from model.engines.types import PredictSettings
from model.engines.ultralytics import networks, prediction
from model.engines.ultralytics.networks import Network
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

WAYS = ("float32", "body", "all")
CPU = torch.device("cpu")
REPEATS = 5
BASE = Path(__file__).resolve().parents[1] / "model" / "weights" / "road11t.pt"


@contextmanager
def way_of(network: Network, way: str) -> Iterator[None]:
    """Predict and train one way, whatever the machine prefers."""
    hooks = dict(network.model[-1]._forward_pre_hooks)
    if way == "all":
        network.model[-1]._forward_pre_hooks.clear()
    with mock.patch.object(prediction, "prefers_bfloat16", return_value=way != "float32"):
        yield
    network.model[-1]._forward_pre_hooks.update(hooks)


def figures(folder: Path, drawn: list[Scene], imgsz: int) -> None:
    """AP of the shipped weights, and what share of box centres beyond 256 px lies on whole pixels of the input."""
    paths = []
    for number, scene in enumerate(drawn):
        paths.append(folder / f"{number}.png")
        Image.fromarray(scene.pixels).save(paths[-1])
    truth = GroundTruth.of(
        image_ids=np.arange(len(drawn)),
        image_index=np.repeat(np.arange(len(drawn)), [len(scene.boxes) for scene in drawn]),
        class_index=np.zeros(sum(len(scene.boxes) for scene in drawn)),
        boxes=np.concatenate([scene.boxes for scene in drawn]).astype(np.float32),
    )
    for way in WAYS:
        network, _ = networks.load(BASE)
        with way_of(network, way):
            index, classes, boxes, scores = prediction.run(
                network, paths, PredictSettings(imgsz=imgsz, conf=0.001, threads=1), CPU
            )
        found = Detections.of(image_index=index, class_index=classes, boxes=boxes, scores=scores)
        got = accumulate(match(truth, found, classes=1)).figures()
        print(f"{imgsz:5} px {way:8} AP {got['AP']:.4f}  small {got['APs']:.4f}", flush=True)


def cpu_seconds(call: Callable[[], object]) -> float:
    """The least of several, as the machine may have other things to do."""
    call()
    taken = []
    for _ in range(REPEATS):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return min(taken)


def speeds(name: str, imgsz: int, batch: int) -> None:
    """Milliseconds an image, predicting and training."""
    network = networks.build(networks.layout_of(name), tuple("abcdefghij"))
    network.to(memory_format=torch.channels_last)
    x = torch.rand(batch, 3, imgsz, imgsz).contiguous(memory_format=torch.channels_last)
    targets = {
        "img": x,
        "batch_idx": torch.arange(batch).repeat_interleave(8).float(),
        "cls": torch.randint(0, 10, (batch * 8, 1)).float(),
        "bboxes": torch.rand(batch * 8, 4) * 0.3 + 0.2,
    }

    def predict() -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=way != "float32"):
            network(x)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=way != "float32"):
            loss, _ = network(targets)
        loss.sum().backward()
        network.zero_grad()

    for way in WAYS:
        with way_of(network, way):
            network.eval()
            predicting = cpu_seconds(predict) / batch
            network.train()
            training = cpu_seconds(step) / batch
        print(
            f"{name:10} {imgsz:4} px  {way:8} predict {1e3 * predicting:7.1f} ms  train {1e3 * training:7.1f} ms",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--sizes", type=int, nargs="*", default=[480, 640])
    parser.add_argument("--speed", nargs="*", default=["road11t", "yolov8n", "yolo11n", "yolo11s"])
    parser.add_argument("--batch", type=int, default=8)
    options = parser.parse_args()
    torch.set_num_threads(1)
    drawn = list(scenes(options.images, 7))
    with tempfile.TemporaryDirectory() as folder:
        for imgsz in options.sizes:
            figures(Path(folder), drawn, imgsz)
    for name in options.speed:
        for imgsz in options.sizes[:1]:
            speeds(name, imgsz, options.batch)


if __name__ == "__main__":
    main()
