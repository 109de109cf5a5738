"""Names as files spell them, brought to one spelling: the same letters must be the same name.

A Mac writes é as e and an accent (NFD), other systems as one letter (NFC); tools leave no-break and zero-width spaces
behind that nobody sees.
"""

import re
import unicodedata

LONGEST_NAME = 120  # characters of a class name
ODD_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
UNSEEN = re.compile(r"[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
JOINERS = re.compile(
    r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)  # they mean something in Persian


def clean(text: str) -> str:
    """NFC, odd spaces as plain ones, without what cannot be seen or stored, and without spaces around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    seen = JOINERS.sub("", UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", ODD_SPACES.sub(" ", seen)).strip()


def class_name(text: str) -> str:
    """A class's name as it is stored; empty where there is none."""
    return clean(text)[:LONGEST_NAME].strip()
