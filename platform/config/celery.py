"""The Celery application: `celery -A config -Q cpu` and `-Q gpu`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("halfday")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
