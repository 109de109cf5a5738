"""What can go wrong, each with the sentence that the platform itself would show."""

from __future__ import annotations

from typing import Any

import httpx


class HalfdayError(Exception):
    """The platform refused. `str()` is its sentence; `errors` its remarks by field; `problem` the whole answer."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int = 0,
        errors: dict[str, list[str]] | None = None,
        problem: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.errors = errors or {}
        self.problem = problem or {}


class Forbidden(HalfdayError):
    """401 or 403: the token is unknown, or its role does not allow this."""


class NotFound(HalfdayError):
    """404: it is not there, or not yours to see."""


class Conflict(HalfdayError):
    """409: it contradicts something that is there already."""


class Stale(HalfdayError):
    """412: somebody changed it in the meantime; `problem["current"]` is how it stands now."""


class JobFailed(HalfdayError):
    """A job ended as failed or cancelled; `job` is its last state."""

    def __init__(self, sentence: str, job: dict[str, Any]) -> None:
        super().__init__(sentence)
        self.job = job


class Unreachable(HalfdayError):
    """Nobody answers at the address."""


KINDS: dict[int, type[HalfdayError]] = {401: Forbidden, 403: Forbidden, 404: NotFound, 409: Conflict, 412: Stale}


def from_response(response: httpx.Response) -> HalfdayError:
    """The exception for an answer of 400 or more."""
    problem: dict[str, Any] = {}
    if "json" in response.headers.get("content-type", ""):
        content = response.json()
        problem = content if isinstance(content, dict) else {}
    errors = {
        str(k): [str(line) for line in v] if isinstance(v, list) else [str(v)]
        for k, v in (problem.get("errors") or {}).items()
    }
    sentence = str(problem.get("detail") or problem.get("title") or f"The server answered {response.status_code}.")
    remarks = [f"{field}: {' '.join(lines)}" for field, lines in errors.items() if " ".join(lines) not in sentence]
    kind = KINDS.get(response.status_code, HalfdayError)
    return kind(" ".join([sentence, *remarks]), status=response.status_code, errors=errors, problem=problem)
