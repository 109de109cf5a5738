"""YOLOv6 networks in checkpoint files, and from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from model.class_names import renamed_names
from model.engines.checkpoint import CheckpointHeader, read_checkpoint, write_checkpoint
from model.engines.class_rows import take_over
from model.engines.measuring import count_parameters
from model.engines.types import ConversionLimits, EngineError
from model.engines.yolov6.measure import blueprint
from model.engines.yolov6.network import YoloV6
from model.engines.yolov6.sizes import SIZES, Size, layout_of_size, size_of_layout

ENGINE = "yolov6"
MOST_CLASSES = 10_000
MOST_PARAMETERS = ConversionLimits().parameters
CLASS_LAYER = "head.cls_preds."


def fresh_network(size: Size, class_names: tuple[str, ...], most: int = MOST_PARAMETERS) -> YoloV6:
    """A network with new weights. Raises EngineError where it would be too large, before it takes memory."""
    if not 1 <= len(class_names) <= MOST_CLASSES:
        raise EngineError(f"The network has {len(class_names)} classes; 1 to {MOST_CLASSES} are allowed.")
    count = count_parameters(blueprint(size, class_names))
    if count > most:
        raise EngineError(f"The network has {count:,} parameters; {most:,} are allowed.")
    return YoloV6(size, class_names)


def header_of_network(network: YoloV6, architecture: str) -> CheckpointHeader:
    """What its checkpoint says beside the tensors."""
    return CheckpointHeader(architecture, layout_of_size(network.size), network.class_names, engine=ENGINE)


def save_network(path: Path, network: YoloV6, header: CheckpointHeader) -> None:
    """Write a checkpoint, all or nothing."""
    write_checkpoint(path, network.state_dict(), header)


def load_network(path: Path, most: int = MOST_PARAMETERS) -> tuple[YoloV6, CheckpointHeader]:
    """A network in evaluation mode, float32. Raises EngineError where the file is none of this engine's."""
    state, header = read_checkpoint(path)
    if header.engine != ENGINE:
        raise EngineError(f"{path.name} is a checkpoint of {header.architecture}, which is no YOLOv6.")
    network = fresh_network(size_of_layout(header.layout), header.class_names, most)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise EngineError(f"{path.name} does not fit its own description.") from error
    return network.eval(), header


def network_to_train(
    architecture: str, weights: Path | None, class_names: tuple[str, ...], renamed: Mapping[str, str] | None = None
) -> tuple[YoloV6, str]:
    """The network and its name. Weights keep what fits; the rows of the class layer are matched by class name.

    `renamed` are names that classes of the weights have been given since.
    """
    if weights is None:
        return fresh_network(SIZES[architecture], class_names), architecture
    source_state, header = read_checkpoint(weights)
    if architecture not in ("", header.architecture) or header.engine != ENGINE:
        raise EngineError(f"The weights are of {header.architecture}, not of {architecture}.")
    known = tuple(renamed_names(header.class_names, renamed or {}))
    source = fresh_network(size_of_layout(header.layout), known)
    source.load_state_dict(source_state)
    network = fresh_network(source.size, class_names)
    names = (network.class_names, source.class_names)
    take_over(network.state_dict(), source.state_dict(), names, lambda name: name.startswith(CLASS_LAYER))
    return network, header.architecture
