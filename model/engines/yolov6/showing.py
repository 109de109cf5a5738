"""Pictures as a YOLOv6 is trained on them."""

from pathlib import Path

from model.engines.showing import show_pictures
from model.engines.types import PicturesRequest
from model.engines.yolov6.training import YoloV6Trainee


def pictures(request: PicturesRequest) -> Path:
    """Bordered, in squares or in their own shape."""
    return show_pictures(request, stride=YoloV6Trainee.stride, stretched=YoloV6Trainee.stretched)
