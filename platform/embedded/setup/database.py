"""Migrations, the administrator and the admin console's static files: `python -m embedded.setup.database`.

One process for all three, as starting Django is what takes the time.
"""

import io
import json
import os
import sys
from pathlib import Path

from embedded.home import ROOT, Home
from embedded.progress import step
from embedded.servers import Servers
from embedded.stamps import Stamp, digest_of

ADVICE = "The data are as before: repair the cause and run again."


def ensure_database(home: Home, environment: dict[str, str], servers: Servers | None) -> None:
    """Bring the schema up to date and see that somebody can log in; at once when nothing changed.

    Without `servers` the database is somebody else's and may be another one each time, so no stamp is trusted.
    """
    stamp = Stamp(home.stamps, "database")
    digest = digest_of(_files(), servers.postgres.identity()) if servers else ""
    if servers and stamp.matches(digest) and home.admin_token.exists():
        return
    with step("Database schema, administrator") as current:
        stamp.clear()
        command = [sys.executable, "-m", "embedded.setup.database"]
        current.run(command, environment=environment, log=home.logs / "setup-database.log", advice=ADVICE)
        if servers:
            stamp.set(digest)


def _files() -> list[Path]:
    """What the schema and the static files are made from."""
    apps = [ROOT / name for name in ("platform", "curate", "label", "model")]
    return [ROOT / "requirements.txt", *(path for folder in apps for path in folder.rglob("migrations/*.py"))]


def ensure_administrator(home: Home) -> None:
    """Make the first administrator; keep the password in a file until it has been shown once."""
    from django.core.management import call_command

    said = io.StringIO()
    call_command("ensure_admin", stdout=said)
    if made := said.getvalue().strip():
        with os.fdopen(os.open(home.first_password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(made)


def first_password(home: Home) -> str:
    """How to sign in for the first time, said once; empty ever after."""
    if not home.first_password.exists():
        return ""
    made = json.loads(home.first_password.read_text())
    home.first_password.unlink()
    return (
        f"Sign in as {made['email']} with the password {made['password']}\n(shown this once; change it under Settings)"
    )


def main() -> None:
    """Do it, in this process; with --say also tell the first administrator's password, as a container's log can."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False)
    ensure_administrator(Home.find())
    call_command("collectstatic", interactive=False, verbosity=0)
    if "--say" in sys.argv:
        print(first_password(Home.find()))


if __name__ == "__main__":
    main()
