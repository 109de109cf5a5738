"""gunicorn's entry point."""

import importlib
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
importlib.import_module("config.urls")  # once, before the workers are forked: else each first request waits for it
