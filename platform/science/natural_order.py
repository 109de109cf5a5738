"""The order in which people read names: image2 before image10, A beside a, Korean in the order of its dictionary.

One rule in three places, which tests hold together: here, in Postgres (`natural_name`, dataset migration 0011) and in
the browser (frontend/src/ui/names.ts). A name is taken apart (NFD), loses its accents, so that é stands with e, and is
put together (NFC), so that Hangul from a Mac, written as single letters, is the Hangul of everybody else, and syllables
stand in the order of their code points, which is the dictionary's; every letter is made small by itself; every number
is written with twenty digits. What comes out is compared by code point.
"""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

DIGITS = 20  # of a number; of a longer one the last twenty count
LONGEST = 600  # characters of the result; what differs only after them is equal

_ACCENT = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile("[0-9]+")


def natural_key(name: str) -> str:
    """What to compare in place of the name. Names that read alike ("A1", "a01") have the same."""
    plain = normalize("NFC", _ACCENT.sub("", normalize("NFD", name)))
    small = "".join(letter.lower()[0] for letter in plain)
    return _NUMBER.sub(lambda found: found[0][-DIGITS:].rjust(DIGITS, "0"), small)[:LONGEST]


def value_key(value: Any) -> tuple[int, float, str]:
    """The same for a value of some metadata: numbers by their size come first, then truths, then words."""
    if isinstance(value, bool):
        return (1, float(value), "")
    if isinstance(value, int | float):
        return (0, float(value), "")
    return (2, 0.0, natural_key(str(value)))
