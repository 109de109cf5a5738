"""Which device to use, and whether bfloat16 is faster there."""

from __future__ import annotations

import torch

from model.engines.types import EngineError


def pick_device(name: str, place: int = 0) -> torch.device:
    """`auto` (the GPU of this place, where there are any), `cpu`, or the number of a GPU."""
    if name == "auto":
        return torch.device(f"cuda:{place}" if torch.cuda.is_available() else "cpu")
    if name == "cpu":
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise EngineError(f"The device {name} was asked for, but this machine has no usable GPU.")
    return torch.device(f"cuda:{int(name)}")


def use_threads(count: int) -> None:
    """Set the number of CPU threads of a forward or backward pass; 0 leaves what the process was started with."""
    if count:
        torch.set_num_threads(count)


def prefers_bfloat16(device: torch.device) -> bool:
    """The device computes bfloat16 natively: about twice the speed, and its range needs no loss scaling."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", None)  # private, hence asked for with care
    return bool(probe and probe())
