"""What became of a box that a person was helped to. Pure, no Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from label.merge import SAME_PLACE

UNCHANGED, CHANGED, REFUSED = "unchanged", "changed", "refused"
TIGHTEN = "tighten"


def fate_of(kind: str, offered: Mapping[str, Any] | None, box: Mapping[str, Any] | None) -> str:
    """What `box`, as it now stands (None: it is gone), says of what was offered.

    A tightened box keeps its class whatever was offered, and one that lies again where it lay before was refused.
    """
    if box is None:
        return REFUSED
    if offered is None:
        return UNCHANGED
    here = same_place(box["box"], offered["box"])
    if kind == TIGHTEN:
        if not here and offered.get("before") and same_place(box["box"], offered["before"]):
            return REFUSED
        return UNCHANGED if here else CHANGED
    return UNCHANGED if here and box["class_id"] == offered["class_id"] else CHANGED


def same_place(one: Any, other: Any) -> bool:
    """Whether two boxes, xyxy pixels, are one but for what a client rounds."""
    return all(abs(a - b) < SAME_PLACE for a, b in zip(one, other, strict=True))
