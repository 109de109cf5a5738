"""Cut-outs of labels and predictions over HTTP."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from accounts import access
from accounts.problems import BadInput
from dataset.api.images import IN_S3, VERSION, location_drawn_by, not_modified, served
from dataset.models import Annotation, Prediction
from storage.crops import SIZES, crop, region_around

PARAMETERS = [
    OpenApiParameter("size", int, enum=SIZES, description="Pixels of the longer side at most; default 160"),
    VERSION,
]
ANSWERS = {
    (200, "image/jpeg"): OpenApiTypes.BINARY,
    302: IN_S3,
    304: OpenApiResponse(description="Not modified"),
}


@extend_schema(operation_id="get_label_crop", tags=["dataset"], parameters=PARAMETERS, responses=ANSWERS)
def get_label_crop(request: Request, annotation_id: int) -> HttpResponseBase:
    """The part of the image around a label, as a small JPEG. A version of a label never changes, nor does this."""
    rows = Annotation.objects.select_related("image__dataset")
    row = access.one_of(request.user, rows, annotation_id, through="image.dataset.project_id")
    return served_crop(request, row)


@extend_schema(operation_id="get_prediction_crop", tags=["dataset"], parameters=PARAMETERS, responses=ANSWERS)
def get_prediction_crop(request: Request, prediction_id: int) -> HttpResponseBase:
    """The part of the image around a prediction, as a small JPEG."""
    rows = Prediction.objects.select_related("image__dataset")
    row = access.one_of(request.user, rows, prediction_id, through="image.dataset.project_id")
    return served_crop(request, row)


def served_crop(request: Request, row: Annotation | Prediction) -> HttpResponseBase:
    size = request.query_params.get("size", str(SIZES[0]))
    if size not in {str(known) for known in SIZES}:
        raise BadInput(f"size must be one of {SIZES}.", errors={"size": [f"One of {SIZES}."]})
    image = row.image
    region = region_around((row.x1, row.y1, row.x2, row.y2), image.width, image.height)
    tag = f"{image.sha256}-{'-'.join(map(str, region))}-{size}"
    if unchanged := not_modified(request, tag):
        return unchanged
    return served(
        location_drawn_by(lambda: crop(sha256=image.sha256, location=image.location, region=region, size=int(size))),
        tag,
    )
