"""How the front end's files travel: small, kept for good where their name carries a hash, and never one for another."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

# An answer that is closed has Django look at the connection that a test before may have left open.
pytestmark = pytest.mark.django_db
SCRIPT = b"console.log('a script of some length')\n" * 100
NAME = "index-CBYD2_t1.js"


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    """What a build leaves: the page, a script under a name with a hash, its compressed forms, and a picture."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Halfday</title>")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    script = tmp_path / "assets" / NAME
    script.write_bytes(SCRIPT)
    script.with_name(f"{NAME}.gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name(f"{NAME}.br").write_bytes(b"brotli")
    settings.FRONTEND_DIST = settings.WHITENOISE_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False
    return tmp_path


def fetch(path: str, accepted: str = "") -> Any:
    """What the files' middleware answers; 418 where it leaves the address to others."""
    whitenoise = WhiteNoiseMiddleware(lambda request: HttpResponse(status=418))
    answer = whitenoise(RequestFactory().get(path, headers={"Accept-Encoding": accepted}))
    return read(answer)


def read(answer: Any) -> Any:
    """The answer, its file read into `body` and closed."""
    answer.body = b"".join(answer)
    answer.close()
    return answer


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("", None), ("identity", None)]
)
def test_it_works(built: Path, accepted: str, encoding: str | None) -> None:
    answer = fetch(f"/assets/{NAME}", accepted)
    content = answer.body
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Content-Type"].startswith("text/javascript")
    assert {"br": lambda: content == b"brotli", "gzip": lambda: gzip.decompress(content) == SCRIPT}.get(
        str(encoding), lambda: content == SCRIPT
    )()


def test_only_a_name_with_a_hash_is_kept_for_good(built: Path) -> None:
    kept = {path: fetch(path)["Cache-Control"] for path in (f"/assets/{NAME}", "/favicon.svg")}
    assert "immutable" in kept[f"/assets/{NAME}"]
    assert "max-age=315360000" in kept[f"/assets/{NAME}"]
    assert "immutable" not in kept["/favicon.svg"]


def test_the_page_is_asked_for_each_time(client: Any, built: Path) -> None:
    answer = client.get("/datasets/3")
    assert (answer.status_code, answer.content) == (200, b"<title>Halfday</title>")
    assert "no-store" in answer["Cache-Control"]


def test_a_file_of_another_build_is_not_answered_with_the_page(client: Any, built: Path) -> None:
    answer = client.get("/assets/GridPage-9fGh2_aB.js")
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert b"<title>" not in answer.content


@pytest.mark.skipif(not settings.FRONTEND_DIST.is_dir(), reason="The front end is not built: ./halfday test builds it.")
def test_the_build_lays_the_small_forms_beside_each_text() -> None:
    texts = [path for path in settings.FRONTEND_DIST.rglob("*") if path.suffix in {".js", ".css"}]
    large = [path for path in texts if path.stat().st_size >= 1024]
    assert len(large) > 20
    for path in large:
        small = [path.with_name(path.name + suffix) for suffix in (".br", ".gz")]
        assert all(one.stat().st_size < path.stat().st_size for one in small), path


@pytest.mark.skipif(not settings.FRONTEND_DIST.is_dir(), reason="The front end is not built: ./halfday test builds it.")
def test_what_the_page_begins_with_is_small() -> None:
    """The scripts and styles that index.html names, as they travel: the login page adds 10 KB to them."""
    page = (settings.FRONTEND_DIST / "index.html").read_text()
    named = [path for path in (settings.FRONTEND_DIST / "assets").iterdir() if f"/assets/{path.name}" in page]
    travelling = [path.with_name(f"{path.name}.br") if path.suffix != ".woff2" else path for path in named]
    assert len(named) <= 5
    assert sum(path.stat().st_size if path.exists() else 1024 for path in travelling) < 270_000
