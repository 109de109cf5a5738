"""`manage.py ensure_admin`: what the launcher calls at every start."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import first_start


class Command(BaseCommand):
    help = (
        "Make the first administrator (HALFDAY_ADMIN_EMAIL, default admin@halfday.local) and project if there is none, "
        'and print {"email", "password"} as one line then; keep an administrator\'s token in HALFDAY_HOME/admin-token.'
    )

    def handle(self, *args: Any, **options: Any) -> None:
        email = os.environ.get("HALFDAY_ADMIN_EMAIL", "admin@halfday.local").lower()
        line = first_start.announcement(email, first_start.ensure_admin(email))
        first_start.ensure_token(settings.HOME / "admin-token")
        if line:
            self.stdout.write(line)
