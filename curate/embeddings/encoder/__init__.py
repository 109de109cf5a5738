"""Images and object crops as vectors: near each other where the pictures look alike.

The rest of Curate imports only what stands here. Torch and umap are imported by the encoder's own process, never by
a web process or a worker.
"""

from curate.embeddings.encoder.process import EncoderProcess
from curate.embeddings.encoder.types import CROP_SIDE, DIMENSIONS, ENCODER, Encoded, EncoderError, PictureToEncode

__all__ = ["CROP_SIDE", "DIMENSIONS", "ENCODER", "Encoded", "EncoderError", "EncoderProcess", "PictureToEncode"]
