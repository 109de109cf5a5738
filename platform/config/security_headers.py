"""What browsers are told of every answer: where scripts, styles and pictures may come from, and who may frame it.

A page that a report or an answer of its own sets a policy for keeps that.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

CLOSED = {"default-src": "'none'", "frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'none'"}
SCHEME = "'sha256-gHvpkc5yrS5WPenn2cIgKh3Uh2snvMuNZFYHFaJ7PJ0='"  # the one script within frontend/index.html
PAGE = CLOSED | {
    "script-src": f"'self' {SCHEME}",
    "style-src": "'self' 'unsafe-inline'",  # Mantine, CodeMirror and the charts write styles while they run
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "img-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",
}
# The administration's pages say in their markup what they do (Alpine), which is evaluated; nothing inline runs.
ADMIN = PAGE | {"script-src": "'self' 'unsafe-eval'"}
PERMISSIONS = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


def policy_for(path: str) -> str:
    """The Content-Security-Policy of what is at a path."""
    if path.startswith("/admin/"):
        return header_of(ADMIN)
    if path.startswith("/api/") and not path.startswith("/api/docs"):
        return header_of(CLOSED)
    return header_of(PAGE | of_storage())


def of_storage() -> dict[str, str]:
    """Pictures and files that lie in S3 come from there; the browser is led to it."""
    if not settings.S3_BUCKET:
        return {}
    there = settings.S3_PUBLIC_ENDPOINT or settings.S3_ENDPOINT or "https://*.amazonaws.com"
    return {name: f"{PAGE[name]} {there}" for name in ("img-src", "connect-src")}


def header_of(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class SecurityHeaders:
    """Stands outside whatever serves files, so that these say it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy_for(request.path))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Frame-Options", "DENY")
        if request.path.startswith("/api/v1/"):  # one person's: no proxy keeps it, and a browser asks again
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
