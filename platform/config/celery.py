"""The Celery application: `celery -A config -Q cpu` and `-Q gpu`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("halfday")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_before_create_process.connect
def share_what_is_loaded(**_: Any) -> None:
    """Keep the collector from what is loaded: it would write to each object's page, which the children share."""
    gc.collect()
    gc.freeze()
