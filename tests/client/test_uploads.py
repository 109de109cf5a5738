"""Sending a folder in parts to a real server that dies in the middle of it."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings

from accounts import services
from client import Halfday, HalfdayError
from client import uploads as sending
from dataset.models import Upload
from dataset.services import uploads
from dataset.tasks import run_import
from tests.dataset.folders import yolo_folder
from tests.factories import make_user, run_jobs

pytestmark = pytest.mark.django_db(transaction=True, available_apps=django_settings.INSTALLED_APPS)
assert run_import


@pytest.fixture
def halfday(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.STORAGE_ROOT = tmp_path / "storage"
    monkeypatch.setattr(uploads, "SMALLEST_PART", 100)
    monkeypatch.setattr(uploads, "PART", 700)
    monkeypatch.setattr(sending, "LONGEST_PAUSE", 0.01)
    admin = make_user("Alice", is_superuser=True)
    token = services.create_token(name="test", project=None, role=None, by=admin).token
    with Halfday(live_server.url, token) as client:
        yield client


class Flaky(httpx.BaseTransport):
    """The network: answers get lost after they were given, and requests before they arrive."""

    def __init__(self, losing: int) -> None:
        self.inner, self.calls, self.losing = httpx.HTTPTransport(), 0, losing

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls % self.losing == 0:
            raise httpx.ConnectError("lost", request=request)
        response = self.inner.handle_request(request)
        if self.calls % self.losing == 1:
            response.read()
            response.close()
            raise httpx.ReadError("lost", request=request)
        return response

    def close(self) -> None:
        self.inner.close()


def over(halfday: Halfday, network: httpx.BaseTransport) -> None:
    """Put the client on that network."""
    http = halfday.transport.http
    http.close()
    halfday.transport.http = httpx.Client(transport=network, base_url=http.base_url, headers=http.headers)


def test_a_folder_survives_a_bad_network(halfday: Halfday, tmp_path: Path) -> None:
    dataset = halfday.datasets.create(project=halfday.projects.create("P")["id"], name="D")["id"]
    folder = yolo_folder(tmp_path / "my set")
    (folder / ".DS_Store").write_text("hidden")
    over(halfday, Flaky(losing=5))
    heard: list[tuple[int, int]] = []
    job = halfday.datasets.upload(dataset, folder, metadata={"part": "a"}, progress=lambda *told: heard.append(told))
    assert heard == sorted(heard)
    assert heard[-1][0] == heard[-1][1] > 2000
    (done,) = run_jobs()
    assert (done.pk, done.result["images"]["added"], done.result["problems"]) == (job["id"], 3, [])


def test_another_attempt_goes_on(halfday: Halfday, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = halfday.datasets.create(project=halfday.projects.create("P")["id"], name="D")["id"]
    folder = yolo_folder(tmp_path / "my set")

    def interrupted(sent: int, size: int) -> None:
        if sent >= 1400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        halfday.datasets.upload(dataset, folder, progress=interrupted)
    assert Upload.objects.get().offset == 1400
    heard: list[int] = []
    halfday.datasets.upload(dataset, folder, progress=lambda sent, size: heard.append(sent))
    assert heard[0] == 1400
    (done,) = run_jobs()
    assert done.result["images"]["added"] == 3


def test_it_gives_up_at_once_where_trying_again_is_no_use(halfday: Halfday, tmp_path: Path) -> None:
    (tmp_path / "picture.zip").write_bytes(b"\x89PNG" * 100)
    dataset = halfday.datasets.create(project=halfday.projects.create("P")["id"], name="D")["id"]
    with pytest.raises(HalfdayError, match="not a zip archive"):
        halfday.datasets.upload(dataset, tmp_path / "picture.zip")
