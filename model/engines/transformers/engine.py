"""What this engine offers (`model.engines.types.Engine`)."""

from model.engines.transformers.conversion import convert
from model.engines.transformers.export import export
from model.engines.transformers.prediction import predict
from model.engines.transformers.showing import pictures
from model.engines.transformers.training import train

__all__ = ["convert", "export", "pictures", "predict", "train"]
