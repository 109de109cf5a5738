"""A network in some form, and which runtime opens it: by its file's ending."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.serving.facts import FormFacts, FormUnreadable

ENDINGS = (".onnx", ".xml")


class FormNetwork(Protocol):
    """Pixels (B, H, W, 3) uint8 RGB to a raw output, of which the facts say what it is."""

    @property
    def facts(self) -> FormFacts: ...

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]: ...


def open_network(place: Path, threads: int) -> FormNetwork:
    """The network of a file, or of the one in a folder. Raises FormUnreadable."""
    path = _file_of_form(place)
    if path.suffix == ".onnx":
        from model.serving.onnx import OnnxNetwork

        return OnnxNetwork(path, threads)
    from model.serving.openvino import OpenVinoNetwork

    return OpenVinoNetwork(path, threads)


def _file_of_form(place: Path) -> Path:
    if place.is_file() and place.suffix in ENDINGS:
        return place
    found = sorted(path for path in place.glob("*") if path.suffix in ENDINGS) if place.is_dir() else []
    if len(found) != 1:
        raise FormUnreadable(f"{place.name} is no exported form: there should be one file {' or '.join(ENDINGS)}.")
    return found[0]
