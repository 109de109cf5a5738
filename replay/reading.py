"""A ledger's file, read and understood, or refused with a sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replay.checking import differences

VERSION = 1  # of ledgers that are understood here
MOST_NAMED = 10  # images in a sentence


class CannotReplay(Exception):
    """What stands in the way, and what to do about it."""


@dataclass(frozen=True)
class LedgerFile:
    """What the file says. Places are those of its lists."""

    content: dict[str, Any]

    @property
    def replay(self) -> dict[str, Any]:
        found: dict[str, Any] = self.content["replay"]
        return found

    @property
    def name(self) -> str:
        return str(self.content["run"]["name"])

    def runs(self, *, repeats: bool) -> list[dict[str, Any]]:
        """The runs in the order in which they can be trained; with or without those that repeat with other seeds."""
        return [run for run in self.replay["runs"] if repeats or run["role"] != "repeat"]

    def runs_on(self, revision: int) -> list[dict[str, Any]]:
        """The runs that used the labels of a revision."""
        return [run for run in self.replay["runs"] if run["revision"] == revision]


def read_ledger(path: Path) -> LedgerFile:
    """The file at the path. Raises CannotReplay where it is none that can be done again."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotReplay(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CannotReplay(f"{path} is not JSON: {error}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("run"), dict):
        raise CannotReplay(f"{path} is not a ledger. Download one from an iteration's page: Download JSON.")
    if content.get("version") != VERSION:
        raise CannotReplay(
            f"{path} is a ledger of version {content.get('version')}; this replay understands version {VERSION}."
            " Use the release that wrote it."
        )
    if "replay" not in content:
        raise CannotReplay(
            f"{path} has no images, labels and settings. Download the file from the iteration's page, or from"
            " GET /api/v1/runs/{id}/ledger/file."
        )
    if wrong := next(differences(content), None):
        raise CannotReplay(
            f"{path} is damaged or was changed by hand: {wrong}. Download it again from the iteration's page."
        )
    missing = [run["name"] for run in content["replay"]["runs"] if run["train"] is None or run["validation"] is None]
    if missing:
        raise CannotReplay(f"{', '.join(missing)} never froze its images, so it cannot be trained again.")
    return LedgerFile(content)


def first_names(names: list[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
