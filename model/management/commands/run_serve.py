"""The serving process where the web process is on another machine, or in another container: docs/endpoints.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from model.endpoints.form_files import folder_of_place
from model.serving.server import serve


class Command(BaseCommand):
    help = (
        "Answer for endpoints, to web processes that name this address in HALFDAY_SERVE and have the same SECRET_KEY."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--address", default="0.0.0.0:8600", help="default: %(default)s; reachable for the web alone"
        )

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        serve(address, secret=settings.SERVE_SECRET, locate=folder_of_place)
