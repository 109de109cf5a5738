"""What proves that a request is ours: HMAC-SHA256 over its time and its body (docs/webhooks.md)."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from django.utils import timezone

from notices.models import Webhook

PREFIX = "hdwh_"


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """64 hexadecimal digits over the timestamp, a full stop and the body."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def valid_secrets(hook: Webhook) -> list[str]:
    """The one that is, and while it is being changed also the one that was."""
    earlier = hook.earlier_secret and hook.earlier_until and hook.earlier_until > timezone.now()
    return [hook.secret, *([hook.earlier_secret] if earlier else [])]


def signature_header(secrets_: Iterable[str], timestamp: int, body: bytes) -> str:
    return ",".join(f"v1={signature(one, timestamp, body)}" for one in secrets_)
