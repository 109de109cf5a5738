"""`./halfday test` and the pytest that it runs: neither outlives the other."""

import signal
import subprocess
import sys

import pytest

from embedded.home import ROOT
from tests.children.scene import environment, wait_until_gone
from tests.processes import end, started

# Runs a program that says its process id and waits, as ./halfday test runs pytest.
SCRIPT = """
import os, sys
from commandline import test
from commandline.launcher import told_plainly
test.CTRL_C = 0.2
waits = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
with told_plainly():
    sys.exit(test.run_bound([sys.executable, "-c", waits], dict(os.environ)))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_pytest_ends_with_it(number: int) -> None:
    with started([sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with process.stdout:
            pid = int(process.stdout.readline())
        assert end(process, number) == (-signal.SIGKILL if number == signal.SIGKILL else 130)
    wait_until_gone(pid)


@pytest.mark.parametrize("code", [0, 5])
def test_its_exit_code_is_passed_on(code: int) -> None:
    from commandline.test import run_bound

    assert run_bound([sys.executable, "-c", f"raise SystemExit({code})"], environment()) == code
