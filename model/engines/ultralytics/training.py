"""The training loop, top to bottom: network, images, optimiser, epochs, checkpoint."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader
from ultralytics.utils.torch_utils import ModelEMA

from model.class_names import renamed_names
from model.engines.checkpoint import CheckpointHeader, sha256
from model.engines.class_weights import class_weights
from model.engines.descent import learning_rate, optimizer_of, set_rates
from model.engines.device import pick_device, prefers_bfloat16, use_threads
from model.engines.replaying import ReplaySampler, chooses
from model.engines.types import EngineError, EpochReport, Reporter, TrainRequest, TrainResult
from model.engines.ultralytics import networks
from model.engines.ultralytics.ignoring import honour_ignored
from model.engines.ultralytics.images import augmentation, training_images
from model.engines.ultralytics.networks import Network
from model.engines.ultralytics.seeding import seed_all
from model.engines.ultralytics.validation import fast_map
from model.engines.watching import Patience, is_same_training

MAX_GRADIENT = 10.0  # norm to which gradients are clipped


def train(request: TrainRequest, report: Reporter) -> TrainResult:
    """Train, or go on where an interrupted training of the same output folder stopped."""
    if not any(len(image.boxes) for image in request.images):
        raise EngineError("The training images carry no boxes.")
    began = time.monotonic()
    request.output.mkdir(parents=True, exist_ok=True)
    last, best = request.output / "last.pt", request.output / "best.pt"
    run = _Run(request)
    first = run.resume(last) if request.resume and last.exists() else 0
    metrics, epochs = run.last_metrics, first if run.is_finished else request.settings.epochs
    for epoch in range(first, epochs):
        started = time.monotonic()
        metrics = run.epoch(epoch)
        better, enough = run.note_score(metrics), run.patience.is_over(metrics)
        run.save(last, epoch + 1, metrics)
        if better:
            run.save(best, epoch + 1, metrics, final=True)
        report(EpochReport(epoch + 1, request.settings.epochs, metrics, time.monotonic() - started))
        if enough:
            epochs = epoch + 1
            break
    run.save(last, epochs, metrics, final=True)
    if not request.settings.validate or not best.exists():
        run.save(best, epochs, metrics, final=True)
    return TrainResult(best, last, sha256(best), metrics, time.monotonic() - began, first, epochs)


class _Run:
    """The moving parts of one training."""

    def __init__(self, request: TrainRequest) -> None:
        self.request = request
        self.settings = request.settings
        self.best_score = -math.inf
        self.last_metrics: dict[str, float] = {}
        self.is_finished = False
        self.patience = Patience(self.settings)
        seed_all(self.settings.seed)
        use_threads(self.settings.threads)
        self.device = pick_device(self.settings.device)
        self.half = self.settings.half and prefers_bfloat16(self.device)
        self.network, self.layout, self.architecture = _start(request)
        self.network.args = augmentation(self.settings)
        weights = class_weights(request.images, len(request.class_names), self.settings)
        self.network.class_weights = None if weights is None else torch.from_numpy(weights)  # its loss asks for them
        self._freeze()
        self.network.to(self.device, memory_format=torch.channels_last)
        stretched = networks.is_transformer(self.network)
        self.images = training_images(request.images, request.class_names, self.settings, stretched)
        self.loader = self._loader()
        backbone = self.network.model[: len(self.layout["backbone"])] if request.weights else ()
        self.optimizer = optimizer_of(self.network, self.settings, backbone)
        self.average = ModelEMA(self.network, tau=self.settings.ema_tau)
        if any(len(image.ignored) for image in request.images):
            honour_ignored(self.network)
        self.steps = 0  # taken so far

    def _loader(self) -> DataLoader[Any]:
        """Shuffled batches; the last, smaller one is dropped if a single image could upset batch normalisation."""
        self.replay = ReplaySampler(self.request.images, self.settings)
        sampler = self.replay if chooses(self.request.images, self.settings) else None
        count = len(self.replay)
        batch = min(self.settings.batch, count)
        return DataLoader(
            self.images,
            batch_size=batch,
            shuffle=sampler is None,
            sampler=sampler,
            drop_last=count % batch == 1 and count > batch,
            num_workers=self.settings.workers,
            persistent_workers=False,
            pin_memory=self.device.type == "cuda",
            collate_fn=self.images.collate_fn,
            worker_init_fn=_seed_loader,
        )

    def _freeze(self) -> None:
        """Keep the weights of the first layers, and the fixed distribution layer, as they are."""
        fixed = tuple(f"model.{i}." for i in range(self.settings.freeze))
        for name, parameter in self.network.named_parameters():
            parameter.requires_grad = not (name.startswith(fixed) if fixed else False) and ".dfl" not in name

    def epoch(self, epoch: int) -> dict[str, float]:
        """One pass over the images; gives back the mean of each part of the loss."""
        if self.settings.mosaic and epoch == self.settings.epochs - self.settings.close_mosaic:
            self.images.close_mosaic(hyp=augmentation(self.settings))
        self.replay.epoch = epoch
        self.network.train()
        for index, module in enumerate(self.network.model):
            if index < self.settings.freeze:
                module.eval()  # their batch statistics stay as well
        totals: dict[str, float] = {}
        for batch in self.loader:
            set_rates(self.optimizer, self._rate())
            for name, value in self._step(batch, epoch).items():
                totals[name] = totals.get(name, 0.0) + value
        criterion: Any = getattr(self.network, "criterion", None)
        if hasattr(criterion, "update"):
            criterion.update()
        metrics = {name: total / len(self.loader) for name, total in totals.items()}
        return {**metrics, "lr": self._rate(), **self._validate()}

    def _validate(self) -> dict[str, float]:
        if not self.settings.validate or not self.request.validation:
            return {}
        return fast_map(self.average.ema, self.request.validation, self.settings, self.device)

    def _step(self, batch: dict[str, Any], epoch: int) -> dict[str, float]:
        """One optimiser step; gives back the loss by part."""
        batch = {
            k: v.to(self.device, non_blocking=True) if isinstance(v, torch.Tensor) else v for k, v in batch.items()
        }
        batch["img"] = batch["img"].to(memory_format=torch.channels_last).float() / 255
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            loss, parts = self.network(batch)
        loss = loss.sum()
        if not torch.isfinite(loss):
            raise EngineError(f"The loss became infinite in epoch {epoch + 1}. Lower the learning rate.")
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), MAX_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.average.update(self.network)
        self.steps += 1
        return {str(name): float(value) for name, value in parts.items()}

    def _rate(self) -> float:
        return learning_rate(self.settings, self.steps, len(self.loader))

    def note_score(self, metrics: dict[str, float]) -> bool:
        """True where the fast mAP is the best so far."""
        score = metrics.get("mAP")
        if score is None or score <= self.best_score:
            return False
        self.best_score = score
        return True

    def save(self, path: Any, epoch: int, metrics: dict[str, float], final: bool = False) -> None:
        """Write the averaged weights; unless final, with what a resume needs."""
        facts = CheckpointHeader(
            self.architecture, self.layout, self.request.class_names, self.settings.imgsz, epoch, asdict(self.settings)
        )
        if not final:
            facts.resume = {
                "network": {k: v.detach().cpu() for k, v in self.network.state_dict().items()},
                "average": {k: v.detach().cpu() for k, v in self.average.ema.state_dict().items()},
                "updates": self.average.updates,
                "optimizer": self.optimizer.state_dict(),
                "steps": self.steps,
                "best_score": self.best_score,
                "patience": self.patience.state(),
                "metrics": metrics,
                "random": torch.get_rng_state(),
            }
        networks.save(path, self.average.ema, facts)

    def resume(self, last: Any) -> int:
        """Take over from last.pt; gives back the number of epochs already done (0: it was of another training)."""
        network, facts = networks.load(last)
        if facts.class_names != self.request.class_names or not is_same_training(facts.settings, asdict(self.settings)):
            return 0
        if facts.resume is None:  # finished; only the answer was lost
            self.is_finished = True
            self.average.ema.load_state_dict(network.state_dict())
            return facts.epoch
        self.network.load_state_dict(facts.resume["network"])
        self.average.ema.load_state_dict(facts.resume["average"])
        self.average.updates = facts.resume["updates"]
        self.optimizer.load_state_dict(facts.resume["optimizer"])
        self.steps, self.best_score = facts.epoch * len(self.loader), facts.resume["best_score"]
        self.last_metrics = facts.resume["metrics"]
        self.patience.go_on(facts.resume.get("patience"))
        seed_all(self.settings.seed + facts.epoch)
        torch.set_rng_state(facts.resume["random"])
        if self.settings.mosaic and facts.epoch > self.settings.epochs - self.settings.close_mosaic:
            self.images.close_mosaic(hyp=augmentation(self.settings))
        return facts.epoch


def _start(request: TrainRequest) -> tuple[Network, dict[str, Any], str]:
    """The network to train, its layout and its name. Weights keep what fits; a class head is matched by class name."""
    if request.weights is None:
        layout = networks.layout_of(request.architecture)
        return networks.build(layout, request.class_names), layout, request.architecture
    source, facts = networks.load(request.weights)
    if request.architecture not in ("", facts.architecture):
        raise EngineError(f"The weights are of {facts.architecture}, not of {request.architecture}.")
    source.names = dict(enumerate(renamed_names(facts.class_names, request.renamed)))
    network = networks.build(facts.layout, request.class_names)
    network.load(source, verbose=False)
    return network, facts.layout, facts.architecture


def _seed_loader(worker: int) -> None:
    """Each loading process draws its own augmentation."""
    seed_all(torch.initial_seed() % 2**32)
