"""Tensors out of Meituan's checkpoint files. Nothing of a file is ever run.

Such a file is a pickle of the network as an object, under class names of their package. torch's restricted reader
builds tensors and plain values; every class of theirs becomes an `Inert` that only keeps what hung on it. A file that
names anything else is refused. A file of tensors by name alone is read too.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model.engines.types import EngineError

STAGE = b"ERBlock_2"  # a name that every YOLOv6 of Meituan's has
MOST_PICKLE = 64 << 20  # bytes; the description beside the tensors
THEIRS = ("yolov6.", "torch.nn.", "numpy.")  # classes that such a file may name; none of them is built


class Inert:
    """Stands for an object of theirs."""

    def __init__(self, *arguments: object) -> None:
        self.parts: dict[str, Any] = {}

    def __setstate__(self, state: object) -> None:
        self.parts = state if isinstance(state, dict) else {}


def is_meituans(path: Path) -> bool:
    """Whether a file, which may be anything, holds a YOLOv6 by their names."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = next((one for one in archive.infolist() if one.filename.endswith("data.pkl")), None)
            return inside is not None and inside.file_size <= MOST_PICKLE and STAGE in archive.read(inside)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):  # a broken archive
        return False


def tensors_of_file(path: Path) -> dict[str, Tensor]:
    """All tensors by their names in the file. Raises EngineError with a sentence where it holds none."""
    content = _read_restricted(path)
    for name in ("ema", "model"):  # of the two the average is what was published
        if isinstance(content, dict) and content.get(name):
            content = content[name]
            break
    found: dict[str, Tensor] = {}
    if isinstance(content, Inert):
        _gather(content, "", found)
    elif isinstance(content, dict):
        found = {str(name): one for name, one in content.items() if isinstance(one, Tensor)}
    if not found:
        raise EngineError("The file holds no weights.")
    return {name: tensor.detach().float() if tensor.is_floating_point() else tensor for name, tensor in found.items()}


def _read_restricted(path: Path) -> Any:
    try:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(str(path))
    except Exception as error:
        raise EngineError("The file cannot be read as a checkpoint.") from error
    strange = sorted(name for name in names if not name.startswith(THEIRS))
    if strange:
        raise EngineError(f"The file names {strange[0]}, which a YOLOv6 checkpoint has no need of. It was not run.")
    try:
        with torch.serialization.safe_globals([(Inert, name) for name in names]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise EngineError("The file cannot be read as a checkpoint.") from error


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
