"""What this engine offers (`model.engines.types.Engine`)."""

from model.engines.yolov6.conversion import convert
from model.engines.yolov6.export import export
from model.engines.yolov6.prediction import predict
from model.engines.yolov6.showing import pictures
from model.engines.yolov6.training import train

__all__ = ["convert", "export", "pictures", "predict", "train"]
