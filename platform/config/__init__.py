"""Settings, urls, Celery and WSGI. The Celery application is made here, so that tasks find it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
