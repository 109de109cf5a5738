"""Forms in TorchScript, run by torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.engines.device import use_threads
from model.serving.facts import FormFacts, facts_of_texts

jit: Any = torch.jit  # which has no types


class ScriptNetwork:
    """A network of a .torchscript file: pixels (B, H, W, 3) uint8 RGB to its raw output."""

    def __init__(self, path: Path, threads: int) -> None:
        use_threads(threads)
        extra = {"facts": ""}
        self._script = jit.load(str(path), map_location="cpu", _extra_files=extra)
        self.facts: FormFacts = facts_of_texts(json.loads(extra["facts"]))

    @torch.inference_mode()
    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
        answer: NDArray[np.float32] = self._script(images.contiguous()).numpy()
        return answer
