"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from jobs import api
from jobs.news.api import EventRenderer, watch

urlpatterns = [
    path("events", endpoint(GET=watch, also=EventRenderer)),
    path("jobs", endpoint(GET=api.list_jobs)),
    path("jobs/<int:job_id>", endpoint(GET=api.get_job)),
    path("jobs/<int:job_id>/cancel", endpoint(POST=api.cancel_job)),
    path("jobs/<int:job_id>/log", endpoint(GET=api.get_job_log)),
]
