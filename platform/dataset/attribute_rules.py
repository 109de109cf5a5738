"""What an attribute's schema asks of a value: pure, no Django. What no rule speaks of is free."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CHECKBOX, CHOICE, NUMBER, TEXT = KINDS = ("checkbox", "choice", "number", "text")
LONGEST_TEXT = 1000  # characters


@dataclass(frozen=True)
class AttributeRule:
    """One attribute of a class of boxes (None: of every class). `minimum` and `maximum` in its own unit, inclusive."""

    name: str
    kind: str
    class_id: int | None = None
    values: tuple[Any, ...] = ()  # of a choice
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False

    def is_about(self, class_id: int) -> bool:
        return self.class_id in (None, class_id)


def fault(rule: AttributeRule, value: Any) -> str:
    """Why the rule refuses a value, as a sentence; nothing where it takes it. Null is no value, and never wrong."""
    if value is None:
        return ""
    if rule.kind == CHECKBOX:
        return "" if isinstance(value, bool) else f"{rule.name} is true or false, not {as_words(value)}."
    if rule.kind == NUMBER:
        return _number_fault(rule, value)
    if rule.kind == CHOICE:
        known = any(is_same(value, one) for one in rule.values)
        return "" if known else f"{rule.name} is one of {', '.join(map(as_words, rule.values))}, not {as_words(value)}."
    if not isinstance(value, str):
        return f"{rule.name} is a text, not {as_words(value)}."
    return "" if len(value) <= LONGEST_TEXT else f"{rule.name} may have {LONGEST_TEXT} characters."


def _number_fault(rule: AttributeRule, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"{rule.name} is a number, not {as_words(value)}."
    if rule.minimum is not None and value < rule.minimum:
        return f"{rule.name} is {rule.minimum:g} or more, not {value:g}."
    if rule.maximum is not None and value > rule.maximum:
        return f"{rule.name} is {rule.maximum:g} or less, not {value:g}."
    return ""


def is_same(one: Any, other: Any) -> bool:
    """Equal, where true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def as_words(value: Any) -> str:
    """A value as a sentence names it."""
    return str(value).lower() if isinstance(value, bool) else f"“{value}”"[:82]


def faults(
    rules: Iterable[AttributeRule], class_id: int, attributes: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterator[str]:
    """What is wrong with a box's attributes. What it had before (`known`) may stay: somebody else put it there."""
    for rule in rules:
        if rule.is_about(class_id) and rule.name in attributes:
            value = attributes[rule.name]
            if not (rule.name in known and is_same(known[rule.name], value)) and (reason := fault(rule, value)):
                yield reason


def missing(rules: Iterable[AttributeRule], class_id: int, attributes: Mapping[str, Any]) -> list[str]:
    """The names of required attributes that a box has not."""
    return [
        rule.name
        for rule in rules
        if rule.required and rule.is_about(class_id) and attributes.get(rule.name) in (None, "")
    ]
