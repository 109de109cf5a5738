"""From the names of Meituan's checkpoints to ours, and which of our sizes they fit."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from model.engines.keys import KeyMatch, match_keys
from model.engines.types import EngineError
from model.engines.yolov6.measure import blueprint
from model.engines.yolov6.sizes import SIZES

# Their modules that only wrap one layer: which of them there are hangs on the release that wrote the file.
WRAPPERS = re.compile(r"\.(?:block(?=\.(?:conv|bn)\.)|sppf|cspsppf|upsample_transpose)(?=\.)")
STAGE_PARTS = ("down", "block")
LEVELS = {"p5": 0, "p4": 1, "p3": 2}  # of the neck, inward
OUTWARD = {"n4": 0, "n5": 1, "n6": 2}
RULES: tuple[tuple[str, str], ...] = (
    *((rf"backbone\.ERBlock_{n + 2}\.{i}\.", f"backbone.stages.{n}.{part}.")
      for n in range(5) for i, part in enumerate(STAGE_PARTS)),
    (r"backbone\.ERBlock_6\.2\.", "backbone.pool."),
    *((rf"neck\.reduce_layer{n}\.", f"neck.reduce.{n}.") for n in range(3)),
    *((rf"neck\.Bifusion{n}\.", f"neck.fuse.{n}.") for n in range(3)),
    *((rf"neck\.Rep_{name}\.", f"neck.inward.{n}.") for name, n in LEVELS.items()),
    *((rf"neck\.downsample{2 - n}\.", f"neck.shrink.{n}.") for n in range(3)),
    *((rf"neck\.Rep_{name}\.", f"neck.outward.{n}.") for name, n in OUTWARD.items()),
    (r"detect\.", "head."),
)  # fmt: skip
CONSTANTS = ("head.proj", "head.proj_conv.weight")  # the bins 0 … 16, which they keep as if they were learnt


def our_name(theirs: str) -> str:
    """A parameter's name in our network; their own where no rule speaks of it."""
    name = WRAPPERS.sub("", theirs)
    for pattern, replacement in RULES:
        changed, count = re.subn(f"^{pattern}", replacement, name)
        if count:
            return changed
    return name


def matched_to_size(tensors: dict[str, Tensor]) -> KeyMatch:
    """Find the size that the tensors are of. Raises EngineError where none of them fits whole."""
    named = {our_name(name): tensor for name, tensor in tensors.items()}
    _check_constants(named)
    classes = named["head.cls_preds.0.weight"].shape[0] if "head.cls_preds.0.weight" in named else 1
    tries = [_match(name, named, classes) for name in SIZES]
    best = max(tries, key=lambda one: (-len(one.missing), one.matched))
    if best.missing:
        sizes = ", ".join(SIZES)
        raise EngineError(f"The file is no YOLOv6 of four levels ({sizes}); nearest is {best.architecture}: {best}")
    return best


def _match(architecture: str, named: dict[str, Tensor], classes: int) -> KeyMatch:
    wanted = blueprint(SIZES[architecture], tuple(map(str, range(classes)))).state_dict()
    return match_keys(architecture, wanted, named, CONSTANTS)


def _check_constants(named: dict[str, Tensor]) -> None:
    for name in CONSTANTS:
        values = named[name].flatten().float() if name in named else torch.zeros(0)
        if not torch.equal(values, torch.arange(len(values), dtype=torch.float)):
            raise EngineError(f"The file's {name} is not the row of bins 0 … {len(values) - 1}.")
