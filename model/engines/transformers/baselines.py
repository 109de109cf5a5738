"""The sizes of this engine for the list of baselines. Plain data: neither torch nor transformers is imported here.

Parameters and GFLOPs (one 640 x 640 image) are measured on the networks, with 80 classes, by
`python -m model.engines.transformers.measure`.
"""

from __future__ import annotations

from typing import Any

FAMILIES = {
    "rtdetrv2-": "RT-DETRv2",
    "dfine-": "D-FINE",
    "deimv2-": "DEIMv2",
    "deformable-detr-": "Deformable DETR",
    "deta-": "DETA",
    "rfdetr-": "RF-DETR",
}
# name, parameters, GFLOPs
TABLE: tuple[tuple[str, int, float], ...] = (
    ("rtdetrv2-t", 781_332, 2.8),
    ("rtdetrv2-r18", 20_184_464, 61.5),
    ("rtdetrv2-r34", 31_441_668, 93.6),
    ("rtdetrv2-r50", 42_944_620, 137.8),
    ("rtdetrv2-r101", 76_661_740, 260.6),
    ("dfine-n", 3_782_693, 7.4),
    ("dfine-s", 10_321_877, 27.8),
    ("dfine-m", 19_590_064, 60.5),
    ("dfine-l", 31_289_848, 95.7),
    ("dfine-x", 62_715_480, 209.6),
    ("deimv2-atto", 513_273, 2.9),
    ("deimv2-femto", 993_449, 3.9),
    ("deimv2-pico", 1_552_419, 5.3),
    ("deimv2-n", 3_617_189, 7.2),
    ("deimv2-s", 9_820_158, 51.6),
    ("deimv2-m", 18_427_894, 88.4),
    ("deimv2-l", 32_602_062, 148.7),
    ("deimv2-x", 51_278_040, 207.3),
    ("deformable-detr-r50", 40_119_958, 158.7),
    ("deta-t", 1_238_447, 4.0),
    ("deta-r50", 48_471_820, 239.1),
    ("deta-swin-l", 218_755_584, 825.1),
    ("rfdetr-t", 497_428, 3.2),
    ("rfdetr-n", 30_427_720, 97.6),
    ("rfdetr-s", 32_071_592, 98.8),
    ("rfdetr-m", 33_647_880, 99.9),
    ("rfdetr-l", 33_893_640, 99.9),
    ("rfdetr-b", 32_134_952, 148.3),
)  # fmt: skip
# Prefixes of networks that answer once for an object, so that nothing is suppressed.
NO_OVERLAPS = tuple(prefix for prefix in FAMILIES if prefix != "deta-")
OURS, DETA_OURS, RF_OURS = "rtdetrv2-t", "deta-t", "rfdetr-t"  # sizes that nobody published
OUR_SIZE = "A narrow size of ours: for trying out on CPU cores."
SMALL = (
    OURS,
    DETA_OURS,
    RF_OURS,
    "dfine-n",
    "deimv2-atto",
    "deimv2-femto",
    "deimv2-pico",
)  # that train on CPU cores, if slowly
NOTES = {
    **dict.fromkeys((OURS, DETA_OURS, RF_OURS), OUR_SIZE),
    "rfdetr-b": "The first that was published; n to l came after it. GFLOPs are at 672 px.",
}
STRIDES = {"rfdetr-b": 56}  # pixels; sides of the input are multiples of it, of 32 in all others
NEED_GPU = {name for name, _, _ in TABLE if name not in SMALL}

# The published recipes, as far as they are settings. A backbone that comes from weights takes smaller steps.
RT_DETR: dict[str, Any] = {"lr0": 0.0001, "backbone_lr": 0.1, "weight_decay": 0.0001, "mosaic": 0.0, "imgsz": 640}
D_FINE: dict[str, Any] = {**RT_DETR, "lr0": 0.00025, "backbone_lr": 0.05, "weight_decay": 0.000125}
DEIM: dict[str, Any] = {**RT_DETR, "lr0": 0.0005, "backbone_lr": 0.05, "mosaic": 0.5, "close_mosaic": 4}
# Anchors are fractions of the input, so that training keeps the images' own proportions, as prediction does.
DETA: dict[str, Any] = {**RT_DETR, "lr0": 0.0002, "rect": True, "imgsz": 1344, "batch": 2}
# Pixels that each was published at, but b: 560 are no multiple of 32, which runs ask for.
RF_SIDES = {"n": 384, "s": 512, "m": 576, "l": 704, "b": 448}
# Their rates fall from layer to layer of the backbone; this is the mean.
RF_DETR: dict[str, Any] = {**RT_DETR, "backbone_lr": 0.23}
DEFAULTS: dict[str, dict[str, Any]] = {
    OURS: {"weight_decay": 0.0001, "mosaic": 0.0},
    **{f"rtdetrv2-r{depth}": {**RT_DETR, "backbone_lr": 1.0} for depth in (18, 34)},
    **{f"rtdetrv2-r{depth}": RT_DETR for depth in (50, 101)},
    "dfine-n": {**D_FINE, "lr0": 0.0008, "backbone_lr": 0.5, "weight_decay": 0.0001},
    **{f"dfine-{size}": D_FINE for size in "smlx"},
    "deimv2-atto": {**DEIM, "lr0": 0.002, "backbone_lr": 0.5, "imgsz": 320},
    "deimv2-femto": {**DEIM, "lr0": 0.0016, "backbone_lr": 0.5, "imgsz": 416},
    "deimv2-pico": {**DEIM, "lr0": 0.0016, "backbone_lr": 0.5},
    "deimv2-n": {**DEIM, "lr0": 0.0008, "backbone_lr": 0.5},
    **{f"deimv2-{size}": DEIM for size in "sm"},
    "deimv2-l": {**DEIM, "backbone_lr": 0.025, "weight_decay": 0.000125},
    "deimv2-x": {**DEIM, "backbone_lr": 0.02, "weight_decay": 0.000125},
    "deformable-detr-r50": {**RT_DETR, "lr0": 0.0002},
    DETA_OURS: {"weight_decay": 0.0001, "mosaic": 0.0, "rect": True},
    "deta-r50": DETA,
    "deta-swin-l": {**DETA, "lr0": 0.00005, "imgsz": 1984},
    RF_OURS: {"weight_decay": 0.0001, "mosaic": 0.0},
    **{f"rfdetr-{one}": {**RF_DETR, "imgsz": side} for one, side in RF_SIDES.items()},
}

# Repository on Hugging Face and file. DEIMv2's files there are under names of its own, which are not read.
SIZES_THERE = {"n": "nano", "s": "small", "m": "medium", "l": "large", "x": "xlarge"}
RF_FILES = {"n": "nano", "s": "small", "m": "medium", "l": "large-2026", "b": "base"}  # as rfdetr's package calls them
PUBLIC_FILES = {
    **{f"rtdetrv2-r{depth}": f"PekingU/rtdetr_v2_r{depth}vd/model.safetensors" for depth in (18, 34, 50, 101)},
    **{f"dfine-{size}": f"ustc-community/dfine-{there}-coco/model.safetensors" for size, there in SIZES_THERE.items()},
    "deformable-detr-r50": "SenseTime/deformable-detr/model.safetensors",
    "deta-r50": "nielsr/deta-checkpoints/adet_2x_checkpoint0023.pth",
    "deta-swin-l": "nielsr/deta-checkpoints/adet_swin_ft.pth",
    **{f"rfdetr-{one}": f"rf-detr-{there}.pth" for one, there in RF_FILES.items()},
}
