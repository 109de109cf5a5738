"""What a job is doing: in English for the API, and as sentences with codes that the front end says in its languages."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import services
from tests.factories import call, make_cast, run_jobs
from tests.jobs import handlers

assert handlers

ROOT = Path(__file__).parents[2]
WORDS = json.loads((ROOT / "frontend/src/jobs/locales/ko.json").read_text())["doing"]
STEP = re.compile(r'ConvertReport\("([^"]+)"')  # which an engine says, in a process without the platform
GAP = re.compile(r"\{(\w+)\}")


def sources() -> list[str]:
    folders = ("platform", "curate", "label", "model")
    return [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]


def sentences() -> Iterator[tuple[str, str]]:
    """Code and English of what the source makes sentences of; "" where the English is put together."""
    for node in (node for text in sources() if "Sentence" in text for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Sentence", "Sentence.of"):
            code, english = node.args[:2]
            if isinstance(code, ast.Constant):
                yield code.value, english.value if isinstance(english, ast.Constant) else ""


@pytest.mark.django_db
def test_a_job_says_what_it_does_in_english_and_as_codes_with_names() -> None:
    cast = make_cast()
    services.enqueue(kind="test_say", project=cast.project, author=cast.alice, params={}, title="Say")
    (job,) = run_jobs()
    shown = call(cast.alice, "GET", f"jobs/{job.pk}").json()
    mended = "a{b}\N{REPLACEMENT CHARACTER}"
    assert shown["message"] == f"Fold 1 of 2: Reading {mended}"
    assert shown["message_parts"] == [
        {"code": "fold", "names": {"fold": "1", "folds": "2"}, "text": "Fold 1 of 2"},
        {"code": "reading", "names": {"name": mended}, "text": f"Reading {mended}"},
    ]


def test_every_message_is_said_in_korean_too_with_the_same_names() -> None:
    said = dict(sentences())
    steps = {step.lower().replace(" ", "_"): step for text in sources() for step in STEP.findall(text)}
    assert set(said) | set(steps) == set(WORDS)
    for code, english in said.items():
        korean = {name.strip("{}") for name in re.findall(r"\{\{\w+\}\}", WORDS[code])}
        assert korean == set(GAP.findall(english)), code
