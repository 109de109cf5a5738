"""What ultralytics draws its augmentation by: three generators of the whole process."""

import random

import numpy as np
import torch


def seed_all(seed: int) -> None:
    """Start all of them anew."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
