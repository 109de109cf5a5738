"""gunicorn's entry point."""

import gc
import importlib
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
importlib.import_module("config.urls")  # once, before the workers are forked: else each first request waits for it
gc.collect()
gc.freeze()  # what is loaded stays: the collector would write to each object's page, and the workers share those
