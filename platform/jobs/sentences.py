"""What is said of a job: in English for the API, and as a code with names for whoever says it in another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.values import mended, mended_text
from accounts.wording import worded


@dataclass(frozen=True)
class Sentence:
    """English with {names} in it, as accounts/wording.py fills them in.

    `code` names the sentence; the front end has it in its languages.
    """

    code: str
    english: str
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, english: str, /, **names: object) -> Sentence:
        return cls(code, english, {name: str(value) for name, value in names.items()})

    def also(self, **names: object) -> Sentence:
        """The same with more in it."""
        return replace(self, names=self.names | {name: str(value) for name, value in names.items()})

    def __str__(self) -> str:
        return worded(self.english, **self.names)


@dataclass(frozen=True)
class Doing:
    """What a job is doing: one sentence, or what it is about and then what of it ("Fold 1 of 2", "Epoch 3 of 5")."""

    parts: tuple[Sentence, ...] = ()

    def __str__(self) -> str:
        return mended_text(": ".join(map(str, self.parts)))

    def fields(self) -> dict[str, Any]:
        """As the Job row keeps it."""
        return {"message": str(self)[:300], "message_parts": mended(as_json(self.parts))}


def as_json(parts: Sequence[Sentence]) -> list[dict[str, Any]]:
    """With the English of each, for a reader to whom its code is new."""
    return [{"code": one.code, "names": one.names, "text": str(one)[:300]} for one in parts]
