"""Networks, and the checkpoint files that hold them.

Files in ultralytics' own format are converted once, at upload, by its restricted loader.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import torch
from ultralytics.cfg import get_cfg
from ultralytics.nn.modules.head import RTDETRDecoder
from ultralytics.nn.tasks import DetectionModel, RTDETRDetectionModel, load_checkpoint, parse_model, yaml_model_load

from model.engines.catalogue import present_name
from model.engines.checkpoint import CUSTOM, CheckpointHeader, read_checkpoint, write_checkpoint
from model.engines.types import ConversionLimits, EngineError
from model.engines.ultralytics.layers import check_layout

Network = Any  # a torch module with the attributes that ultralytics hangs on it, which its type does not know
MOST_PARAMETERS = ConversionLimits().parameters
LARGEST_SIDE = 8192  # pixels that somebody may have trained at
OWN_LAYOUTS = Path(__file__).parent / "layouts"
THEIR_NAMES = {"plain-l": "yolov6l"}  # of layer descriptions that we call otherwise


def layout_of(architecture: str) -> dict[str, Any]:
    """The layer description of a known architecture."""
    own = OWN_LAYOUTS / f"{architecture}.yaml"
    layout: dict[str, Any] = yaml_model_load(
        str(own) if own.exists() else f"{THEIR_NAMES.get(architecture, architecture)}.yaml"
    )
    layout["yaml_file"] = f"{architecture}.yaml"
    return layout


def build(layout: dict[str, Any], class_names: tuple[str, ...], most: int = MOST_PARAMETERS) -> Network:
    """A network with fresh weights and one output per class.

    Raises EngineError where the layout names a layer or an argument that is not allowed, or more than `most`
    parameters, before any of them takes memory.
    """
    check_layout(layout, len(class_names))
    layout = copy.deepcopy(layout)
    _check_size(layout, len(class_names), most)
    head = layout["head"][-1][2]
    kind: Any = RTDETRDetectionModel if head == RTDETRDecoder.__name__ else DetectionModel
    network: Network = kind(layout, nc=len(class_names), ch=3, verbose=False)
    network.names = dict(enumerate(class_names))
    network.nc = len(class_names)
    network.args = get_cfg()
    network.model[-1].register_forward_pre_hook(_in_float32)
    return network


def _check_size(layout: dict[str, Any], classes: int, most: int) -> None:
    """Count the parameters of the network without giving them memory."""
    with torch.device("meta"):
        layers, _ = parse_model({**copy.deepcopy(layout), "nc": classes}, ch=3, verbose=False)
    count = sum(one.numel() for one in layers.parameters())
    if count > most:
        raise EngineError(f"The network has {count:,} parameters; {most:,} are allowed.")


def _in_float32(head: torch.nn.Module, inputs: tuple[list[torch.Tensor], ...]) -> tuple[Any, ...] | None:
    """From the head on arithmetic is float32, to the end of the autocast block around: decoding, and the loss.

    Its grid and its distances are added up in pixels, of which bfloat16's eight bits of precision know only every
    second one from 256 on.
    """
    features, *others = inputs
    kind = features[0].device.type
    if not torch.is_autocast_enabled(kind):
        return None
    torch.set_autocast_enabled(kind, False)  # leaving the block puts back what was before it
    return [one.float() for one in features], *others


def is_transformer(network: Network) -> bool:
    """RT-DETR: stretched square input, no overlap suppression."""
    return isinstance(network, RTDETRDetectionModel)


def save(path: Path, network: Network, facts: CheckpointHeader) -> None:
    """Write a checkpoint, all or nothing."""
    write_checkpoint(path, network.state_dict(), facts)


def load(path: Path, most: int = MOST_PARAMETERS) -> tuple[Network, CheckpointHeader]:
    """A network in evaluation mode, float32, from a checkpoint of ours."""
    state, facts = read_checkpoint(path)
    network = build(facts.layout, facts.class_names, most)
    _fit_class_branch(network, facts.layout, state)
    network.load_state_dict(state)
    return network.eval(), facts


def _fit_class_branch(network: Network, layout: dict[str, Any], state: dict[str, torch.Tensor]) -> None:
    """Give the head's class branch the width that the checkpoint has.

    It follows the number of classes, and a network that goes on from one of more classes keeps that one's: YOLOv8n of
    80 classes has 80 channels there, and so have its descendants of five, where a fresh one of five has 64.
    """
    here = network.state_dict()
    for name, tensor in state.items():
        if name.endswith("cv3.0.2.weight") and tensor.shape[1] != here[name].shape[1]:
            wider = build(layout, tuple(map(str, range(tensor.shape[1]))))
            network.load(wider, verbose=False)
            return


def read_foreign(path: Path, most: int = MOST_PARAMETERS) -> tuple[Network, CheckpointHeader]:
    """A network from a file in ultralytics' format, read by its restricted loader and rebuilt layer by layer."""
    try:
        loaded: tuple[Network, dict[str, Any]] = load_checkpoint(path)
        network, content = loaded
    except Exception as error:
        said = _first_line(error).replace(str(path), "the file")
        raise EngineError(f"The file cannot be read as an ultralytics checkpoint: {said}") from error
    if not _detects(network):
        raise EngineError(
            f"The file is not a detection network but one for {getattr(network, 'task', 'another task')}."
        )
    names = network.names.values() if isinstance(network.names, dict) else network.names
    layout = copy.deepcopy(network.yaml)
    stem = Path(str(layout.get("yaml_file", ""))).stem
    layout.pop("ch", None), layout.pop("channels", None)
    facts = CheckpointHeader(
        present_name(stem) or CUSTOM, layout, tuple(str(n)[:200] for n in names), _trained_at(content.get("train_args"))
    )
    fresh = build(layout, facts.class_names, most)
    try:
        fresh.load_state_dict(network.state_dict())
    except RuntimeError as error:
        raise EngineError(f"The file does not fit its own layer description: {_first_line(error)}") from error
    return fresh.eval(), facts


def _trained_at(settings: object) -> int:
    """Pixels, where the file says a number that may be meant."""
    said = settings.get("imgsz") if isinstance(settings, dict) else None
    return said if type(said) is int and 0 < said <= LARGEST_SIDE else 0


def _detects(network: Network) -> bool:
    return isinstance(network, DetectionModel) and getattr(network, "task", "detect") == "detect"


def _first_line(error: Exception) -> str:
    """What the library says, without its marks ("ERROR ❌") and what a deeper library told it at length."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    plain = re.sub(r"^(ERROR|WARNING)[^\w/]+", "", line)
    return re.sub(r" \(\w+Error: .*", ".", plain)[:300]
