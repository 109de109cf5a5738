"""Engines train and run networks. Each lives in its own folder, imports its own library and gives back our own types.

The rest of the platform imports only what stands here. `run_in_process` is how a task uses an engine: in an operating
system process of its own, so that a crash, a leak or a cancelled run never harms the worker.
"""

from model.engines.catalogue import architecture, architectures, present_name
from model.engines.process import run_in_process
from model.engines.types import (
    EVERY_CLASS,
    Architecture,
    CheckpointFacts,
    ConversionLimits,
    ConvertReport,
    ConvertRequest,
    EngineCancelled,
    EngineError,
    EpochReport,
    ExportRequest,
    FormPredictRequest,
    LabelledImage,
    PicturesRequest,
    Predictions,
    PredictReport,
    PredictRequest,
    PredictSettings,
    Progress,
    TrainRequest,
    TrainResult,
    TrainSettings,
)

__all__ = [
    "EVERY_CLASS",
    "Architecture",
    "CheckpointFacts",
    "ConversionLimits",
    "ConvertReport",
    "ConvertRequest",
    "EngineCancelled",
    "EngineError",
    "EpochReport",
    "ExportRequest",
    "FormPredictRequest",
    "LabelledImage",
    "PicturesRequest",
    "PredictReport",
    "PredictRequest",
    "PredictSettings",
    "Predictions",
    "Progress",
    "TrainRequest",
    "TrainResult",
    "TrainSettings",
    "architecture",
    "architectures",
    "present_name",
    "run_in_process",
]
