"""The eight small pictures that other narrow networks learn too."""

from tests.model.engines.yolov6.conftest import coloured

__all__ = ["coloured"]
