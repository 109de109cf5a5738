"""manage.py ensure_admin: an administrator, a project and a token, once."""

import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import ApiToken, Project, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def ensure() -> str:
    out = StringIO()
    call_command("ensure_admin", stdout=out)
    return out.getvalue()


def test_it_works(home: Path) -> None:
    said = json.loads(ensure())
    admin = User.objects.get(email=said["email"])
    assert admin.check_password(said["password"])
    assert (admin.is_superuser, admin.is_staff) == (True, True)
    assert Project.objects.get().members.get().user == admin
    assert stat.S_IMODE((home / "admin-token").stat().st_mode) == 0o600


def test_the_second_time_it_says_and_changes_nothing(home: Path) -> None:
    ensure()
    token = (home / "admin-token").read_text()
    assert ensure() == ""
    assert (home / "admin-token").read_text() == token
    assert User.objects.count() == ApiToken.objects.count() == 1


def test_a_token_that_is_no_longer_valid_is_made_anew(home: Path) -> None:
    ensure()
    token = (home / "admin-token").read_text()
    ApiToken.objects.all().delete()
    ensure()
    assert (home / "admin-token").read_text() != token
    assert ApiToken.objects.count() == 1
