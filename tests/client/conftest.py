"""The client talks with a live server, whose requests end with the test."""

from collections.abc import Iterator

import pytest

from tests.at_work import AtWork


@pytest.fixture(autouse=True)
def at_work() -> Iterator[None]:
    requests = AtWork()
    yield
    requests.wait_for_the_end()
