"""What every answer tells the browser: whose scripts may run, who may frame it, and how its content is to be read."""

import base64
import hashlib
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from config.security_headers import SCHEME
from embedded.home import ROOT
from tests.factories import make_user, signed_in

pytestmark = pytest.mark.django_db
PAGE = f"'self' {SCHEME}"


@pytest.fixture
def boss() -> User:
    return make_user("Boss", is_staff=True, is_superuser=True)


def directives(answer: Any) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize(
    ("path", "scripts"),
    [
        ("/", PAGE),
        ("/login", PAGE),
        ("/invitation", PAGE),
        ("/datasets/3", PAGE),
        ("/api/docs", PAGE),
        ("/admin/", "'self' 'unsafe-eval'"),
        ("/admin/accounts/user/", "'self' 'unsafe-eval'"),
        ("/api/v1/health", None),
        ("/api/v1/projects", None),
        ("/api/schema", None),
        ("/static/unfold/css/styles.css", PAGE),
    ],
)
def test_it_works(boss: User, path: str, scripts: str | None) -> None:
    answer = signed_in(boss).get(path)
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    told = directives(answer)
    assert (told["default-src"], told["frame-ancestors"]) == ("'none'", "'none'")
    assert told.get("script-src") == scripts


def test_the_front_end_may_run_the_one_script_in_its_page() -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", (ROOT / "frontend" / "index.html").read_text(), re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" == SCHEME


@pytest.mark.parametrize("path", ["projects", "auth/me", "datasets/0", "jobs"])
def test_no_proxy_keeps_what_one_person_was_answered(boss: User, path: str) -> None:
    assert "private" in signed_in(boss).get(f"/api/v1/{path}")["Cache-Control"]


def test_no_page_of_ours_has_a_script_in_its_text(boss: User) -> None:
    """Which the policy would stop from running: the page would be broken, and nothing else would say so."""
    for path in ("/api/docs", "/admin/", "/admin/accounts/user/", f"/admin/accounts/user/{boss.pk}/change/"):
        page = signed_in(boss).get(path).content.decode()
        inline = [part.partition("</script>")[0] for part in page.split("<script")[1:] if " src=" not in part[:400]]
        assert [text for text in inline if "application/json" not in text and "text/template" not in text] == []


def test_pictures_that_lie_in_s3_may_be_shown(settings: Any) -> None:
    settings.S3_BUCKET, settings.S3_PUBLIC_ENDPOINT = "lake", "https://s3.example.org"
    told = directives(Client().get("/login"))
    assert "https://s3.example.org" in told["img-src"]
    assert "https://s3.example.org" not in told["script-src"]


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(boss: User) -> None:
    boss.set_password("the words of a song")
    boss.save()
    browser, body = Client(), {"email": boss.email, "password": "the words of a song"}
    browser.post("/api/v1/auth/login", body, content_type="application/json")
    for name in ("sessionid", "halfday_browser"):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Lax"
