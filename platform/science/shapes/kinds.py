"""What of an object is compared: its box, its mask, its outline, or its turned box."""

from enum import StrEnum


class IouType(StrEnum):
    """Named as pycocotools names them where it has them."""

    BBOX = "bbox"
    SEGM = "segm"
    BOUNDARY = "boundary"
    OBB = "obb"
