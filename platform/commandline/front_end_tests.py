"""`python -m commandline.front_end_tests`: Vitest, for `./halfday test`."""

import signal
import sys

from children import die_with_parent
from commandline.launcher import told_plainly
from embedded.failures import Failure, tail
from embedded.home import Home
from embedded.progress import step
from embedded.setup.frontend import ensure_packages

SHOWN_LINES = 60  # of failing tests


def run_front_end_tests(home: Home) -> bool:
    """Run Vitest; show the end of what it says when something fails."""
    ensure_packages(home)
    log = home.logs / "test-frontend.log"
    log.unlink(missing_ok=True)
    try:
        with step("Front-end tests") as current:
            environment = home.environment() | {"CI": "1", "NO_COLOR": "1"}
            current.run(["npm", "test"], cwd=home.frontend, environment=environment, log=log)
    except Failure:
        print("\n".join(tail(log, SHOWN_LINES)), file=sys.stderr)
        return False
    said = (line for line in tail(log, 10) if line.strip().startswith(("Test Files", "Tests")))
    print("", *said, sep="\n", flush=True)  # after a line of pytest's dots
    return True


if __name__ == "__main__":
    die_with_parent(signal.SIGTERM)
    with told_plainly():
        sys.exit(0 if run_front_end_tests(Home.find()) else 1)
