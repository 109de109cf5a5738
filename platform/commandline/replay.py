"""`./halfday replay LEDGER.json …`: do an iteration again, here or on the platform that HALFDAY_URL names.

The replay itself is the package `replay`, which speaks REST only. Without HALFDAY_URL it gets this machine's platform,
which is started where it does not run, and stopped afterwards.
"""

import argparse
import os
import sys

from commandline.demo import run_program
from commandline.up import add_address_options, serve
from embedded.failures import Failure
from embedded.home import Home
from embedded.instance import Instance


def main(arguments: list[str]) -> int:
    """0 where the figures agree, 3 where they do not, 1 where it could not be done."""
    from replay.__main__ import main as replay
    from replay.__main__ import parser as replay_parser
    from replay.reading import CannotReplay, read_ledger

    if os.environ.get("HALFDAY_URL"):
        return replay(arguments)
    home = Home.find()
    parser = argparse.ArgumentParser(prog="./halfday replay", add_help=False, allow_abbrev=False)
    add_address_options(parser)
    options, rest = parser.parse_known_args(arguments)
    asked = replay_parser().parse_args(
        rest
    )  # ends here, before the platform starts, where something is wrong with them
    try:
        read_ledger(asked.ledger)
    except CannotReplay as error:
        raise Failure(str(error)) from error

    def work(address: str, instance: Instance | None) -> int:
        return run_program(home, address, instance, [sys.executable, "-m", "replay", *rest])

    return serve(home, host=options.host, port=options.port, work=work)
