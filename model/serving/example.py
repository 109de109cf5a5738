"""The example that goes with a form: a picture's boxes with nothing but the runtime, numpy and Pillow."""

from __future__ import annotations

from model.serving.facts import KEPT, QUERIES, FormFacts

HEAD = '''\
"""Boxes of a picture: python example.py picture.jpg    (needs {needs}, numpy and pillow)"""
import json
import sys
from pathlib import Path
import numpy as np
from PIL import Image, ImageOps
{imports}
here = Path(__file__).parent
facts = json.loads((here / "facts.json").read_text("utf-8"))
size, stride, picture = facts["imgsz"], facts["stride"], ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
w, h = picture.size
'''
LETTERBOX = """\
iw, ih = (max(1, round(side * size / max(w, h))) for side in (w, h))  # the longer side becomes `size`
ow, oh = (-(-side // stride) * stride for side in (iw, ih))  # grey borders up to multiples of `stride`
"""
STRETCH = """\
iw, ih, ow, oh = size, size, size, size  # stretched, whatever its shape
"""
INPUT = """\
left, top = (ow - iw) // 2, (oh - ih) // 2
canvas = Image.new("RGB", (ow, oh), (114, 114, 114))
scaled = picture.transform((iw, ih), Image.Transform.AFFINE, (w / iw, 0, 0, 0, h / ih, 0), Image.Resampling.BILINEAR)
canvas.paste(scaled, (left, top))
images = np.ascontiguousarray(np.asarray(canvas, np.float32).transpose(2, 0, 1)[None] / 255)  # RGB, 0..1
"""
ANSWERS = {
    "model.onnx": ("onnxruntime", "import onnxruntime\n", """\
output = onnxruntime.InferenceSession(here / "model.onnx").run(None, {"images": images})[0][0]
"""),
    "model.xml": ("openvino", "import openvino\n", """\
exact = {"INFERENCE_PRECISION_HINT": facts["precision"]}  # else OpenVINO chooses by the processor
output = openvino.Core().compile_model(here / "model.xml", "CPU", exact)({"images": images})[0][0]
"""),
    "model.torchscript": ("torch", "import torch\n", """\
output = torch.jit.load(here / "model.torchscript")(torch.from_numpy(images)).detach().numpy()[0]
"""),
}  # fmt: skip
SCORES = """\
classes, places = np.nonzero(output[4:] > 0.25)
scores = output[4:][classes, places]
middle, half = output[:2, places].T, output[2:4, places].T / 2
boxes = np.hstack([middle - half, middle + half])
"""
FRACTIONS = """\
output = output.T * np.array([ow, oh, ow, oh] + [1] * (output.shape[1] - 4), np.float32)[:, None]
"""
ROWS = """\
output = output[output[:, 4] > 0.25]
boxes, scores, classes = output[:, :4], output[:, 4], output[:, 5].astype(int)
"""
SUPPRESSION = """\
left_over, kept = np.argsort(-scores), []
while len(left_over):  # of a class, the best box stays and those that overlap it by more than `iou` go
    best, others = left_over[0], left_over[1:]
    kept.append(best)
    sides = np.minimum(boxes[best, 2:], boxes[others, 2:]) - np.maximum(boxes[best, :2], boxes[others, :2])
    shared, area = np.maximum(sides, 0).prod(1), (boxes[:, 2:] - boxes[:, :2]).prod(1)
    overlap = shared / (area[best] + area[others] - shared)
    left_over = others[(overlap <= facts["iou"]) | (classes[others] != classes[best])]
"""
ALL = """\
kept = np.argsort(-scores)
"""
TAIL = """\
boxes = np.clip((boxes - [left, top] * 2) / ([iw / w, ih / h] * 2), 0, [w, h] * 2)
for row in kept:
    print(json.dumps([facts["class_names"][classes[row]], round(float(scores[row]), 4), *boxes[row].round(2).tolist()]))
"""


def example_script(facts: FormFacts, files: set[str]) -> str:
    """The script for a form of these files; empty where there is none (a plan of TensorRT)."""
    name = next((name for name in ANSWERS if name in files), None)
    if name is None:
        return ""
    needs, imports, answer = ANSWERS[name]
    parts = [
        HEAD.format(needs=needs, imports=imports),
        STRETCH if facts.fit == "stretch" else LETTERBOX,
        INPUT,
        answer,
        *_reading(facts),
        SUPPRESSION if facts.nms else ALL,
        TAIL,
    ]
    return "".join(parts)


def _reading(facts: FormFacts) -> list[str]:
    """From the raw output to boxes, scores and classes."""
    if facts.output == KEPT:
        return [ROWS]
    return [FRACTIONS, SCORES] if facts.output == QUERIES else [SCORES]
