"""Ledgers over HTTP: an iteration as JSON, as a file that can be replayed, as HTML; the iterations of a project."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.pages import newest_first, page_parameters, page_request, page_shape
from curate.ledger.composing import IterationFindings, composed, findings
from curate.ledger.document import ledger_report
from curate.ledger.iterations import iteration_of, iterations_of
from curate.ledger.project_list import lines
from curate.ledger.replayable import replay_part
from curate.ledger.shapes import IterationSerializer, LedgerFileSerializer, LedgerSerializer
from curate.query.request import row_named
from curate.reports.api import html_answer, made_by
from curate.reports.document.words import LANGUAGES
from model.models import Run

LARGEST = 50  # iterations of a page: each is read by itself


def findings_for(request: Request, run_id: int) -> IterationFindings:
    """What the ledger of the run is made of, if the caller may see it."""
    rows = Run.objects.select_related(
        "dataset__project", "control_of", "validation_slice", "train_manifest", "start_checkpoint__run", "parent"
    )
    run = access.one_of(request.user, rows.defer("train_manifest__image_ids"), run_id, through="dataset.project_id")
    return findings(iteration_of(run))


@extend_schema(operation_id="get_ledger", tags=["curate"], responses=LedgerSerializer)
def get_ledger(request: Request, run_id: int) -> Response:
    """The iteration that ends with a run: the weakness found, what was done about it, by whom and how long, and what it
    brought over the control."""
    return Response(composed(findings_for(request, run_id)))


@extend_schema(operation_id="get_ledger_file", tags=["curate"], responses=LedgerFileSerializer)
def get_ledger_file(request: Request, run_id: int) -> HttpResponse:
    """The ledger as a file, with the images, label changes, runs and figures that `./halfday replay` works from."""
    found = findings_for(request, run_id)
    content: dict[str, Any] = {**composed(found), "replay": replay_part(found)}
    name = f"ledger-{found.iteration.run.pk}.json"
    disposition = content_disposition_header(True, name) or "attachment"
    body = orjson.dumps(content, default=dict)
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": disposition})


@extend_schema(
    operation_id="get_ledger_report",
    tags=["curate"],
    parameters=[
        OpenApiParameter("language", str, enum=LANGUAGES, description="Where left out, that of the caller's account"),
        OpenApiParameter("download", int, enum=[0, 1], description="1: as a file to keep; 0"),
    ],
    responses={(200, "text/html"): OpenApiTypes.STR},
)
def get_ledger_report(request: Request, run_id: int) -> HttpResponse:
    """The ledger as one HTML file that can be mailed and printed; its lines lead back to this installation."""
    found = findings_for(request, run_id)
    html = ledger_report(composed(found), made_by(request, found.dataset), request.build_absolute_uri("/"))
    return html_answer(request, html, f"{found.iteration.run.name} · ledger")


@extend_schema(
    operation_id="list_ledgers",
    tags=["curate"],
    parameters=[OpenApiParameter("dataset", int), *page_parameters(default=10, largest=LARGEST)],
    responses=page_shape(IterationSerializer),
)
def list_ledgers(request: Request, project_id: int) -> Response:
    """A project's iterations, newest first, at most 50 a page: runs that go on from another one or have a control. A
    page has fewer where runs only repeat others with another seed."""
    project = access.project_for(request.user, project_id)
    rows = iterations_of(project)
    dataset = row_named(request, "dataset", project.datasets.all())
    if dataset is not None:
        rows = rows.filter(dataset=dataset)
    runs, following = newest_first(rows, page_request(request, default=10, largest=LARGEST))
    return Response({"items": lines(runs), "next": following})
