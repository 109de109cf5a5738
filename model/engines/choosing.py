"""Which engine a request is for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from model.engines.catalogue import architecture
from model.engines.checkpoint import FIRST_ENGINE, engine_of_checkpoint, is_ours
from model.engines.spec import EngineRequest
from model.engines.transformers.foreign import is_of_library
from model.engines.types import ConvertRequest, Engine, PicturesRequest, TrainRequest
from model.engines.yolov6.foreign import is_meituans

NAMES = ("ultralytics", "yolov6", "transformers")
BEFOREHAND = ("ultralytics", "yolov6")  # that a nursery has ready; the third takes 80 MB and is loaded where it is used


def engine_for(request: EngineRequest) -> Engine:
    """The engine that does it; its libraries are imported now."""
    return engine_named(engine_name_for(request))


def engine_named(name: str) -> Engine:
    return cast(Engine, import_module(f"model.engines.{name}.engine"))


def engine_name_for(request: EngineRequest) -> str:
    """By the architecture where one is named, else by the file of weights."""
    if isinstance(request, PicturesRequest):
        request = request.training
    if isinstance(request, TrainRequest):
        known = architecture(request.architecture)
        if known is not None or request.weights is None:
            return known.engine if known else FIRST_ENGINE
        return _known_name(engine_of_checkpoint(request.weights))
    if isinstance(request, ConvertRequest):
        if is_ours(request.source):
            return _known_name(engine_of_checkpoint(request.source))
        if is_meituans(request.source):
            return "yolov6"
        return "transformers" if is_of_library(request.source) else FIRST_ENGINE
    return _known_name(engine_of_checkpoint(request.weights))


def _known_name(name: str) -> str:
    """What a file says of itself is looked up, never imported."""
    return name if name in NAMES else FIRST_ENGINE
