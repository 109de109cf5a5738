"""Tensors out of Meituan's checkpoint files. Nothing of a file is ever run.

Such a file is a pickle of the network as an object, under class names of their package. torch's restricted reader
builds tensors and plain values; every class of theirs becomes an `Inert` that only keeps what hung on it. A file that
names anything else is refused. A file of tensors by name alone is read too.
"""

from __future__ import annotations

from pathlib import Path

from torch import Tensor

from model.engines.restricted import Inert, description_of, in_float32, read_restricted
from model.engines.types import EngineError

STAGE = b"ERBlock_2"  # a name that every YOLOv6 of Meituan's has
THEIRS = ("yolov6.", "torch.nn.", "numpy.")  # classes that such a file may name; none of them is built


def is_meituans(path: Path) -> bool:
    """Whether a file, which may be anything, holds a YOLOv6 by their names."""
    return STAGE in description_of(path)


def tensors_of_file(path: Path) -> dict[str, Tensor]:
    """All tensors by their names in the file. Raises EngineError with a sentence where it holds none."""
    content = read_restricted(path, "YOLOv6", THEIRS)
    for name in ("ema", "model"):  # of the two the average is what was published
        if isinstance(content, dict) and content.get(name):
            content = content[name]
            break
    found: dict[str, Tensor] = {}
    if isinstance(content, Inert):
        _gather(content, "", found)
    elif isinstance(content, dict):
        found = {str(name): one for name, one in content.items() if isinstance(one, Tensor)}
    return in_float32(found)


def _gather(module: Inert, prefix: str, into: dict[str, Tensor], depth: int = 0) -> None:
    """The tensors of a module and of those within, as its own state would name them."""
    if depth > 40:
        raise EngineError("The file nests its layers without end.")
    for kind in ("_parameters", "_buffers"):
        for name, tensor in (module.parts.get(kind) or {}).items():
            if isinstance(tensor, Tensor):
                into[f"{prefix}{name}"] = tensor
    for name, child in (module.parts.get("_modules") or {}).items():
        if isinstance(child, Inert):
            _gather(child, f"{prefix}{name}.", into, depth + 1)
