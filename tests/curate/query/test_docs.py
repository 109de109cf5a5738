"""The page on the query line keeps its word."""

import re
from pathlib import Path

import pytest

from curate.query.columns import IMAGE, LABEL, MATCH
from curate.query.functions import FUNCTIONS
from curate.query.parser import DEEPEST, LONGEST, parse

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "query.md").read_text(encoding="utf-8")
EXAMPLES = [line for block in re.findall(r"```query\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
CELLS = re.findall(r"\| `((?:tp|fp|fn)\(.*?evaluation.*?\))` \|", PAGE)


@pytest.mark.parametrize("line", [*EXAMPLES, *CELLS])
def test_every_example_can_be_read(line: str) -> None:
    assert parse(line) is not None


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10
    assert len(CELLS) == 4


def test_every_field_function_error_and_limit_is_named() -> None:
    errors = MATCH.columns["error"].choices or {}
    for name in (*IMAGE.columns, *LABEL.columns, *errors):
        assert f"`{name}`" in PAGE, name
    for name in FUNCTIONS:
        assert f"`{name}(" in PAGE, name
    assert f"{LONGEST:,} characters" in PAGE
    assert f"at most {DEEPEST} deep" in PAGE
