"""`./halfday manage …`: Django's management commands, with the database and the broker running."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from commandline.up import lock_or_address
from embedded.home import ROOT, Home
from embedded.servers import Servers


def main(arguments: list[str]) -> int:
    """Run manage.py and return its exit code."""
    home = Home.find()
    with running_servers(home) as environment:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=home.environment() | environment, check=False).returncode


@contextlib.contextmanager
def running_servers(home: Home) -> Iterator[dict[str, str]]:
    """The addresses of running servers: the platform's where it is up, else started for this block."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield {}
        return
    servers = Servers(home.folder)
    lock = lock_or_address(home)
    if isinstance(lock, str):
        yield servers.environment() | database_settings()
        return
    with lock:
        try:
            environment = servers.environment()
            servers.start(die_with_parent=True)
            yield environment | database_settings()
        finally:
            servers.stop()


def database_settings() -> dict[str, str]:
    """Addresses that the user's environment sets, which win."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
