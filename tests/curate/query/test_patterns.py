"""What `like` finds is what Python's own matching finds, whatever is escaped."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curate.query.image_search import image_ids
from dataset.models import Dataset, Image
from tests.curate.factories import Picture, make_dataset, make_images

WILDCARDS = {"%": ".*", "_": "."}
ESCAPED = {r"\%": "%", r"\_": "_", r"\\": "\\", r"\"": '"', r"\'": "'", r"\n": "\n", r"\t": "\t", r"\x": "x"}
ESCAPED |= {r"\u0025": "%", r"\u005f": "_", r"\u005c": "\\", r"\ube44": "비"}
LETTERS = ["a", "비", "'", "n", "x", "*", ".", "[", "\n"]
PIECES = [*WILDCARDS, *ESCAPED, *LETTERS]
TEXTS = st.text(st.sampled_from(["a", "비", "%", "_", "\\", '"', "'", "n", "x", "\n", "\t", "*", ".", "["]), max_size=4)


def means(piece: str) -> str:
    """The same piece of a pattern as a regular expression."""
    return WILDCARDS.get(piece) or re.escape(ESCAPED.get(piece, piece))


@pytest.fixture
def dataset(db: None) -> Dataset:
    """One image with the metadata `note`."""
    dataset = make_dataset()
    make_images(dataset, [Picture([], {"note": ""})])
    return dataset


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=4), text=TEXTS)
@example(pieces=[r"\_"], text="a")
@example(pieces=[r"\_"], text="_")
@example(pieces=[r"\\", "_"], text="\\a")
@example(pieces=[r"\\", r"\%"], text="\\%")
def test_it_finds_what_python_finds(dataset: Dataset, pieces: list[str], text: str) -> None:
    Image.objects.filter(dataset=dataset).update(metadata={"note": text})
    expected = re.fullmatch("".join(map(means, pieces)), text, re.DOTALL) is not None
    assert bool(image_ids(dataset, f'note like "{"".join(pieces)}"')) == expected
