"""What tests of the platform share: a database, a broker and a HALFDAY_HOME of the session's own, and Django on them.

A plugin of pytest that tests/conftest.py registers. Settings are read after the addresses are in the environment. The
broker starts at once (a few milliseconds), Postgres when the first test asks for the database.
"""

import atexit
import contextlib
import functools
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.locks import locked
from embedded.servers import Servers
from embedded.stamps import digest_of

ROOT = Path(__file__).parents[1]
HOME = Path(tempfile.mkdtemp(prefix="halfday-test-"))
SERVERS = Servers(HOME, durable=False)
BUILT = Path(os.environ.get("HALFDAY_HOME") or ROOT / ".halfday").absolute()  # where ./halfday test built the front end
CACHE = BUILT / "cache" / "test-database"
STATIC_FILES = "whitenoise.middleware.WhiteNoiseMiddleware"
MAKING = contextlib.ExitStack()  # holds the lock for as long as this process makes what the others wait for


def remove_home() -> None:
    """Stop the servers and remove their folder; at exit, so that a broken-off session does it too."""
    SERVERS.stop()
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_configure() -> None:
    """Point the settings at this session's servers, and load them: pytest-django sets up what is loaded."""
    atexit.register(remove_home)
    os.environ.setdefault("HALFDAY_FRONTEND_DIST", str(BUILT / "frontend" / "dist"))
    os.environ.setdefault("HALFDAY_QUERY_BUDGET", "60")  # a busy machine is slow
    os.environ.update(SERVERS.environment())
    os.environ["HALFDAY_HOME"] = str(HOME)
    (HOME / "static").mkdir()  # WhiteNoise warns of its absence
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    SERVERS.valkey.start(die_with_parent=True)
    from django.conf import settings

    from children import nursery

    middleware = settings.MIDDLEWARE
    middleware[middleware.index(STATIC_FILES)] = "tests.static_files.FoundOnce"
    middleware.insert(0, "tests.schema.watch.Watch")
    nursery.IDLE = 3600.0  # libraries of the engines are loaded once, however long ago the last training was
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a good one is slow on purpose


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The whole server goes at exit; a connection that is still being closed need not hold that up."""
    return True


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
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Processes side by side need no names of their own: each has a server."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Start Postgres, with the tables kept from a session before: pytest-django asks before it makes the database.

    Of several processes without such tables one makes them, and the others wait: the migrations take seconds of CPU.
    """
    MAKING.enter_context(locked(CACHE / "lock"))
    if kept_database().exists():
        SERVERS.postgres.folder.mkdir()
        copy(kept_database(), SERVERS.postgres.data)
        MAKING.close()
    SERVERS.postgres.start(die_with_parent=True)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> None:
    """Keep what the migrations made for the sessions to come: they take longer than most files of tests."""
    from django.db import connection

    from tests.emptying import empty_by_delete

    with MAKING:
        request.getfixturevalue("django_db_setup")  # pytest-django's, which this one stands before
        if not kept_database().exists():
            connection.close()
            SERVERS.postgres.stop()
            keep(SERVERS.postgres.data)
            SERVERS.postgres.start(die_with_parent=True)
    empty_by_delete()


def keep(cluster: Path) -> None:
    """In one step, so that a broken-off session leaves nothing half; what other migrations made goes."""
    for old in CACHE.glob("*/"):
        shutil.rmtree(old)
    copy(cluster, CACHE / "new")
    (CACHE / "new").rename(kept_database())


@functools.cache
def kept_database() -> Path:
    """The cluster after the migrations that there are now."""
    migrations = ROOT.glob("*/migrations/*.py"), ROOT.glob("platform/*/migrations/*.py")
    return CACHE / digest_of([ROOT / "requirements.txt", *itertools.chain(*migrations)])


def copy(cluster: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", cluster, target], check=True)  # -a: the owner too, as whom the server runs
