"""What this engine offers (`model.engines.types.Engine`)."""

from model.engines.ultralytics.conversion import convert
from model.engines.ultralytics.export import export
from model.engines.ultralytics.prediction import predict
from model.engines.ultralytics.showing import pictures
from model.engines.ultralytics.training import train

__all__ = ["convert", "export", "pictures", "predict", "train"]
