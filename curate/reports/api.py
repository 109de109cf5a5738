"""Reports over HTTP: an evaluation, or a comparison, as one HTML file."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import User
from accounts.problems import BadInput, Conflict
from curate.comparisons import api as comparisons
from curate.evaluations import api as evaluations
from curate.evaluations import reads as evaluation_reads
from curate.models import Comparison, Evaluation
from curate.reports import content as content_reads
from curate.reports import preparation
from curate.reports.document.comparison import comparison_report
from curate.reports.document.content import Made
from curate.reports.document.evaluation import evaluation_report
from curate.reports.document.page import policy
from curate.reports.document.words import LANGUAGES
from dataset.models import Dataset
from jobs.api import JobSerializer

PARAMETERS = [
    OpenApiParameter("pictures", int, enum=[0, 1], description="0: without crops of images; 1"),
    OpenApiParameter("language", str, enum=LANGUAGES, description="Where left out, that of the caller's account"),
    OpenApiParameter("download", int, enum=[0, 1], description="1: as a file to keep; 0"),
]
ANSWERS = {(200, "text/html"): OpenApiTypes.STR}
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')  # for the name of a file, somewhere


@extend_schema(operation_id="get_evaluation_report", tags=["curate"], parameters=PARAMETERS, responses=ANSWERS)
def get_evaluation_report(request: Request, evaluation_id: int) -> HttpResponse:
    """The evaluation as one HTML file that can be mailed and printed; it asks for nothing from anywhere."""
    row = _evaluation(request, evaluation_id)
    described = {**evaluations.as_json([row])[0], "per_class": row.per_class}
    content = content_reads.evaluation_content(
        row, described, made_by(request, row.dataset), with_pictures=_flag(request, "pictures", True)
    )
    return html_answer(request, evaluation_report(content), described["name"])


@extend_schema(
    operation_id="prepare_evaluation_report", tags=["curate"], request=None, responses={202: JobSerializer, 204: None}
)
def prepare_evaluation_report(request: Request, evaluation_id: int) -> HttpResponse:
    """Compute what takes long in the report: 202 with the job, 204 where nothing does. Kept for a day.

    The report itself computes what is missing, so a script need not ask for this.
    """
    row = _evaluation(request, evaluation_id)
    if preparation.is_ready(row):
        return Response(status=204)
    return Response(JobSerializer(preparation.start(evaluation=row, by=request.user)).data, status=202)


@extend_schema(operation_id="get_comparison_report", tags=["curate"], parameters=PARAMETERS, responses=ANSWERS)
def get_comparison_report(request: Request, comparison_id: int) -> HttpResponse:
    """The comparison as one HTML file that can be mailed and printed; it asks for nothing from anywhere."""
    rows = evaluation_reads.comparisons_with_names(Comparison.objects.all())
    row = access.one_of(request.user, rows, comparison_id, through="dataset.project_id")
    if row.finished_at is None:
        raise Conflict("This comparison is not finished yet.")
    described = comparisons.as_json([row])[0]
    content = content_reads.comparison_content(
        row, described, made_by(request, row.dataset), with_pictures=_flag(request, "pictures", True)
    )
    name = f"{described['b']['name']} − {described['a']['name']}"
    return html_answer(request, comparison_report(content), name)


def _evaluation(request: Request, evaluation_id: int) -> Evaluation:
    """The evaluation, of another operating point of it the evaluation itself. Raises Conflict where it is too early."""
    row = evaluations.whole_evaluation_for(request, evaluation_id)
    preparation.check(row)
    return row


def made_by(request: Request, dataset: Dataset) -> Made:
    user: User = request.user
    language = request.query_params.get("language") or user.language
    if language not in LANGUAGES:
        raise BadInput(f"language is one of {', '.join(LANGUAGES)}.", errors={"language": ["There is no such one."]})
    api = request.build_absolute_uri("/api/v1/")
    return content_reads.made_for(dataset, reader=user, language=language, api=api)


def _flag(request: Request, name: str, default: bool) -> bool:
    given = request.query_params.get(name, str(int(default)))
    if given not in ("0", "1"):
        raise BadInput(f"{name} is 0 or 1.", errors={name: ["0 or 1."]})
    return given == "1"


def html_answer(request: Request, html: str, name: str) -> HttpResponse:
    filename = UNFIT.sub("-", name).strip(" .-") + ".html"
    disposition = content_disposition_header(_flag(request, "download", False), filename)
    return HttpResponse(
        html,
        content_type="text/html; charset=utf-8",
        headers={
            "Content-Disposition": disposition or "inline",
            "Content-Security-Policy": policy(),
            "Cache-Control": "private, no-cache",
            "Referrer-Policy": "no-referrer",
        },
    )
