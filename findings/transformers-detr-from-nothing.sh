#!/usr/bin/env bash
# transformers 5.24.0 (Apache-2.0): a detector of the RT-DETR kind that is built from a configuration, to be trained from
# nothing, starts far from where the published ones do, and Deformable DETR's backbone is frozen whole.
#
# Expected: as the published networks start: batch normalisation at weight 1, one object in a hundred answers; of the
#           backbone the stem and the first stage are held, as the code says.
# Seen:     1. RTDetrV2ForObjectDetection: the encoder's weights of batch normalisation are drawn around 0 (deviation .01)
#           2. with two classes its class bias says that every third answer is an object
#           3. DeformableDetrForObjectDetection with a ResNet of the library's own: no parameter of the backbone learns
# Where:    models/rt_detr_v2/modeling_rt_detr_v2.py, _init_weights;
#           models/deformable_detr/modeling_deformable_detr.py, DeformableDetrConvEncoder, which looks for "stage.1" in
#           names that have "stages.1".
#
# Needs Python 3.11 or newer; installs into a temporary folder. With PYTHON=… it uses that interpreter's packages instead.
# Exit code 0: it is so. Otherwise the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet transformers==5.24.0 torch==2.15.0 torchvision==0.29.2 scipy==1.17.1 pillow
    python="$work/venv/bin/python"
fi
export HF_HUB_OFFLINE=1
cd "$work"
"$python" - <<'PYTHON'
import importlib.metadata

import torch

version = importlib.metadata.version("transformers")
print("transformers", version)
assert version == "5.24.0", "this is about 5.24.0"

from transformers import DeformableDetrConfig, DeformableDetrForObjectDetection, RTDetrV2Config, RTDetrV2ForObjectDetection

torch.manual_seed(0)
resnet = {"model_type": "rt_detr_resnet", "out_indices": [2, 3, 4], "layer_type": "basic", "depths": [1, 1, 1, 1]}
resnet |= {"hidden_sizes": [32, 64, 128, 256]}
values = {"encoder_in_channels": [64, 128, 256], "decoder_layers": 2, "freeze_backbone_batch_norms": False}
network = RTDetrV2ForObjectDetection(RTDetrV2Config(backbone_config=resnet, num_labels=2, **values))
norms = [m.weight for m in network.model.encoder.modules() if isinstance(m, torch.nn.BatchNorm2d)]
largest = max(float(weight.detach().abs().max()) for weight in norms)
heads = network.model.decoder.class_embed
share = float(heads[0].bias.detach().sigmoid()[0])
print("largest weight of", len(norms), "batch normalisations of the encoder:", round(largest, 3))
print("share of objects that the class bias says:", round(share, 3))
assert largest < 0.1
assert abs(share - 1 / 3) < 0.01

values = {"encoder_layers": 1, "decoder_layers": 1, "num_labels": 2}
resnet = {"model_type": "resnet", "out_features": ["stage2", "stage3", "stage4"], "depths": [1, 1, 1, 1]}
network = DeformableDetrForObjectDetection(DeformableDetrConfig(backbone_config=resnet, **values))
learning = [name for name, one in network.model.backbone.named_parameters() if one.requires_grad]
print("parameters of Deformable DETR's backbone that learn:", len(learning))
assert learning == []
print("It is so.")
PYTHON
