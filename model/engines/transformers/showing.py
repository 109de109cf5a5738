"""Pictures as a network of this engine is trained on them."""

from pathlib import Path

from model.engines.showing import show_pictures
from model.engines.transformers.listing import family_of_architecture
from model.engines.types import PicturesRequest


def pictures(request: PicturesRequest) -> Path:
    """Stretched to a square where the family wants that."""
    family = family_of_architecture(request.training.architecture)
    return show_pictures(request, stride=family.stride, stretched=family.stretched)
