"""The checkpoint file that every engine writes.

A dict of plain values and half-precision tensors that `torch.load(weights_only=True)` reads: opening one never runs
code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from model.engines.catalogue import present_name
from model.engines.types import CheckpointFacts, EngineError

State = dict[str, torch.Tensor]
FORMAT = "halfday-checkpoint-1"
CUSTOM = "custom"
FIRST_ENGINE = "ultralytics"  # of files that name none


@dataclass(slots=True)
class CheckpointHeader:
    """What a checkpoint file holds beside its tensors."""

    architecture: str
    layout: dict[str, Any]  # the engine's description of the layers
    class_names: tuple[str, ...]
    imgsz: int = 0  # pixels it was trained at
    epoch: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    resume: dict[str, Any] | None = None  # optimiser and counters of an unfinished training
    engine: str = FIRST_ENGINE


def write_checkpoint(path: Path, state: State, header: CheckpointHeader) -> None:
    """Write a checkpoint, all or nothing. Raises EngineError where a weight is not finite."""
    state = {k: v.detach().half().contiguous() if v.is_floating_point() else v for k, v in state.items()}
    for name, tensor in state.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise EngineError(f"The network's weights are not finite ({name}). Lower the learning rate.")
    content = {
        "format": FORMAT,
        "engine": header.engine,
        "architecture": header.architecture,
        "layout": header.layout,
        "class_names": list(header.class_names),
        "imgsz": header.imgsz,
        "epoch": header.epoch,
        "settings": header.settings,
        "licence": "AGPL-3.0",
        "state": {k: v.clone(memory_format=torch.contiguous_format) for k, v in state.items()},
        "resume": header.resume,
    }
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    partial.replace(path)


def read_checkpoint(path: Path) -> tuple[State, CheckpointHeader]:
    """The weights in float32, and what stands beside them. Raises EngineError where the file is none of ours."""
    content = _content(path)
    header = CheckpointHeader(
        architecture=present_name(content["architecture"]),
        layout=content["layout"],
        class_names=tuple(content["class_names"]),
        imgsz=content["imgsz"],
        epoch=content["epoch"],
        settings=content["settings"],
        resume=content["resume"],
        engine=content.get("engine", FIRST_ENGINE),
    )
    return {k: v.float() if v.is_floating_point() else v for k, v in content["state"].items()}, header


def is_ours(path: Path) -> bool:
    """The file is a checkpoint in our own format."""
    try:
        _content(path)
    except EngineError:
        return False
    return True


def engine_of_checkpoint(path: Path) -> str:
    """The engine that wrote the file; that of files without a name where it is none of ours, which then says so."""
    try:
        return str(_content(path).get("engine", FIRST_ENGINE))
    except EngineError:
        return FIRST_ENGINE


def facts_of_checkpoint(
    path: Path, header: CheckpointHeader, parameters: int, gflops: float, note: str = ""
) -> CheckpointFacts:
    """What a checkpoint file is."""
    return CheckpointFacts(
        architecture=header.architecture,
        class_names=header.class_names,
        parameters=parameters,
        gflops=round(gflops, 1),
        sha256=sha256(path),
        size=path.stat().st_size,
        imgsz=header.imgsz,
        note=note,
    )


def _content(path: Path) -> dict[str, Any]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise EngineError(f"The weights file {path.name} is not there.") from error
    except Exception as error:
        raise EngineError(f"{path.name} is not a checkpoint of Halfday. Upload it first, which converts it.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise EngineError(f"{path.name} is not a checkpoint of Halfday. Upload it first, which converts it.")
    return content


def sha256(path: Path) -> str:
    """Hexadecimal digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
