"""English with numbers in it: one thing is one, and everything else many."""

import pytest

from accounts.wording import worded


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 image is left"), ("1", "1 image is left"), (0, "0 images are left"), ("1,001", "1,001 images are left")],
)
def test_it_works(count: object, said: str) -> None:
    assert worded("{n} {n:image is|images are} left", n=count) == said


def test_other_formats_stay_and_braces_in_a_name_are_nothing_special() -> None:
    assert worded("{share:.1f} of {name}", share=0.25, name="{n} | a") == "0.2 of {n} | a"


def test_a_name_may_be_called_text() -> None:
    assert worded("{by}: {text}", by="Bob", text="look here") == "Bob: look here"
