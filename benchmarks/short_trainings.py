"""Many short trainings of one network on parts of the same images, as cheap as they can be made on a CPU core.

The first layers keep their weights, so what they give is computed once for each image, as it is and in a few draws of
the augmentation, and kept in bfloat16; a training runs the layers above on what was kept. Network, loss and the way in
which predictions are read are the engine's own; optimiser, schedule and averaged weights are as in its training.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from demo.plant import ImageLabels
from model.engines import fitting
from model.engines.descent import optimizer_of, set_rates
from model.engines.types import LabelledImage, PredictSettings, TrainSettings
from model.engines.ultralytics import networks, prediction, training
from model.engines.ultralytics.images import augmentation, training_images
from model.engines.ultralytics.seeding import seed_all
from science.evaluation.types import Detections

TOGETHER = 32  # images whose features are computed in one pass
AVERAGED_OVER = 200.0  # steps, as `ema_tau` in the engine

Ints = NDArray[np.int64]
Features = dict[int, torch.Tensor]  # layer -> (N, channels, height, width), bfloat16
State = dict[str, torch.Tensor]


@dataclass(frozen=True, eq=False)
class AugmentedOnce:
    """All images once: what the first layers give, and where the boxes are."""

    features: Features
    boxes: list[torch.Tensor]  # (K, 4) each: centre, width, height as parts of the image
    classes: list[torch.Tensor]  # (K, 1) each


class ShortTrainings:
    """Images of one size, of which any may be learnt from, or predicted."""

    def __init__(
        self,
        weights: Path,
        paths: Sequence[Path],
        labels: Sequence[ImageLabels],
        names: tuple[str, ...],
        settings: TrainSettings,
        draws: int,
        kept: Path,
    ) -> None:
        self.settings, self.names, self.paths = settings, names, list(paths)
        self.network = self._start(weights)
        self.first = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.fitted = [fitting.fit(path, settings.imgsz, stretched=False) for path in paths]
        if len({one.pixels.shape for one in self.fitted}) > 1:
            raise SystemExit("These images have different shapes; short trainings want one.")
        if not kept.exists():
            torch.save(self._computed(labels, draws), kept.with_suffix(".partial"))
            kept.with_suffix(".partial").replace(kept)
        self.plain, *drawn = torch.load(kept)
        self.draws = [AugmentedOnce(*one) for one in drawn]

    def _computed(self, labels: Sequence[ImageLabels], draws: int) -> list[Any]:
        """The features of the images as they are, then draws of them with their labels."""
        plain = self._features(lambda rows: np.stack([self.fitted[i].pixels[..., ::-1] for i in rows]))
        samples = [
            LabelledImage(path, one.width, one.height, one.boxes, one.classes.astype(np.int32))
            for path, one in zip(self.paths, labels, strict=True)
        ]
        return [plain, *(self._draw(tuple(samples), seed) for seed in range(draws))]

    def _start(self, weights: Path) -> Any:
        source, facts = networks.load(weights)
        network = networks.build(facts.layout, self.names)
        network.load(source, verbose=False)
        network.args = augmentation(self.settings)
        frozen = tuple(f"model.{i}." for i in range(self.settings.freeze))
        for name, parameter in network.named_parameters():
            parameter.requires_grad = not name.startswith(frozen) and ".dfl" not in name
        return network.to(memory_format=torch.channels_last)

    def _features(self, pixels: Any) -> Features:
        """What the first layers say of all images; `pixels` gives some of them, (N, H, W, 3) RGB."""
        self.network.eval()
        parts: dict[int, list[torch.Tensor]] = {}
        for start in range(0, len(self.paths), TOGETHER):
            rows = range(start, min(start + TOGETHER, len(self.paths)))
            x = torch.from_numpy(pixels(rows)).permute(0, 3, 1, 2).float() / 255
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                kept = self._run(x.contiguous(memory_format=torch.channels_last), {}, 0, self.settings.freeze)
            for layer, values in kept.items():
                parts.setdefault(layer, []).append(values.to(torch.bfloat16))
        return {layer: torch.cat(values) for layer, values in parts.items()}

    def _run(self, x: Any, kept: Features, first: int, last: int) -> Any:
        """Run layers first … last - 1; give back all that later layers read, or the head's output."""
        there: dict[int, Any] = dict(kept)
        for module in self.network.model[first:last]:
            if module.f != -1:
                x = there[module.f] if isinstance(module.f, int) else [x if j == -1 else there[j] for j in module.f]
            x = module(x)
            if module.i in self.network.save or module.i == last - 1:
                there[module.i] = x
        return x if last == len(self.network.model) else there

    def _above(self, features: Features) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            first = self.settings.freeze
            return self._run(features[first - 1], features, first, len(self.network.model))

    def _draw(self, samples: tuple[LabelledImage, ...], seed: int) -> tuple[Any, ...]:
        """Augment each image once."""
        seed_all(seed)
        dataset = training_images(samples, self.names, self.settings, stretched=False)
        by_path = {one["im_file"]: one for one in (dataset[i] for i in range(len(samples)))}
        drawn = [by_path[str(path)] for path in self.paths]
        features = self._features(lambda rows: np.stack([drawn[i]["img"].permute(1, 2, 0).numpy() for i in rows]))
        return features, [one["bboxes"] for one in drawn], [one["cls"] for one in drawn]

    def train(self, rows: Ints, *, images_seen: int, seed: int, start: State | None = None) -> State:
        """Learn these images until so many were seen, from the weights given or those of the beginning."""
        settings, batch = self.settings, self.settings.batch
        self.network.load_state_dict(start or self.first)
        torch.manual_seed(seed)
        self.network.train()
        for module in self.network.model[: settings.freeze]:
            module.eval()
        criterion, optimizer = self.network.init_criterion(), optimizer_of(self.network, settings)
        present = self.network.state_dict()  # shares memory with what is trained
        average = {name: value.clone() for name, value in present.items()}
        steps = max(1, round(images_seen / batch))
        for step, taken in enumerate(batches(np.sort(rows), batch, steps, seed)):
            set_rates(optimizer, rate(step, steps, settings))
            draw = self.draws[step % len(self.draws)]
            loss, _ = criterion(self._above({k: v[taken] for k, v in draw.features.items()}), labels_of(draw, taken))
            loss.sum().backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), training.MAX_GRADIENT)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            follow(average, present, step + 1)
        return average

    @torch.inference_mode()
    def predict(self, state: State, rows: Ints, conf: float = 0.001) -> Detections:
        """Boxes in pixels on these images; `image_index` points into `rows`."""
        self.network.load_state_dict(state)
        self.network.eval()
        settings, found = PredictSettings(imgsz=self.settings.imgsz, conf=conf), []
        height, width = self.fitted[0].pixels.shape[:2]
        for start in range(0, len(rows), TOGETHER):
            few = rows[start : start + TOGETHER]
            output = self._above({layer: values[few] for layer, values in self.plain.items()})
            for place, raw in enumerate((output[0] if isinstance(output, (tuple, list)) else output).float()):
                boxes = prediction._boxes(raw, self.network, settings, (width, height))
                found.append(fitting.rows_in_image(start + place, self.fitted[few[place]], *boxes))
        table = np.concatenate(found)
        return Detections.of(
            image_index=table[:, 0].astype(np.int64),
            class_index=table[:, 1].astype(np.int64),
            boxes=table[:, 2:6],
            scores=table[:, 6],
        )


