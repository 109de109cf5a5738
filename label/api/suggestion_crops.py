"""The part of the image that a suggestion is about, over HTTP."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from accounts import access
from curate.models import Suggestion
from dataset.api.crops import ANSWERS
from dataset.api.images import VERSION, location_drawn_by, not_modified, served
from label.selectors.suggestion_grid import view_of
from storage.crops import SIZES, crop


@extend_schema(operation_id="get_suggestion_crop", tags=["label"], parameters=[VERSION], responses=ANSWERS)
def get_crop(request: Request, suggestion_id: int) -> HttpResponseBase:
    """The part of the image around a suggestion's boxes as a small JPEG: `view` of the list says which part."""
    rows = Suggestion.objects.select_related("image", "auto_curate__dataset")
    row = access.one_of(request.user, rows, suggestion_id, through="auto_curate.dataset.project_id")
    image, region, size = row.image, view_of(row), SIZES[-1]
    tag = f"{image.sha256}-{'-'.join(map(str, region))}-{size}"
    if unchanged := not_modified(request, tag):
        return unchanged
    return served(
        location_drawn_by(lambda: crop(sha256=image.sha256, location=image.location, region=region, size=size)), tag
    )
