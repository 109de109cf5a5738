"""Every test session has a database, a broker and a HALFDAY_HOME of its own, in a temporary folder.

Settings are read after this file has put the addresses into the environment. The broker starts at once (a few
milliseconds), Postgres when the first test asks for the database, so that pure tests never wait for it.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.servers import Servers

ROOT = Path(__file__).parents[1]
HOME = Path(tempfile.mkdtemp(prefix="halfday-test-"))
SERVERS = Servers(HOME, durable=False)


def remove_home() -> None:
    """Stop the servers and remove their folder; at exit, so that a broken-off session does it too."""
    SERVERS.stop()
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Point the settings at this session's servers, and load them: pytest-django sets up what is loaded.

    A process that only hands tests out to others (pytest-xdist) needs none, and would hand on its own addresses.
    """
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    atexit.register(remove_home)
    built = Path(os.environ.get("HALFDAY_HOME", ROOT / ".halfday")) / "frontend" / "dist"
    os.environ.setdefault("HALFDAY_FRONTEND_DIST", str(built))
    os.environ.update(SERVERS.environment())
    os.environ["HALFDAY_HOME"] = str(HOME)
    (HOME / "static").mkdir()  # WhiteNoise warns of its absence
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    SERVERS.valkey.start(die_with_parent=True)
    from django.conf import settings

    settings.MIDDLEWARE.insert(0, "tests.schema.watch.Watch")
    assert settings.DATABASES


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The whole server goes at exit; a connection that is still being closed need not hold that up."""
    return True


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the checkout; skips, saying so, where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data is not there: {folder}")
    return folder


@pytest.fixture(autouse=True)
def _answers_equal_the_schema() -> Iterator[None]:
    """Fail a test in which a call or its answer was not what the OpenAPI document describes; see tests/schema/."""
    yield
    watch = sys.modules.get("tests.schema.watch")  # loaded by the first call
    differences = watch.taken() if watch else []
    if differences:
        pytest.fail("The OpenAPI document says otherwise:\n" + "\n".join(differences), pytrace=False)


@pytest.fixture(autouse=True)
def _fresh_content_types() -> None:
    """A test that empties all tables makes the ids wrong that Django remembers of its content types."""
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Start Postgres: pytest-django asks for this just before it creates the test database."""
    SERVERS.postgres.start(die_with_parent=True)
