"""A real worker delivers to a real server: tried again after 500, signed as the documentation checks it."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role
from notices.models import Delivery
from tests.factories import call, make_cast
from tests.jobs.test_worker import Worker
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAGE = Path(__file__).resolve().parents[2] / "docs/webhooks.md"


class Receiver(BaseHTTPRequestHandler):
    """Answers 500 to the first and 200 to all others."""

    received: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((dict(self.headers), body))
        self.send_response(500 if len(self.received) == 1 else 200)
        self.end_headers()
        self.wfile.write(b"heard")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Receiver.received.clear()
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


@pytest.fixture
def _worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HALFDAY_WEBHOOK_ALLOW", "127.0.0.1")
    worker = Worker(tmp_path / "log")
    yield
    worker.stop()


def is_ours(*given: Any) -> bool:
    """The check as the documentation has it, run from its text."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return bool(names["is_ours"](*given))


@pytest.mark.usefixtures("_worker")
def test_it_works(url: str, settings: Any) -> None:
    settings.WEBHOOK_ALLOW = ["127.0.0.1"]
    cast = make_cast(bob=Role.MANAGER)
    made = {"url": url, "events": ["batch.done"]}
    hook = call(cast.bob, "post", f"projects/{cast.project.pk}/webhooks", made).json()
    call(cast.bob, "post", f"webhooks/{hook['id']}/ping")
    call_command("run_clock", "--once")
    until(lambda: Delivery.objects.get().tries.count() == 1)
    assert (Delivery.objects.get().state, Delivery.objects.get().tries.get().status) == ("waiting", 500)
    Delivery.objects.update(next_at=timezone.now())  # ten seconds later
    call_command("run_clock", "--once")
    until(lambda: Delivery.objects.get().state == "delivered")
    assert [(one.status, one.answer) for one in Delivery.objects.get().tries.order_by("pk")][1] == (200, "heard")

    (_, first), (headers, body) = Receiver.received
    assert first == body
    assert json.loads(body)["event"] == headers["Halfday-Event"] == "ping"
    assert is_ours(hook["secret"], headers, body)
    assert not is_ours(hook["secret"], headers, body + b" ")
    assert not is_ours("another", headers, body)
    assert not is_ours(hook["secret"], headers | {"Halfday-Timestamp": "1"}, body)
