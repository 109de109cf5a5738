#!/usr/bin/env bash
# transformers 5.24.0 (Apache-2.0): RF-DETR can be built and run, but what its training and its export need is not there.
#
# Expected: as in its authors' package: a loss on logits, queries that begin at the places chosen, one group of queries in
#           evaluation, an export to ONNX.
# Seen:     1. the class loss is infinite where a score is 1 in float32 (a logit of 17 is enough)
#           2. a fresh network moves its queries at random: reference_point_embed begins as noise, not at zero
#           3. in evaluation the loss still matches by 13 groups, of the 300 queries of one: several to each object
#           4. torch.onnx.export (dynamo=False) fails at the table of places, which is always scaled in a trace
# Where:    loss/loss_lw_detr.py, loss_labels (log of sigmoid) and LwDetrForObjectDetectionLoss (a new criterion is always
#           in training mode); models/rf_detr/modeling_rf_detr.py, _init_weights, which looks for "refpoint_embed", and
#           RfDetrDinov2Embeddings.interpolate_pos_encoding (antialias=True, for which ONNX has no operator).
#
# Needs Python 3.11 or newer; installs into a temporary folder. With PYTHON=… it uses that interpreter's packages instead.
# Exit code 0: it is so. Otherwise the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet transformers==5.24.0 torch==2.15.0 torchvision==0.29.2 scipy==1.17.1 pillow onnx
    python="$work/venv/bin/python"
fi
export HF_HUB_OFFLINE=1
cd "$work"
"$python" -W ignore - >"$work/said" <<'PYTHON'
import importlib.metadata

import torch

version = importlib.metadata.version("transformers")
print("transformers", version)
assert version == "5.24.0", "this is about 5.24.0"

from transformers import RfDetrConfig, RfDetrForObjectDetection
from transformers.loss.loss_lw_detr import LwDetrHungarianMatcher, LwDetrImageLoss

criterion = LwDetrImageLoss(None, 1, 0.25, ["labels"], 1)
box = torch.tensor([[0.5, 0.5, 0.2, 0.2]])
outputs = {"logits": torch.tensor([[[0.0], [17.0]]]), "pred_boxes": box.expand(1, 2, 4)}
targets = [{"class_labels": torch.tensor([0]), "boxes": box}]
lost = criterion.loss_labels(outputs, targets, [(torch.tensor([0]), torch.tensor([0]))], 1)["loss_ce"]
print("1. class loss of a background query with a logit of 17:", float(lost))
assert not torch.isfinite(lost)

torch.manual_seed(0)
vit = {"model_type": "rf_detr_dinov2", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2}
vit |= {"image_size": 128, "patch_size": 8, "num_windows": 2, "out_indices": [1, 2]}
values = {"d_model": 64, "decoder_ffn_dim": 64, "decoder_self_attention_heads": 4, "decoder_cross_attention_heads": 4}
values |= {"num_queries": 130, "num_labels": 1, "decoder_layers": 2, "dropout": 0.0}
network = RfDetrForObjectDetection(RfDetrConfig(backbone_config=vit, **values)).eval()
spread = float(network.model.reference_point_embed.weight.detach().std())
print("2. deviation of reference_point_embed in a fresh network:", round(spread, 4))
assert spread > 0.01

matched, match = [], LwDetrHungarianMatcher.forward


def noted(self, *arguments, **named):
    matched.append(match(self, *arguments, **named))
    return matched[-1]


LwDetrHungarianMatcher.forward = noted
network(torch.rand(1, 3, 128, 128), labels=targets)
print("3. queries matched to one object in evaluation mode:", len(matched[0][0][0]))
assert len(matched[0][0][0]) == 13
LwDetrHungarianMatcher.forward = match


class Boxes(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images).pred_boxes


try:
    torch.onnx.export(Boxes(), (torch.rand(1, 3, 128, 128),), "a.onnx", opset_version=17, dynamo=False)
except Exception as error:
    print("4. ONNX:", str(error).splitlines()[0][:120])
    assert "bicubic" in str(error)
else:
    raise SystemExit("It was exported: the behaviour has changed.")
print("It is so.")
PYTHON
grep -v '^ \|^graph\|^$\|^Torch IR' "$work/said" # without the trace, which the exporter prints
