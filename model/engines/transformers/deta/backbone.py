"""The backbones: images to maps at strides 8, 16 and 32."""

from __future__ import annotations

from typing import Any, cast

from torch import Tensor, nn
from torchvision.models import resnet50
from torchvision.models._utils import IntermediateLayerGetter
from transformers import SwinConfig
from transformers.models.swin.modeling_swin import SwinBackbone

from model.engines.transformers.deta.sizes import SWIN, DetaSize

STAGES = ["stage2", "stage3", "stage4"]  # strides 8, 16, 32
BLOCKS = {"layer2": "0", "layer3": "1", "layer4": "2"}  # the same of a ResNet


def backbone_of_size(size: DetaSize) -> tuple[nn.Module, list[int]]:
    """The backbone with new weights, and the channels of its maps."""
    if size.backbone == SWIN:
        return SwinMaps(size), [size.width * 2**stage for stage in (1, 2, 3)]
    return ResNetMaps(), [512, 1024, 2048]


class SwinMaps(nn.Module):
    """Swin (Liu et al., arXiv 2103.14030), a norm on each map."""

    def __init__(self, size: DetaSize) -> None:
        super().__init__()
        config = SwinConfig(
            embed_dim=size.width,
            depths=size.depths,
            num_heads=size.heads,
            window_size=size.window,
            out_features=STAGES,  # type: ignore[call-arg]
        )
        body: Any = SwinBackbone(config)
        body.swin.layernorm = nn.Identity()  # of a map that nothing reads
        self.body = body

    def forward(self, images: Tensor) -> list[Tensor]:
        return list(self.body(images).feature_maps)


class ResNetMaps(nn.Module):
    """ResNet-50, its layers named as in the published files, which froze its norms; here they learn."""

    def __init__(self) -> None:
        super().__init__()
        self.body = IntermediateLayerGetter(resnet50(weights=None), BLOCKS)

    def forward(self, images: Tensor) -> list[Tensor]:
        return list(cast(dict[str, Tensor], self.body(images)).values())
