"""Pictures in, boxes out, over HTTP."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import BadInput, Problem, validated
from dataset.models import Image
from model.endpoints import asking, candidates
from model.endpoints.asking import LARGEST_PICTURE, MOST_PICTURES, EndpointQuestion
from model.endpoints.candidates import FLOOR, AskedForm, candidates_of
from model.endpoints.finding import endpoint_to_ask
from model.endpoints.shapes import CandidatesSerializer, EndpointAnswerSerializer
from model.models import Checkpoint

URLS = ("http:", "https:", "ftp:", "file:", "//")
NO_URLS = "A URL is not fetched: send the picture's bytes, as a file (multipart) or in base64."


class PictureTooLarge(Problem):
    """More bytes than are taken."""

    status = 413


class PredictOnEndpointSerializer(serializers.Serializer):
    """Pictures as files (multipart: `file`, as often as there are pictures), or in base64 (`images`)."""

    images = serializers.ListField(
        child=serializers.CharField(), required=False, max_length=MOST_PICTURES, help_text="Base64, or data: URLs"
    )
    file = serializers.ListField(child=serializers.FileField(), required=False, max_length=MOST_PICTURES)
    url = serializers.CharField(required=False, help_text="Refused: nothing is fetched")
    conf = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)
    iou = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)


@extend_schema(
    operation_id="predict_on_endpoint",
    tags=["model"],
    request={
        "multipart/form-data": PredictOnEndpointSerializer,
        "application/json": PredictOnEndpointSerializer,
    },
    responses=EndpointAnswerSerializer,
)
def predict_on_endpoint(request: Request, endpoint: str) -> Response:
    """Boxes of one or more pictures. Labellers and above, and tokens of the role `predict`.

    503 with Retry-After where it passes: the process was killed, or too many ask at once.
    """
    row = endpoint_to_ask(request.user, endpoint)
    given = validated(PredictOnEndpointSerializer, plain(request))
    if "url" in given:
        raise BadInput(NO_URLS, errors={"url": [NO_URLS]})
    pictures = [*(read_file(one) for one in given.get("file", [])), *decoded(given.get("images", []))]
    if not pictures:
        sentence = "Send a picture: as a file in `file` (multipart), or in base64 in `images`."
        raise BadInput(sentence, errors={"images": [sentence]})
    return Response(asking.answer(row, EndpointQuestion(pictures, given.get("conf"), given.get("iou"))))


def plain(request: Request) -> Any:
    """A form's fields as the serializer reads them: files as a list, what is not there left out."""
    sent: Any = request.data
    if not hasattr(sent, "getlist"):
        return sent
    lists = {"file", "images"}
    return {name: sent.getlist(name) if name in lists else sent[name] for name in sent}


def read_file(file: Any) -> bytes:
    check_size(file.size or 0, f"{file.name}")
    data: bytes = file.read()
    return data


def decoded(images: Sequence[str]) -> list[bytes]:
    """The pictures of base64 texts. Raises BadInput by place."""
    found = []
    for place, text in enumerate(images):
        field = f"images.{place}"
        if text.strip().lower().startswith(URLS):
            raise BadInput(NO_URLS, errors={field: [NO_URLS]})
        body = text.partition(",")[2] if text.startswith("data:") else text
        check_size(len(body) * 3 // 4, field)
        try:
            found.append(base64.b64decode(body, validate=True))
        except (binascii.Error, ValueError):
            sentence = f"{field}: It is not base64."
            raise BadInput(sentence, errors={field: ["It is not base64."]}) from None
    return found


def check_size(size: int, place: str) -> None:
    if size > LARGEST_PICTURE:
        raise PictureTooLarge(f"{place}: A picture may have {LARGEST_PICTURE >> 20} MiB.")


@extend_schema(
    operation_id="list_candidates",
    tags=["model"],
    parameters=[
        OpenApiParameter("endpoint", str, description="By its name or id; this or `checkpoint`"),
        OpenApiParameter("checkpoint", int, description="One that is or was deployed, or has an exported form"),
        OpenApiParameter(
            "floor",
            {"type": "number", "minimum": 0.001, "maximum": 1, "default": FLOOR},
            description="Scores from here",
        ),
    ],
    responses=CandidatesSerializer,
)
def list_candidates(request: Request, image_id: int) -> Response:
    """All boxes of an image down to a low score, each with its two best classes. Labellers and above."""
    rows = Image.objects.select_related("dataset")
    image = access.one_of(request.user, rows, image_id, through="dataset.project_id", at_least=Role.LABELLER)
    floor = floor_of(request)
    name, number = (request.query_params.get(one) for one in ("endpoint", "checkpoint"))
    if name:
        endpoint = endpoint_to_ask(request.user, name)
        if endpoint.project_id != image.dataset.project_id:
            raise BadInput("The endpoint is another project's.", errors={"endpoint": ["Another project's."]})
        return Response(candidates_of(image, candidates.asked_of_endpoint(endpoint), floor))
    if not number:
        sentence = "Name an endpoint or a checkpoint."
        raise BadInput(sentence, errors={"endpoint": [sentence]})
    return Response(candidates_of(image, asked_checkpoint(image, number), floor))


def asked_checkpoint(image: Image, number: str) -> AskedForm:
    checkpoint = Checkpoint.objects.filter(pk=int(number) if number.isdecimal() else 0).first()
    if checkpoint is None or checkpoint.project_id not in (None, image.dataset.project_id):
        sentence = f"There is no checkpoint {number} in this project."
        raise BadInput(sentence, errors={"checkpoint": [sentence]})
    found = candidates.asked_of_checkpoint(checkpoint, image.dataset.project_id)
    if found is None:
        sentence = (
            f"{checkpoint.name} is not deployed in this project and has no exported form, so nothing answers for it."
        )
        raise BadInput(f"{sentence} Export it first.", errors={"checkpoint": [sentence]})
    return found


def floor_of(request: Request) -> float:
    try:
        floor = float(request.query_params.get("floor", FLOOR))
    except ValueError:
        floor = -1.0
    if not 0.001 <= floor <= 1:
        sentence = "floor is a number from 0.001 to 1."
        raise BadInput(sentence, errors={"floor": [sentence]})
    return floor
