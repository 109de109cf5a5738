"""The training loop, top to bottom: network, images, optimiser, epochs, checkpoint. Networks come as a Trainee."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from model.engines.batches import AugmentedBatch, InputLabels, loader_of_epochs
from model.engines.checkpoint import CheckpointHeader, read_checkpoint, sha256, write_checkpoint
from model.engines.descent import AveragedWeights, learning_rate, on_processor, optimizer_of, set_rates
from model.engines.device import pick_device, prefers_bfloat16, use_threads
from model.engines.fitting import Found
from model.engines.memory import most_memory
from model.engines.ranks.dividing import check_shares
from model.engines.ranks.sharing import shared_losses
from model.engines.ranks.team import everybodys, team, the_firsts
from model.engines.replaying import images_per_epoch
from model.engines.types import EngineError, EpochReport, PredictSettings, Reporter, TrainRequest, TrainResult
from model.engines.watching import Patience, fast_figures, is_same_training, watched_images

Losses = dict[str, Tensor]


class Trainee(Protocol):
    """A network about to be trained, and what only its engine knows of it."""

    network: Any  # a module of the engine's own type
    stretched: bool  # its input is a square, whatever the image's shape
    stride: int  # pixels; sides of its input are multiples of it
    max_gradient: float  # norm to which gradients are clipped

    def stages(self) -> list[nn.Module]:
        """The parts that a freeze keeps, first ones first; together they are the backbone."""

    def header(self) -> CheckpointHeader:
        """What a checkpoint says of it beside the tensors."""

    def losses(self, images: Tensor, labels: list[InputLabels], epoch: int, half: bool) -> Losses:
        """The parts of the loss, weighed, of images (B, 3, H, W) RGB 0..1; `epoch` counts from 0."""

    def found(self, network: Any, images: list[Path], settings: PredictSettings, device: torch.device) -> Found:
        """What an averaged copy of the network predicts; the copy is left as it was."""

    def settle(self, steps: int) -> None:
        """Get ready for a training of so many steps."""


Starter = Callable[[TrainRequest], Trainee]


def train_network(request: TrainRequest, report: Reporter, start: Starter) -> TrainResult:
    """Train, or go on where an interrupted training of the same output folder stopped."""
    _check_labels(request)
    began = time.monotonic()
    request.output.mkdir(parents=True, exist_ok=True)
    last, best = request.output / "last.pt", request.output / "best.pt"
    run = TrainingUnderWay(request, start)
    first = run.begin(last)
    metrics, epochs = run.last_metrics, first if run.is_finished else request.settings.epochs
    for epoch in range(first, epochs):
        started = time.monotonic()
        metrics = run.epoch(epoch)
        better, enough = run.note_score(metrics), run.patience.is_over(metrics)
        run.save(last, epoch + 1, metrics)
        if better:
            run.save(best, epoch + 1, metrics, final=True)
        memory, devices = max(everybodys(most_memory())), run.team.size
        report(EpochReport(epoch + 1, epochs, metrics, time.monotonic() - started, memory, devices))
        if enough:
            epochs = epoch + 1
            break
    run.save(last, epochs, metrics, final=True)
    if not request.settings.validate or not best.exists():
        run.save(best, epochs, metrics, final=True)
    digest = the_firsts(sha256(best) if run.team.leads else "")
    return TrainResult(best, last, digest, metrics, time.monotonic() - began, first, epochs)


def _check_labels(request: TrainRequest) -> None:
    """Some networks would train on in silence with a class that is none of theirs."""
    if not any(len(image.boxes) for image in request.images):
        raise EngineError("The training images carry no boxes.")
    for image in request.images:
        strange = image.classes[(image.classes < 0) | (image.classes >= len(request.class_names))]
        if len(strange):
            count = len(request.class_names)
            raise EngineError(f"{image.path.name} has a box of class {strange[0]}; there are {count}, counted from 0.")


def mean_of_parts(totals: list[dict[str, float]], steps: int) -> dict[str, float]:
    """The parts of the loss in the mean of steps and processes; one without objects may lack a part."""
    names = dict.fromkeys(name for one in totals for name in one)
    return {name: sum(one.get(name, 0.0) for one in totals) / len(totals) / steps for name in names}


class TrainingUnderWay:
    """The moving parts of one training. Nothing is drawn but by seed and epoch, so a resume changes nothing."""

    def __init__(self, request: TrainRequest, start: Starter) -> None:
        self.request, self.settings = request, request.settings
        self.best_score, self.steps, self.patience = -math.inf, 0, Patience(self.settings)
        self.last_metrics: dict[str, float] = {}
        self.is_finished = False
        self.team = team()
        torch.manual_seed(self.settings.seed)
        use_threads(-(-self.settings.threads // self.team.beside))
        self.device = pick_device(self.settings.device, self.team.on_machine)
        self.half = self.settings.half and prefers_bfloat16(self.device)
        self.trainee = start(request)
        self.network: Any = self.trainee.network
        stages = self.trainee.stages()
        self.frozen = stages[: self.settings.freeze]
        for part in self.frozen:
            part.requires_grad_(False)
        self.network.to(self.device).to(memory_format=torch.channels_last)
        on_gpu, trainee = self.device.type == "cuda", self.trainee
        self.loader, self.plan = loader_of_epochs(
            request.images, self.settings, on_gpu, trainee.stride, trainee.stretched
        )
        check_shares(self.settings, range(images_per_epoch(request.images, self.settings)), self.team.size)
        self.trainee.settle(self.settings.epochs * len(self.plan))
        slower = stages if request.weights else []
        self.optimizer = optimizer_of(self.network, self.settings, slower)
        self.average = AveragedWeights(self.network, self.settings.ema_tau)
        self.losses: Callable[..., Losses] = self.trainee.losses
        if self.team.size > 1:
            self.losses = shared_losses(self.network, self.trainee.losses)

    def begin(self, last: Path) -> int:
        """Take over from last.pt where it is there and of this training; gives back the epochs already done."""
        done = self.resume(last) if self.request.resume and last.exists() else 0
        if len(set(everybodys(done))) > 1:
            raise EngineError(
                f"Not all processes see {last}: the folder of a shared training must be the same for all."
            )
        return done

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
        metrics = mean_of_parts(everybodys({name: float(total) for name, total in totals.items()}), len(self.plan))
        return {**metrics, "lr": self._rate(), **the_firsts(self._validate())}

    def _step(self, batch: AugmentedBatch, epoch: int) -> Losses:
        """One optimiser step; gives back the loss by part."""
        drawn = self.steps * self.team.size + self.team.rank
        torch.manual_seed((self.settings.seed << 32) + drawn)  # for networks that draw at random
        set_rates(self.optimizer, self._rate())
        images = batch.images.to(self.device, non_blocking=True)
        images = images.to(memory_format=torch.channels_last).float() / 255
        labels = [InputLabels(*(column.to(self.device, non_blocking=True) for column in one)) for one in batch.labels]
        parts = self.losses(images, labels, epoch, self.half)
        loss = torch.stack(list(parts.values())).sum()
        if not torch.isfinite(loss):
            raise EngineError(f"The loss became infinite in epoch {epoch + 1}. Lower the learning rate.")
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), self.trainee.max_gradient)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.team.leads:
            self.average.follow(self.network)
        self.steps += 1
        return {name: value.detach() for name, value in parts.items()}

    def _rate(self) -> float:
        return learning_rate(self.settings, self.steps, len(self.plan))

    def _validate(self) -> dict[str, float]:
        images = watched_images(self.request.validation, self.settings)
        if not (self.settings.validate and images and self.team.leads):
            return {}
        s = self.settings
        options = PredictSettings(imgsz=s.imgsz, batch=max(16, s.batch), half=s.half)
        found = self.trainee.found(self.average.network, [one.path for one in images], options, self.device)
        return fast_figures(found, images)

    def note_score(self, metrics: dict[str, float]) -> bool:
        """True where the fast mAP is the best so far."""
        score = metrics.get("mAP")
        if score is None or score <= self.best_score:
            return False
        self.best_score = score
        return True

    def save(self, path: Path, epoch: int, metrics: dict[str, float], final: bool = False) -> None:
        """Write the averaged weights; unless final, with what a resume needs. One process does it for all."""
        if not self.team.leads:
            return
        header = self.trainee.header()
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
        write_checkpoint(path, self.average.network.state_dict(), header)

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
        self.steps, self.best_score = header.epoch * len(self.plan), header.resume["best_score"]
        self.last_metrics = header.resume["metrics"]
        self.patience.go_on(header.resume.get("patience"))
        return header.epoch
