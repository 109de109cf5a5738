"""The training loop, top to bottom: network, images, optimiser, epochs, checkpoint."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.checkpoint import read_checkpoint, sha256
from model.engines.device import pick_device, prefers_bfloat16, use_threads
from model.engines.types import EngineError, EpochReport, Reporter, TrainRequest, TrainResult
from model.engines.watching import Patience, is_same_training
from model.engines.yolov6.batches import AugmentedBatch, loader_of_epochs
from model.engines.yolov6.checkpoints import header_of_network, network_to_train, save_network
from model.engines.yolov6.descent import AveragedWeights, learning_rate, on_processor, optimizer_of, settle_sooner
from model.engines.yolov6.loss import Gains, InputLabels, loss_of_batch
from model.engines.yolov6.validation import fast_map

MAX_GRADIENT = 10.0  # norm to which gradients are clipped


def train(request: TrainRequest, report: Reporter) -> TrainResult:
    """Train, or go on where an interrupted training of the same output folder stopped."""
    if not any(len(image.boxes) for image in request.images):
        raise EngineError("The training images carry no boxes.")
    began = time.monotonic()
    request.output.mkdir(parents=True, exist_ok=True)
    last, best = request.output / "last.pt", request.output / "best.pt"
    run = TrainingUnderWay(request)
    first = run.resume(last) if request.resume and last.exists() else 0
    metrics, epochs = run.last_metrics, first if run.is_finished else request.settings.epochs
    for epoch in range(first, epochs):
        started = time.monotonic()
        metrics = run.epoch(epoch)
        better, enough = run.note_score(metrics), run.patience.is_over(metrics)
        run.save(last, epoch + 1, metrics)
        if better:
            run.save(best, epoch + 1, metrics, final=True)
        report(EpochReport(epoch + 1, epochs, metrics, time.monotonic() - started))
        if enough:
            epochs = epoch + 1
            break
    run.save(last, epochs, metrics, final=True)
    if not request.settings.validate or not best.exists():
        run.save(best, epochs, metrics, final=True)
    return TrainResult(best, last, sha256(best), metrics, time.monotonic() - began, first, epochs)


class TrainingUnderWay:
    """The moving parts of one training. Nothing is drawn but by seed and epoch, so a resume changes nothing."""

    def __init__(self, request: TrainRequest) -> None:
        self.request, self.settings = request, request.settings
        self.best_score, self.steps, self.patience = -math.inf, 0, Patience(self.settings)
        self.last_metrics: dict[str, float] = {}
        self.is_finished = False
        torch.manual_seed(self.settings.seed)
        use_threads(self.settings.threads)
        self.device = pick_device(self.settings.device)
        self.half = self.settings.half and prefers_bfloat16(self.device)
        self.network, self.architecture = network_to_train(
            request.architecture, request.weights, request.class_names, request.renamed
        )
        backbone = self.network.backbone
        self.frozen: list[nn.Module] = [backbone.stem, *backbone.stages, backbone.pool][: self.settings.freeze]
        for part in self.frozen:
            part.requires_grad_(False)
        self.network.to(self.device).to(memory_format=torch.channels_last)
        self.loader, self.plan = loader_of_epochs(request.images, self.settings, self.device.type == "cuda")
        settle_sooner(self.network, self.settings.epochs * len(self.plan))
        self.optimizer = optimizer_of(self.network, self.settings)
        self.average = AveragedWeights(self.network, self.settings.ema_tau)

    def epoch(self, epoch: int) -> dict[str, float]:
        """One pass over the images; gives back the mean of each part of the loss."""
        self.network.train()
        for part in self.frozen:
            part.eval()  # their batch statistics stay as well
        self.plan.epoch = epoch
        totals: dict[str, Tensor] = {}
        for batch in self.loader:
            for name, value in self._step(batch, epoch).items():
                totals[name] = totals.get(name, torch.zeros((), device=self.device)) + value
        metrics = {name: float(total) / len(self.plan) for name, total in totals.items()}
        return {**metrics, "lr": self._rate(), **self._validate()}

    def _step(self, batch: AugmentedBatch, epoch: int) -> dict[str, Tensor]:
        """One optimiser step; gives back the loss by part."""
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        images = batch.images.to(self.device, non_blocking=True)
        images = images.to(memory_format=torch.channels_last).float() / 255
        labels = [InputLabels(*(column.to(self.device, non_blocking=True) for column in one)) for one in batch.labels]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            raw = self.network(images)
        gains = Gains(self.settings.box_gain, self.settings.cls_gain)
        loss, parts = loss_of_batch(raw, labels, self.network.size, gains, epoch)
        if not torch.isfinite(loss):
            raise EngineError(f"The loss became infinite in epoch {epoch + 1}. Lower the learning rate.")
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), MAX_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.average.follow(self.network)
        self.steps += 1
        return {name: value.detach() for name, value in parts.items()}

    def _rate(self) -> float:
        return learning_rate(self.settings, self.steps, len(self.plan))

    def _validate(self) -> dict[str, float]:
        if not self.settings.validate or not self.request.validation:
            return {}
        return fast_map(self.average.network, self.request.validation, self.settings, self.device)

    def note_score(self, metrics: dict[str, float]) -> bool:
        """True where the fast mAP is the best so far."""
        score = metrics.get("mAP")
        if score is None or score <= self.best_score:
            return False
        self.best_score = score
        return True

    def save(self, path: Path, epoch: int, metrics: dict[str, float], final: bool = False) -> None:
        """Write the averaged weights; unless final, with what a resume needs."""
        header = header_of_network(self.network, self.architecture)
        header.imgsz, header.epoch, header.settings = self.settings.imgsz, epoch, asdict(self.settings)
        if not final:
            header.resume = {
                "network": on_processor(self.network.state_dict()),
                "average": on_processor(self.average.network.state_dict()),
                "updates": self.average.updates,
                "optimizer": self.optimizer.state_dict(),
                "steps": self.steps,
                "best_score": self.best_score,
                "patience": self.patience.state(),
                "metrics": metrics,
            }
        save_network(path, self.average.network, header)

    def resume(self, last: Path) -> int:
        """Take over from last.pt; gives back the number of epochs already done (0: it was of another training)."""
        state, header = read_checkpoint(last)
        if header.class_names != self.request.class_names or not is_same_training(
            header.settings, asdict(self.settings)
        ):
            return 0
        if header.resume is None:  # finished; only the answer was lost
            self.is_finished = True
            self.average.network.load_state_dict(state)
            return header.epoch
        self.network.load_state_dict(header.resume["network"])
        self.average.network.load_state_dict(header.resume["average"])
        self.average.updates = header.resume["updates"]
        self.optimizer.load_state_dict(header.resume["optimizer"])
        self.steps, self.best_score = header.resume["steps"], header.resume["best_score"]
        self.last_metrics = header.resume["metrics"]
        self.patience.go_on(header.resume.get("patience"))
        return header.epoch
