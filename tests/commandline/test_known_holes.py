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


def test_what_could_not_be_asked_is_said() -> None:
    """pip-audit calls a package that its server does not tell of "skipped", and ends well."""
    skipped = {"dependencies": [{"name": "django", "skip_reason": "Dependency not found on PyPI"}]}
    npm, pip = known_holes.not_asked({"message": "405 Method Not Allowed", "statusCode": 405}, skipped)
    assert "nothing is known of the front end's packages" in npm
    assert "no answer for 1 packages, the first: django" in pip
    assert known_holes.not_asked(None, None)[1].startswith("pip-audit is not installed, or had no answer")
    assert known_holes.not_asked(NPM, PIP) == []


@pytest.mark.parametrize("command", [["no-such-program"], ["true"], ["echo", "no JSON"], ["echo", "[]"]])
def test_a_program_that_says_nothing_is_none(command: list[str], tmp_path: Path) -> None:
    assert known_holes.answered(command, Home(tmp_path), tmp_path) is None
