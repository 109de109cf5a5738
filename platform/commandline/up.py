"""`./halfday up`: start the platform and stay in the foreground."""

import argparse
import contextlib
import os
import time
from collections.abc import Callable
from typing import IO

from commandline.first_use import prepared_beside
from commandline.launcher import INTERRUPTED
from embedded import machine
from embedded.failures import Failure
from embedded.home import Home
from embedded.instance import Instance, address_file, healthy, say, stop_leftovers
from embedded.locks import try_lock
from embedded.programs import Programs, programs
from embedded.setup.database import first_password
from embedded.setup.frontend import ensure_frontend

DEFAULT_PORT = 8000
PORTS_TRIED = 100  # from the default one on

# Gets the address, and the instance where it is ours to watch over; returns an exit code.
Work = Callable[[str, Instance | None], int]


def main(arguments: list[str]) -> int:
    """Start, say where, stay until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="./halfday up", description=__doc__)
    add_address_options(parser)
    options = parser.parse_args(arguments)
    return serve(Home.find(), host=options.host, port=options.port)


def add_address_options(parser: argparse.ArgumentParser) -> None:
    """--host and --port, with their environment variables as defaults."""
    host = os.environ.get("HALFDAY_HOST", "127.0.0.1")
    port = os.environ.get("HALFDAY_PORT")
    parser.add_argument("--host", default=host, help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=port, help=f"default: {DEFAULT_PORT}, or the next free one")


def stay(address: str, instance: Instance | None) -> int:
    """Watch over the platform until Ctrl-C."""
    if instance is not None:
        with contextlib.suppress(KeyboardInterrupt):
            instance.watch()
    return 0


def serve(
    home: Home,
    *,
    host: str,
    port: int | None,
    work: Work = stay,
    ensure_frontend: Callable[[Home], None] = ensure_frontend,
    programs: Programs = programs,
) -> int:
    """Run the platform, or find it running; do `work` on it; stop it if it is ours. Returns an exit code."""
    lock = lock_or_address(home)
    if isinstance(lock, str):
        print(f"Halfday is already running at {lock}", flush=True)
        return work(lock, None)
    with lock:
        with prepared_beside(home, wait=False):
            ensure_frontend(home)
        stop_leftovers(home)
        instance = Instance(home, host=host, port=choose_port(host, port), programs=programs)
        try:
            instance.start()
            greet(home, instance.address)
            return work(instance.address, instance)
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            say("\nStopping …")
            instance.stop()
            say("Halfday has stopped. Everything is kept for the next start.")


def lock_or_address(home: Home) -> IO[str] | str:
    """Take the instance lock, or return the address of the platform that holds it; wait where it is starting."""
    waited = 0.0
    while True:
        lock = try_lock(home.run / "instance.lock")
        if lock is not None:
            return lock
        file = address_file(home)
        address = file.read_text() if file.exists() else ""
        if address and healthy(address):
            return address
        if waited == 1.0:
            print("Another ./halfday is at work here; waiting for it …", flush=True)
        waited += 0.5
        time.sleep(0.5)


def choose_port(host: str, port: int | None) -> int:
    """The port asked for, which must be free, or else the first free one from the default on."""
    if port is not None:
        if not machine.port_is_free(host, port):
            raise Failure(f"Port {port} on {host} is taken by another program.", advice="Choose another with --port.")
        return port
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        if machine.port_is_free(host, candidate):
            return candidate
    raise Failure(f"No free port from {DEFAULT_PORT} on.", advice="Choose one with --port.")


def greet(home: Home, address: str) -> None:
    """Say where the platform is and, once, the administrator's password."""
    print(f"\nHalfday is at {address}")
    if sentence := first_password(home):
        print(sentence)
    print(f"Forgotten the administrator's password: ./halfday manage changepassword {admin_email()}")
    print("Ctrl-C stops it.\n", flush=True)


def admin_email() -> str:
    """Whom the first start makes the administrator."""
    return os.environ.get("HALFDAY_ADMIN_EMAIL", "admin@halfday.local").lower()
