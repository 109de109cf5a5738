"""ImageNet's mean and deviation, which some backbones were trained with."""

from __future__ import annotations

import torch
from torch import Tensor

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of red, green and blue, of 0..1


def normalised(images: Tensor) -> Tensor:
    """(B, 3, H, W) RGB 0..1 around zero."""
    mean, deviation = (torch.tensor(one, device=images.device).view(1, 3, 1, 1) for one in (MEAN, DEVIATION))
    return (images - mean) / deviation
