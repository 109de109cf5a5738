"""Curate's administration pages open, and change nothing."""

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["autocurate", "suggestion", "evaluation", "comparison"])
def test_it_works(client: Client, page: str) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "a long password"))
    assert client.get(f"/admin/curate/{page}/").status_code == 200
    assert client.get(f"/admin/curate/{page}/add/").status_code == 403