def batches(rows: Ints, batch: int, steps: int, seed: int) -> list[Ints]:
    """So many batches, every image once before one comes again."""
    random, queue = np.random.default_rng(seed), np.zeros(0, np.int64)
    while len(queue) < steps * batch:
        queue = np.concatenate([queue, random.permutation(rows)])
    return np.split(queue[: steps * batch], steps)


def rate(step: int, steps: int, settings: TrainSettings) -> float:
    """A rise over a tenth of the steps, then half a cosine down."""
    warm = steps / 10
    if step < warm:
        return settings.lr0 * (step + 1) / (warm + 1)
    fall = (1 + math.cos(math.pi * (step - warm) / max(1.0, steps - warm))) / 2
    return settings.lr0 * (settings.lrf + (1 - settings.lrf) * fall)


def labels_of(drawn: AugmentedOnce, rows: Ints) -> dict[str, torch.Tensor]:
    """A batch's labels as the loss wants them."""
    counts = torch.tensor([len(drawn.boxes[i]) for i in rows])
    return {
        "batch_idx": torch.repeat_interleave(torch.arange(len(rows)), counts).float(),
        "cls": torch.cat([drawn.classes[i] for i in rows]),
        "bboxes": torch.cat([drawn.boxes[i] for i in rows]),
    }


@torch.no_grad()
def follow(average: State, present: State, step: int) -> None:
    """Move the averaged weights; the more slowly the more steps were taken."""
    kept = 0.9999 * (1 - math.exp(-step / AVERAGED_OVER))
    moving = [name for name, value in average.items() if value.dtype.is_floating_point]
    torch._foreach_lerp_([average[name] for name in moving], [present[name] for name in moving], 1 - kept)
