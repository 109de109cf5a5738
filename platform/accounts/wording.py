"""English with numbers in it: `"{count} {count:image|images}"` says "1 image" and "2 images"."""

from string import Formatter
from typing import Any


class Wording(Formatter):
    """`str.format` that knows two forms of a word, of which the first is for one."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, both, other = format_spec.partition("|")
        if both:
            return one if str(value) == "1" else other
        formatted: str = super().format_field(value, format_spec)
        return formatted


def worded(text: str, /, **names: Any) -> str:
    """The text with its names filled in."""
    return Wording().vformat(text, (), names)
