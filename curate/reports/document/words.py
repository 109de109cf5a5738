"""Texts and numbers of a report in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "ko")
NONE = "–"
UNBROKEN = "\u00a0%"  # a number and its sign stay on one line
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Number = float | int | None


@dataclass(frozen=True)
class Words:
    """One language: `words("weak.more", n=12, of=40)` is the text with its gaps filled. Raises KeyError for none."""

    language: str
    texts: Mapping[str, Any]

    def __call__(self, key: str, **gaps: object) -> str:
        text: Any = self.texts
        for name in key.split("."):
            text = text[name]
        if not isinstance(text, str):
            raise KeyError(key)
        return text.format_map(gaps)

    def or_else(self, key: str, name: str) -> str:
        """The word for a name that comes from the data, where there is one; else the name."""
        found = self.texts[key].get(name)
        return found if isinstance(found, str) else name

    def count(self, value: Number) -> str:
        return NONE if value is None else f"{value:,.0f}"

    def points(self, value: Number) -> str:
        """A share of 1 in points of a hundred: 42.3."""
        return NONE if value is None else f"{value * 100:.1f}"

    def signed(self, value: Number) -> str:
        """A difference in points with its sign: +3.4, −0.2, 0.0."""
        if value is None:
            return NONE
        text = f"{abs(value) * 100:.1f}"
        return text if float(text) == 0 else ("+" if value > 0 else "−") + text

    def number(self, value: Number) -> str:
        """At most three significant decimals: 0.25, 12.3, 4,120."""
        if value is None:
            return NONE
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

    def interval(self, ends: Mapping[str, Any] | None) -> str:
        """41.5 to 43.1; a dash where there is none."""
        if not is_known(ends):
            return NONE
        assert ends is not None
        return self("interval", low=self.points(ends["low"]), high=self.points(ends["high"]))

    def signed_interval(self, ends: Mapping[str, Any] | None) -> str:
        if not is_known(ends):
            return NONE
        assert ends is not None
        return self("interval", low=self.signed(ends["low"]), high=self.signed(ends["high"]))

    def moment(self, when: datetime) -> str:
        """The minute, in UTC: 26 Nov 2026, 01:52 UTC."""
        return self.day(when) + when.strftime(" %H:%M UTC")

    def day(self, when: datetime) -> str:
        if self.language == "ko":
            return f"{when.year}년 {when.month}월 {when.day}일"
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def is_known(ends: Mapping[str, Any] | None) -> bool:
    """Whether both ends of an interval are there."""
    return ends is not None and ends.get("low") is not None and ends.get("high") is not None


@cache
def words(language: str) -> Words:
    """The texts of a language; English for one that there is not."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    path = Path(__file__).parent / "words" / f"{known}.json"
    return Words(known, json.loads(path.read_text(encoding="utf-8").replace(" %", UNBROKEN)))
