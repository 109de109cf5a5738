"""The processes that share a training: a process's place among them, and what they tell each other.

Each descends the mean of all losses, so a loss that is divided by a count is divided by `per_process` of it: by all
the objects of the step over the number of processes. Alone all of this is what it would be without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from model.engines.types import TrainSettings

STORE = "HALFDAY_RANK_STORE"  # a file through which the processes of one machine find each other
PATIENCE = timedelta(hours=1)  # that the others wait while the first looks at the validation images

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Team:
    """A process's place among those that share a training."""

    rank: int = 0
    size: int = 1
    on_machine: int = 0  # its place among those of this machine
    beside: int = 1  # how many those are

    @property
    def leads(self) -> bool:
        """Whether it keeps the averaged weights, writes checkpoints, looks at validation images and reports."""
        return self.rank == 0


def team() -> Team:
    """This process's; one of its own where it was started alone."""
    if not (dist.is_available() and dist.is_initialized()):
        return Team()
    machine = (int(os.environ.get(name, default)) for name, default in (("LOCAL_RANK", 0), ("LOCAL_WORLD_SIZE", 1)))
    return Team(dist.get_rank(), dist.get_world_size(), *machine)


def on_gpus(settings: TrainSettings) -> bool:
    """Whether such a training computes on GPUs here."""
    return settings.device != "cpu" and torch.cuda.is_available()


def is_member() -> bool:
    """Whether this process was started as one of several, by torchrun's agent or as that would."""
    return "RANK" in os.environ


@contextmanager
def joined(settings: TrainSettings) -> Iterator[None]:
    """Meet the others of whom the environment tells, and part from them once all is done."""
    if on_gpus(settings):
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    store = os.environ.get(STORE)
    dist.init_process_group(
        "nccl" if on_gpus(settings) else "gloo",
        init_method=f"file://{store}" if store else "env://",
        rank=int(os.environ["RANK"]),
        world_size=int(os.environ["WORLD_SIZE"]),
        timeout=PATIENCE,
    )
    yield
    dist.destroy_process_group()


def per_process(count: Tensor) -> Tensor:
    """() the sum over all processes, at least 1, divided by their number. Every process has to ask."""
    if team().size == 1:
        return count.clamp(min=1)
    total = count.detach().clone()
    dist.all_reduce(total)
    return total.clamp(min=1) / team().size


def everybodys(value: Value) -> list[Value]:
    """What each process has, in their order. Every process has to ask."""
    if team().size == 1:
        return [value]
    found: list[Value] = [value] * team().size
    dist.all_gather_object(found, value)
    return found


def the_firsts(value: Value) -> Value:
    """What the first process has. Every process has to ask."""
    return everybodys(value)[0]
