"""What a job is called: in English for the API, and as a code with names that the front end says in its languages."""

import json
import re
from pathlib import Path

import pytest

from jobs import services
from jobs.titles import Title
from tests.factories import call, make_cast

ROOT = Path(__file__).parents[2]
WORDS = json.loads((ROOT / "frontend/src/jobs/locales/ko.json").read_text())["titles"]
MADE = re.compile(r'Title(?:\.of)?\(\s*"(\w+)"')


@pytest.mark.django_db
def test_a_job_says_its_title_in_english_and_as_a_code_with_names() -> None:
    cast = make_cast()
    title = Title.of("train", "Train {run}", run="night {run}\0")
    job = services.enqueue(kind="train", project=cast.project, author=cast.alice, params={}, title=title)
    shown = call(cast.alice, "GET", f"jobs/{job.pk}").json()
    assert shown["title"] == "Train night {run}\N{REPLACEMENT CHARACTER}"
    assert (shown["title_code"], shown["title_names"]) == ("train", {"run": "night {run}\N{REPLACEMENT CHARACTER}"})


def test_every_title_is_said_in_korean_too() -> None:
    """What the code makes titles of, with the kinds of auto-curate and the two of the choices."""
    from curate.autocurate.lifecycle import JOBS

    sources = [path for folder in ("platform", "curate", "label", "model") for path in (ROOT / folder).rglob("*.py")]
    made = {code for path in sources for code in MADE.findall(path.read_text())}
    made |= {code for code, _ in JOBS.values()} | {"check", "import", "predict", "predict_and_judge"}
    assert made == set(WORDS)
