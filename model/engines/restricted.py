"""Reading of files that somebody brought, by torch's restricted reader. Nothing of a file is ever run."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model.engines.types import EngineError

MOST_PICKLE = 64 << 20  # bytes; the description beside the tensors


class Inert:
    """Stands for an object of theirs, and only keeps what hung on it."""

    def __init__(self, *arguments: object) -> None:
        self.parts: dict[str, Any] = {}

    def __setstate__(self, state: object) -> None:
        self.parts = state if isinstance(state, dict) else {}


def description_of(path: Path) -> bytes:
    """The pickle of a file, which may be anything, in bytes to look for names in; empty where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = next((one for one in archive.infolist() if one.filename.endswith("data.pkl")), None)
            return archive.read(inside) if inside is not None and inside.file_size <= MOST_PICKLE else b""
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):  # a broken archive
        return b""


def read_restricted(path: Path, network: str, allowed: tuple[str, ...] = ()) -> Any:
    """What a file holds: tensors, plain values, and `Inert` for objects whose class's name begins as allowed.

    Raises EngineError with a sentence where it names anything else, which the network has no need of.
    """
    try:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(str(path))
    except Exception as error:
        raise EngineError("The file cannot be read as a checkpoint.") from error
    strange = sorted(name for name in names if not name.startswith(allowed))
    if strange:
        raise EngineError(f"The file names {strange[0]}, which a {network} checkpoint has no need of. It was not run.")
    try:
        with torch.serialization.safe_globals([(Inert, name) for name in names]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise EngineError("The file cannot be read as a checkpoint.") from error


def in_float32(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a file. Raises EngineError where there is none."""
    if not tensors:
        raise EngineError("The file holds no weights.")
    return {name: one.detach().float() if one.is_floating_point() else one for name, one in tensors.items()}
