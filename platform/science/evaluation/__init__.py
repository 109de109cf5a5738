"""The science of evaluation: numpy in, numpy and dataclasses out. Nothing here imports Django."""
