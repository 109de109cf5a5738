"""What a job is called: in English for the API, and as a code with names for whoever says it in another language."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Title:
    """A title in English with {names} in it. `code` names the sentence; the front end has it in its languages."""

    code: str
    english: str
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, english: str, **names: object) -> Title:
        return cls(code, english, {name: str(value) for name, value in names.items()})

    def __str__(self) -> str:
        return self.english.format(**self.names)
