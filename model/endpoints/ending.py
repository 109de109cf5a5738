"""The processes of a form that is not asked any more: without this, those of an endpoint that never ends would stay."""

from __future__ import annotations

import logging

from django.db import transaction

from dataset.models import Dataset
from model.endpoints.serve_client import NotServing, stop_serving
from model.models import Endpoint, ExportedForm

log = logging.getLogger(__name__)


def end_processes_of(endpoint: Endpoint) -> None:
    """End what answers for it, once the transaction stands. Another endpoint with the same form loads it anew."""
    form = endpoint.current.form if endpoint.current else None
    if form is not None:
        transaction.on_commit(lambda: end_processes(form))


def end_processes_on(dataset: Dataset) -> None:
    """Of all endpoints of a dataset that is being deleted, and they with it."""
    for endpoint in Endpoint.objects.filter(dataset=dataset).select_related("current__form"):
        end_processes_of(endpoint)


def end_processes(form: ExportedForm) -> None:
    try:
        stop_serving(form)
    except NotServing as problem:  # it is down, and its children with it; or on its way up, without any
        log.info("The processes of %s were not ended: %s", form, problem)
