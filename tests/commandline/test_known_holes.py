"""What `npm audit` and `pip-audit` say, and what it means that they say nothing."""

from pathlib import Path

import pytest

from commandline import known_holes
from embedded.home import Home

NPM = {"vulnerabilities": {"a": {"severity": "critical"}, "b": {"severity": "moderate"}, "c": {"severity": "high"}}}
PIP = {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}, {"name": "b", "vulns": []}]}


def test_it_works() -> None:
    assert known_holes.of_npm(NPM) == ["a: critical (npm audit)", "c: high (npm audit)"]
    assert known_holes.of_pip(PIP) == ["a 1: X-1 (pip-audit)"]


def test_a_server_that_does_not_answer_is_no_hole() -> None:
    assert known_holes.of_npm({"message": "405 Method Not Allowed", "statusCode": 405}) == []


@pytest.mark.parametrize("command", [["no-such-program"], ["true"], ["echo", "no JSON"], ["echo", "[]"]])
def test_a_program_that_says_nothing_is_none(command: list[str], tmp_path: Path) -> None:
    assert known_holes.answered(command, Home(tmp_path), tmp_path) is None
