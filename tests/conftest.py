"""A session of tests has servers and Django of its own (tests/servers.py), unless it is of pure tests alone."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow: no test is about time.
settings.register_profile("halfday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("halfday")

PURE = Path(__file__).parent / "science"
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    """A process that only hands tests out to others (pytest-xdist) needs none, and would hand on its own addresses."""
    signal.signal(signal.SIGTERM, interrupt)
    if not hasattr(config, "workerinput"):
        keep_apart()
    hands_out = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not hands_out and not only_pure(config):
        from tests import servers

        config.pluginmanager.register(servers)


def interrupt(number: int, frame: object) -> None:
    """SIGTERM is as Ctrl-C: fixtures stop what they started."""
    raise KeyboardInterrupt


def keep_apart() -> None:
    """Have tmp_path lie in a folder of this session's own, which goes with it (--basetemp=FOLDER keeps it).

    Every session that starts closes the folder that pytest's sessions share by default to other users, and where this
    is root Postgres runs as one.
    """
    folder = tempfile.mkdtemp(prefix="halfday-pytest-")
    os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def only_pure(config: pytest.Config) -> bool:
    """Whether all that was asked for lies in tests/science: numbers in, numbers out, in a second."""
    asked = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    return all(path.resolve().is_relative_to(PURE) for path in asked)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes take files in turns, slow files first: one that came last would leave the others idle."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the checkout; skips, saying so, where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real data is not there: {SHARED_DATA}")
    return SHARED_DATA
