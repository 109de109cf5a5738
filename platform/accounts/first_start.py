"""The first administrator, project and token: what an empty installation needs before anybody can sign in."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction
from knox.crypto import hash_token

from accounts import services
from accounts.models import EVERY_ROOT, ApiToken, Member, Project, Role, User

TOKEN_NAME = "This machine"


@transaction.atomic
def ensure_admin(email: str) -> str | None:
    """Make the first administrator, and a first project, where there is none; return the new person's password."""
    if User.objects.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    admin = User.objects.create_superuser(email, password, name="Administrator")
    if not Project.objects.exists():
        slug = services.free_slug("My project")
        project = Project.objects.create(name="My project", slug=slug, import_roots=[EVERY_ROOT])
        Member.objects.create(project=project, user=admin, role=Role.OWNER)
    return password


def ensure_token(path: Path) -> None:
    """Keep a valid token of the first administrator in the file, readable by its owner alone."""
    known = path.read_text().strip() if path.is_file() else ""
    if known and ApiToken.objects.filter(digest=hash_token(known), user__is_active=True).exists():
        return
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if admin is None:
        return
    with transaction.atomic():
        ApiToken.objects.filter(user=admin, name=TOKEN_NAME).delete()
        token = services.create_token(name=TOKEN_NAME, project=None, role=None, by=admin, days=None).token
        write_privately(path, token)


def renew_token() -> None:
    """See that this machine's scripts go on where a changed password has ended their token."""
    path = settings.HOME / "admin-token"
    if path.is_file():
        ensure_token(path)


def write_privately(path: Path, text: str) -> None:
    """Replace the file as a whole; nobody else can read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    draft.replace(path)


def announcement(email: str, password: str | None) -> str:
    """One line of JSON for the launcher, empty when nobody was made."""
    return json.dumps({"email": email, "password": password}) if password else ""
