"""Decoders that die."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from children import Crew
from storage import decoding

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    def environment() -> dict[str, str]:
        return decoding.environment() | {"PYTHONPATH": f"{ROOT}:{decoding.PLATFORM}"}

    crew = Crew(
        "tests.storage.dying_decoder", environment, size=1, who="The process that decodes", hello=decoding.HELLO
    )
    monkeypatch.setattr(decoding, "crew", crew)
    yield crew
    crew.close()
