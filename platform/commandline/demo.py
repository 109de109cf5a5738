"""`./halfday demo …`: start the platform, or find it running, and replay the experiment on it.

The experiment itself is the package `demo`, which speaks REST only; it gets the address and an API token in its
environment (HALFDAY_URL, HALFDAY_TOKEN) and all arguments but the ones below.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from commandline.up import add_address_options, serve
from embedded.failures import Failure
from embedded.home import Home
from embedded.instance import Instance


def main(arguments: list[str]) -> int:
    """Run the demo; without --exit the platform stays up afterwards, until Ctrl-C."""
    home = Home.find()
    parser = argparse.ArgumentParser(prog="./halfday demo", add_help=False, allow_abbrev=False)
    add_address_options(parser)
    parser.add_argument("--exit", action="store_true", help="stop the platform when the demo has ended")
    options, rest = parser.parse_known_args(arguments)
    from demo.__main__ import needs_data
    from demo.__main__ import parser as demo_parser

    asked = demo_parser().parse_args(rest)  # ends here, before the platform starts, if it does not understand them
    if missing := needs_data(asked):
        raise Failure(missing, advice="Or leave --preset out: the demo then draws its own images.")
    with own_material(asked) as material:

        def work(address: str, instance: Instance | None) -> int:
            code = run_program(home, address, instance, [sys.executable, "-m", "demo", *rest, *material])
            if instance is not None and not options.exit:
                print(f"\nThe platform stays up at {address} until Ctrl-C.", flush=True)
                with contextlib.suppress(KeyboardInterrupt):
                    instance.watch()
            return code

        return serve(home, host=options.host, port=options.port, work=work)


@contextlib.contextmanager
def own_material(asked: argparse.Namespace) -> Iterator[list[str]]:
    """Look into the user's folder before anything starts; the demo's option that names what was read there."""
    if not asked.data:
        yield []
        return
    from commandline.labelled_folder import write_labelled_folder

    with tempfile.TemporaryDirectory(prefix="halfday-labels-") as name:
        target = Path(name) / "labels.json"
        print(f"Reading {asked.data} …", flush=True)
        write_labelled_folder(asked.data, target, wanted=asked.format, annotations=asked.annotations)
        yield ["--material", str(target)]


def run_program(home: Home, address: str, instance: Instance | None, command: list[str]) -> int:
    """Run a program that speaks REST in a process of its own, watching over the platform meanwhile."""
    environment = home.environment() | {"HALFDAY_URL": address, "HALFDAY_TOKEN": admin_token(home)}
    process = subprocess.Popen(command, env=environment)  # here, so that relative paths are the user's
    try:
        if instance is not None:
            instance.watch(until=lambda: process.poll() is not None)
        return process.wait()
    finally:
        try:
            process.wait(10)  # Ctrl-C reached it too; it has something to say
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()


def admin_token(home: Home) -> str:
    """The API token that set-up left for this machine's own scripts."""
    try:
        return home.admin_token.read_text().strip()
    except FileNotFoundError:
        raise Failure(
            f"There is no API token in {home.admin_token}.",
            advice="Run ./halfday manage ensure_admin, which makes a new one.",
        ) from None
