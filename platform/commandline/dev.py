"""`./halfday dev`: the platform for those who change it; a saved file is seen at its address within seconds."""

import argparse
import contextlib

from commandline.up import add_address_options, serve
from embedded.failures import Failure
from embedded.home import Home
from embedded.instance import Instance
from embedded.programs import development_programs
from embedded.setup.frontend import ensure_packages


def main(arguments: list[str]) -> int:
    """Start, say where, follow saved files until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="./halfday dev", description=__doc__)
    add_address_options(parser)
    options = parser.parse_args(arguments)
    return serve(
        Home.find(),
        host=options.host,
        port=options.port,
        work=follow,
        ensure_frontend=ensure_packages,  # Vite builds what the browser asks for
        programs=development_programs,
    )


def follow(address: str, instance: Instance | None) -> int:
    """Watch over the platform, and take saved files to it."""
    from embedded.reloading import Reloader  # a library that only this needs

    if instance is None:
        advice = "Stop it, or set HALFDAY_HOME to another folder."
        raise Failure("./halfday dev starts a platform of its own; another one runs here already.", advice=advice)
    with contextlib.suppress(KeyboardInterrupt), Reloader(instance.home, instance.supervisor):
        instance.watch()
    return 0
