"""A process that reads what somebody brought reaches neither the network nor other programs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONFINED = """
from model.engines.confinement import confine
from model.engines.types import ConversionLimits
import os, socket, subprocess, sys
confine(ConversionLimits(memory=0))
try:
    {call}
except PermissionError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("call", "event"),
    [
        ("socket.create_connection(('127.0.0.1', 9), 1)", "socket.getaddrinfo"),
        ("socket.socket().connect(('127.0.0.1', 9))", "socket.connect"),
        ("subprocess.run(['true'])", "subprocess.Popen"),
        ("os.system('true')", "os.system"),
    ],
)
def test_it_refuses(call: str, event: str) -> None:
    program = [sys.executable, "-c", CONFINED.format(call=call)]
    ended = subprocess.run(
        program, capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": f"{ROOT}:{ROOT}/platform"}
    )
    assert ended.stdout == f"A conversion reaches neither the network nor other programs ({event}).\n", ended.stderr
