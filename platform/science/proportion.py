"""A part of a whole, and how sure it is."""

from __future__ import annotations

import math

Z = 1.959964  # of the 95 % interval


def wilson(part: int, whole: int) -> dict[str, float] | None:
    """Return Wilson's 95 % interval of a part of a whole (1927); None of nothing."""
    if not whole:
        return None
    share, spread = part / whole, Z**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return {"low": max(0.0, min(middle - half, share)), "high": min(1.0, max(middle + half, share))}
