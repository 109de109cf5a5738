"""Forms in ONNX, by ONNX Runtime. The one file that imports it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.serving.facts import FormFacts, FormUnreadable, facts_of_texts


class OnnxNetwork:
    """A network of an ONNX file: pixels (B, H, W, 3) uint8 RGB to its raw output."""

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3  # errors alone
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # of several kinds, which its compiled part makes
            raise FormUnreadable(f"{path.name} cannot be read as ONNX.") from error
        self._input = np.zeros((0, 3, 0, 0), np.float32)

    @property
    def facts(self) -> FormFacts:
        return facts_of_texts(self._session.get_modelmeta().custom_metadata_map)

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        count, height, width, _ = pixels.shape
        if self._input.shape != (count, 3, height, width):
            self._input = np.empty((count, 3, height, width), np.float32)
        np.divide(pixels.transpose(0, 3, 1, 2), np.float32(255), out=self._input)
        answer: list[Any] = self._session.run(None, {self._session.get_inputs()[0].name: self._input})
        output: NDArray[np.float32] = answer[0]
        return output
