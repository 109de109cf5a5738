"""Forms in OpenVINO's IR. The one file that imports its runtime."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.serving.facts import FormFacts, FormUnreadable, facts_of_texts, texts_of_facts

ROOM = "halfday"  # in rt_info


class OpenVinoNetwork:
    """A network of an .xml with its .bin: pixels (B, H, W, 3) uint8 RGB to its raw output.

    Its arithmetic is what the form's facts say: OpenVINO would choose bfloat16 by itself where the processor has it,
    which moves single boxes by pixels. Threads are not bound to cores: two such processes would share one core.
    """

    def __init__(self, path: Path, threads: int) -> None:
        import openvino as ov

        try:
            model = ov.Core().read_model(str(path))
            self._facts = facts_of_texts(texts_of_model(model))
            compiled = ov.Core().compile_model(_fed_with_pixels(model), "CPU", _settings(self._facts, threads))
        except RuntimeError as error:
            raise FormUnreadable(f"{path.name} cannot be read as OpenVINO's IR; is its .bin beside it?") from error
        self._request = compiled.create_infer_request()

    @property
    def facts(self) -> FormFacts:
        return self._facts

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        self._request.infer({0: pixels}, share_inputs=True)
        output: NDArray[np.float32] = self._request.get_output_tensor(0).data
        return output


def texts_of_model(model: Any) -> dict[str, str]:
    """Facts as JSON texts, as far as there are any."""
    places = [[ROOM, fact.name] for fact in fields(FormFacts)]
    return {place[1]: model.get_rt_info(place).astype(str) for place in places if model.has_rt_info(place)}


def write_ir(source: Path, destination: Path, facts: FormFacts) -> Path:
    """An .xml with its .bin, weights in float32, from a file in ONNX; the facts in its `rt_info`.

    Raises FormUnreadable where it holds what OpenVINO does not know.
    """
    import openvino as ov

    try:
        model = ov.Core().read_model(str(source))
    except RuntimeError as error:
        raise FormUnreadable("OpenVINO cannot read this network; ONNX and TorchScript can be had of it.") from error
    for name, text in texts_of_facts(facts).items():
        model.set_rt_info(text, [ROOM, name])
    ov.save_model(model, str(destination), compress_to_fp16=False)
    return destination


def _settings(facts: FormFacts, threads: int) -> dict[str, Any]:
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if facts.precision == "bf16" else "f32",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
        "PERFORMANCE_HINT": "LATENCY",
    }


def _fed_with_pixels(model: Any) -> Any:
    """The model with the way from bytes to 0..1 in front of it, which it then does as it reads them."""
    import openvino as ov

    steps = ov.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().preprocess().convert_element_type(ov.Type.f32).scale(255.0)
    steps.input().model().set_layout(ov.Layout("NCHW"))
    return steps.build()
