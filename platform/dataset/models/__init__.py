"""The nouns that Curate, Label and Model all speak of."""

from dataset.models.annotations import Annotation, Provenance, RealField, Revision
from dataset.models.attributes import Attribute
from dataset.models.images import Dataset, Image, LabelClass
from dataset.models.predictions import PredictedClass, Prediction, PredictionSet
from dataset.models.slices import Manifest, Slice, SliceImage
from dataset.models.tags import ImageTag, Tag
from dataset.models.uploads import Upload, UploadPart

__all__ = [
    "Annotation",
    "Attribute",
    "Dataset",
    "Image",
    "ImageTag",
    "LabelClass",
    "Manifest",
    "PredictedClass",
    "Prediction",
    "PredictionSet",
    "Provenance",
    "RealField",
    "Revision",
    "Slice",
    "SliceImage",
    "Tag",
    "Upload",
    "UploadPart",
]
