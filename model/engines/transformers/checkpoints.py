"""Networks of this engine in checkpoint files, and from one to another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from model.class_names import renamed_names
from model.engines.checkpoint import CheckpointHeader, read_checkpoint, write_checkpoint
from model.engines.class_rows import take_over
from model.engines.measuring import count_parameters
from model.engines.transformers.families import Family
from model.engines.transformers.listing import family_named, family_of_architecture
from model.engines.types import ConversionLimits, EngineError

ENGINE = "transformers"
MOST_CLASSES = 10_000
MOST_PARAMETERS = ConversionLimits().parameters


@dataclass(frozen=True)
class Detector:
    """A network, and what it is one of."""

    module: Any
    family: Family
    size: str  # the architecture's name
    class_names: tuple[str, ...]

    def header(self) -> CheckpointHeader:
        """What its checkpoint says beside the tensors."""
        layout = {"family": self.family.name, "size": self.size}
        return CheckpointHeader(self.size, layout, self.class_names, engine=ENGINE)


def fresh_detector(family: Family, size: str, class_names: tuple[str, ...], most: int = MOST_PARAMETERS) -> Detector:
    """A network with new weights. Raises EngineError where it would be too large, before it takes memory."""
    if not 1 <= len(class_names) <= MOST_CLASSES:
        raise EngineError(f"The network has {len(class_names)} classes; 1 to {MOST_CLASSES} are allowed.")
    count = count_parameters(blueprint(family, size, len(class_names)))
    if count > most:
        raise EngineError(f"The network has {count:,} parameters; {most:,} are allowed.")
    return Detector(family.build(family.sizes[size], len(class_names)), family, size, class_names)


def blueprint(family: Family, size: str, classes: int = 80) -> nn.Module:
    """A network without memory for its numbers."""
    with torch.device("meta"):
        return family.build(family.sizes[size], classes)


def save_detector(path: Path, detector: Detector, header: CheckpointHeader) -> None:
    """Write a checkpoint, all or nothing."""
    write_checkpoint(path, detector.module.state_dict(), header)


def load_detector(path: Path, most: int = MOST_PARAMETERS) -> tuple[Detector, CheckpointHeader]:
    """A network in evaluation mode, float32. Raises EngineError where the file is none of this engine's."""
    state, header = read_checkpoint(path)
    if header.engine != ENGINE:
        raise EngineError(f"{path.name} is a checkpoint of {header.architecture}, which is none of this engine's.")
    family, size = _what_it_says(header)
    detector = fresh_detector(family, size, header.class_names, most)
    try:
        detector.module.load_state_dict(state)
    except RuntimeError as error:
        raise EngineError(f"{path.name} does not fit its own description.") from error
    detector.module.eval()
    return detector, header


def _what_it_says(header: CheckpointHeader) -> tuple[Family, str]:
    """Family and size of a checkpoint: known ones by name, whatever else it may say."""
    family, size = family_named(header.layout.get("family")), header.layout.get("size")
    if family is None or not isinstance(size, str) or size not in family.sizes:
        raise EngineError("The file does not describe a network that this engine knows.")
    return family, size


def detector_to_train(
    architecture: str, weights: Path | None, class_names: tuple[str, ...], renamed: Mapping[str, str] | None = None
) -> Detector:
    """The network to train. Weights keep what fits; the rows of class layers are matched by class name.

    `renamed` are names that classes of the weights have been given since.
    """
    if weights is None:
        return fresh_detector(family_of_architecture(architecture), architecture, class_names)
    _, header = read_checkpoint(weights)
    if architecture not in ("", header.architecture) or header.engine != ENGINE:
        raise EngineError(f"The weights are of {header.architecture}, not of {architecture}.")
    source, _ = load_detector(weights)
    detector = fresh_detector(source.family, source.size, class_names)
    rows = re.compile(source.family.class_rows)
    names = (class_names, renamed_names(source.class_names, renamed or {}))
    take_over(detector.module.state_dict(), source.module.state_dict(), names, lambda name: bool(rows.search(name)))
    return detector
