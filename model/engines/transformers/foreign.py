"""Tensors out of public files of weights: safetensors, and torch files of tensors by name. Nothing of a file is run.

transformers itself is not imported here, so that any file can be looked at.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from model.engines.restricted import Inert, description_of, in_float32, read_restricted
from model.engines.types import EngineError

ATTENTION = b"sampling_offsets"  # part of a name that every network of this engine has
ULTRALYTICS = b"ultralytics"  # whose RT-DETR has it too, as objects of theirs
LONGEST_HEADER = 16 << 20  # bytes
PACKED = "in_proj_"  # queries, keys and values of an attention in one tensor
SPLIT = ("q_proj", "k_proj", "v_proj")
SETTINGS = ("argparse.Namespace",)  # of a training, which some files carry; not built
INSIDE = (("ema", "module"), ("model",), ("state_dict",))  # where a file of a training keeps the tensors


def is_of_library(path: Path) -> bool:
    """Whether a file, which may be anything, holds tensors by names that a network of this engine has."""
    if zipfile.is_zipfile(path):
        description = description_of(path)
        return ATTENTION in description and ULTRALYTICS not in description
    return bool(_header(path))


def _header(path: Path) -> dict[str, object]:
    """The table at the beginning of a safetensors file; empty where it is none."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= LONGEST_HEADER:
            return {}
        try:
            table = json.loads(file.read(length))
        except ValueError:
            return {}
    return table if isinstance(table, dict) else {}


class PublicFile(NamedTuple):
    """What a file holds that is of use."""

    tensors: dict[str, Tensor]  # by their names in the file
    class_names: tuple[str, ...]  # in the order of the rows; none where it does not say


def public_file(path: Path) -> PublicFile:
    """A file's tensors and classes. Raises EngineError with a sentence where it holds no tensors."""
    if not zipfile.is_zipfile(path):
        return PublicFile(unpacked(in_float32(_safe(path))), ())
    content = read_restricted(path, "transformers", SETTINGS)
    return PublicFile(unpacked(in_float32(_tensors_inside(content))), _class_names_inside(content))


def _safe(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise EngineError("The file cannot be read as safetensors: it is cut off or damaged.") from error


def _tensors_inside(content: Any) -> dict[str, Tensor]:
    for way in INSIDE:
        inside = content
        for name in way:
            inside = inside.get(name) if isinstance(inside, dict) else None
        if isinstance(inside, dict):
            content = inside
            break
    tensors = content if isinstance(content, dict) else {}
    return {str(name): one for name, one in tensors.items() if isinstance(one, Tensor)}


def _class_names_inside(content: Any) -> tuple[str, ...]:
    """Of the settings of a training, as RF-DETR's package keeps them: a table, or an object of its own before."""
    settings = content.get("args") if isinstance(content, dict) else None
    settings = settings.parts if isinstance(settings, Inert) else settings
    names = settings.get("class_names") if isinstance(settings, dict) else None
    if not isinstance(names, list) or not all(isinstance(one, str) and one.strip() for one in names):
        return ()
    return tuple(names) if len(set(names)) == len(names) else ()


def unpacked(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Packed projections of attentions as three."""
    found: dict[str, Tensor] = {}
    for name, one in tensors.items():
        before, packed, kind = name.partition(PACKED)
        if packed and len(one) % len(SPLIT) == 0:
            found |= {f"{before}{part}.{kind}": some for part, some in zip(SPLIT, one.chunk(3), strict=True)}
        else:
            found[name] = one
    return found
