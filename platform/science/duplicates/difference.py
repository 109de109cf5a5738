"""How far two pictures that seem to share a piece differ there: another car in the same place of a road drawn alike.

Parts that are correlated each by itself tell whether edges lie where they should, not whether what lies between them is
as bright. Here one gain and one offset of brightness are fitted to all that both show, without the fifth that fits
worst, and the part that is furthest off in the mean is measured. Means mind neither noise nor edges a little off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.duplicates.geometry import BLOCK, Doubles, Floats, Grey, inverted, laid_on
from science.geometry.compiled import compiled

FITTING = 0.8  # of the pixels that decide the gain
LEAST_DEVIATION = 8.0  # levels of grey
ROUNDS = 3


@compiled
def worst_parts(small: Grey, pairs: NDArray[np.int64], maps: Doubles) -> Floats:
    """(C,) of pairs of (N, SMALL, SMALL) pictures under (C, 6) maps, how far the worst part is off.

    In deviations of all that both show; 0 where they show too little together.
    """
    found = np.zeros(len(pairs), np.float32)
    for k in range(len(pairs)):
        a, b, m = small[pairs[k, 0]], small[pairs[k, 1]], maps[k]
        if abs(m[0] * m[4] - m[1] * m[3]) < 1:
            a, b, m = b, a, inverted(m)
        warped, seen = laid_on(b, m)
        found[k] = _worst_part(a.astype(np.float32), warped, seen)
    return found


@compiled
def _worst_part(a: Floats, warped: Floats, seen: NDArray[np.bool_]) -> float:
    x, y = warped.ravel()[seen.ravel()], a.ravel()[seen.ravel()]
    if len(x) < BLOCK * BLOCK:
        return 0.0
    gain, offset = _fitted(x, y)
    deviation = max(y.std(), x.std() * abs(gain), LEAST_DEVIATION)
    worst = 0.0
    for r in range(0, a.shape[0] - BLOCK + 1, BLOCK // 2):
        for c in range(0, a.shape[1] - BLOCK + 1, BLOCK // 2):
            off, count = 0.0, 0
            for i in range(r, r + BLOCK):
                for j in range(c, c + BLOCK):
                    if seen[i, j]:
                        off += a[i, j] - gain * warped[i, j] - offset
                        count += 1
            if count >= BLOCK * BLOCK * 3 // 4:
                worst = max(worst, abs(off / count) / deviation)
    return worst


@compiled
def _fitted(x: Floats, y: Floats) -> tuple[float, float]:
    """Gain and offset by least squares of the (M,) pixels that fit best."""
    kept = np.ones(len(x), np.bool_)
    gain, offset = 1.0, 0.0
    for _ in range(ROUNDS):
        p, q = x[kept], y[kept]
        spread = ((p - p.mean()) ** 2).mean()
        gain = ((p - p.mean()) * (q - q.mean())).mean() / spread if spread > 1e-3 else 1.0
        offset = q.mean() - gain * p.mean()
        off = np.abs(y - gain * x - offset)
        kept = off <= np.sort(off)[int(FITTING * (len(off) - 1))]
    return gain, offset
