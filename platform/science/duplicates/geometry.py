"""Whether two pictures show the same: where the points of one lie in the other, and whether the pixels agree there.

Points that look alike propose where one picture lies in the other: two pairs of points give a turn, a scale and a shift
(RANSAC: Fischler and Bolles 1981, with all of the best pairs instead of random ones); those that agree with the best
proposal give an affine map by least squares. Two pictures with one logo or one bonnet in them have points that agree
as well, so the pixels decide: small parts of both pictures are correlated under the map, each by itself, since what is
alike in the large (sky above road) is alike in any two pictures of a street.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.autocurate.grouping import bit_count
from science.geometry.compiled import compiled, compiled_in_place

ALIKE_BITS = 60  # of 256, two points may differ in that are taken for the same
NEAR = 0.02  # of the longer side: how far a point may lie from where the map puts it
LEAST_POINTS = 4  # that agree with a map
LARGEST_SCALE = 3.6
MOST_SAMPLES = 4  # of the larger picture for a pixel of the smaller, each way
BLOCK = 8  # pixels of a part that is correlated by itself
LEAST_DEVIATION = 3.0  # levels of grey: flatter parts have nothing to correlate
MOST_DEVIATION = 20.0  # up to here a part counts the more, the more contrast it has
CORRELATED = 0.5  # from here on a part is the same

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Words = NDArray[np.uint64]
Grey = NDArray[np.uint8]


class Judged(NamedTuple):
    """What was found of C pairs of pictures a and b."""

    same: NDArray[np.bool_]  # (C,)
    agreement: Floats  # (C,) part of the parts that correlate
    overlap: Floats  # (C,) area that both show over the area that either shows, 0 to 1
    points: NDArray[np.int64]  # (C,) that agree
    maps: Doubles  # (C, 6) where x, y of a lie in b, both from 0 to 1: b = (m0 x + m1 y + m2, m3 x + m4 y + m5)


@compiled
def agreement_of(a: Grey, b: Grey, m: Doubles) -> tuple[float, int, float, float]:
    """Correlate the parts of a and b that lie on each other under the map.

    Returns the part of them that correlate, how many there were, and which part of a's and of b's area is seen in the
    other. `a` and `b` are (SMALL, SMALL). They are compared as large as the one that shows things smaller has them.
    """
    grown = m[0] * m[4] - m[1] * m[3]
    if abs(grown) < 1e-6:
        return 0.0, 0, 0.0, 0.0
    if abs(grown) < 1:
        share, parts, of_b, of_a = agreement_of_smaller(b, a, inverted(m))
    else:
        share, parts, of_a, of_b = agreement_of_smaller(a, b, m)
    return share, parts, of_a, of_b


@compiled
def inverted(m: Doubles) -> Doubles:
    grown = m[0] * m[4] - m[1] * m[3]
    back = np.zeros(6)
    back[0], back[1] = m[4] / grown, -m[1] / grown
    back[3], back[4] = -m[3] / grown, m[0] / grown
    back[2] = -(back[0] * m[2] + back[1] * m[5])
    back[5] = -(back[3] * m[2] + back[4] * m[5])
    return back


@compiled_in_place
def _mean_at(b: Grey, u: float, v: float, m: Doubles, samples: int) -> float:
    """The mean of b over what one pixel around u, v covers there, by so many bilinear samples each way."""
    side = b.shape[0]
    total = 0.0
    for i in range(samples):
        for j in range(samples):
            x, y = (j + 0.5) / samples - 0.5, (i + 0.5) / samples - 0.5
            p = min(max(u + m[0] * x + m[1] * y, 0.0), side - 1.0)
            q = min(max(v + m[3] * x + m[4] * y, 0.0), side - 1.0)
            c, r = min(int(p), side - 2), min(int(q), side - 2)
            fp, fq = p - c, q - r
            top = b[r, c] * (1 - fp) + b[r, c + 1] * fp
            low = b[r + 1, c] * (1 - fp) + b[r + 1, c + 1] * fp
            total += top * (1 - fq) + low * fq
    return total / (samples * samples)


@compiled
def laid_on(b: Grey, m: Doubles) -> tuple[Floats, NDArray[np.bool_]]:
    """The picture b as it looks under the map to it, and where that lies in b."""
    side = b.shape[0]
    samples = min(max(int(np.sqrt(abs(m[0] * m[4] - m[1] * m[3])) + 0.5), 1), MOST_SAMPLES)
    seen = np.zeros((side, side), np.bool_)
    warped = np.zeros((side, side), np.float32)
    for r in range(side):
        for c in range(side):
            x, y = (c + 0.5) / side, (r + 0.5) / side
            u = (m[0] * x + m[1] * y + m[2]) * side - 0.5
            v = (m[3] * x + m[4] * y + m[5]) * side - 0.5
            if u < 0 or v < 0 or u > side - 1 or v > side - 1:
                continue
            warped[r, c] = _mean_at(b, u, v, m, samples)
            seen[r, c] = True
    return warped, seen


@compiled
def agreement_of_smaller(a: Grey, b: Grey, m: Doubles) -> tuple[float, int, float, float]:
    """As `agreement_of`, where things are no larger in a than in b."""
    side = a.shape[0]
    grown = abs(m[0] * m[4] - m[1] * m[3])
    warped, seen = laid_on(b, m)
    inside = seen.sum()
    parts = 0
    good = every = 0.0
    for r in range(0, side - BLOCK + 1, BLOCK // 2):
        for c in range(0, side - BLOCK + 1, BLOCK // 2):
            judged = _judged_part(a, warped, seen, r, c)
            parts += judged != 0
            every += abs(judged)
            good += max(judged, 0.0)
    share = inside / (side * side)
    return (good / every if parts else 0.0), parts, share, min(share * grown, 1.0)


@compiled_in_place
def _judged_part(a: Grey, warped: Floats, seen: NDArray[np.bool_], r: int, c: int) -> float:
    """The contrast of the part at r, c, below 0 where it does not correlate; 0: not seen, or too flat to tell."""
    n = 0
    sa = sb = saa = sbb = sab = 0.0
    for i in range(r, r + BLOCK):
        for j in range(c, c + BLOCK):
            if seen[i, j]:
                p, q = float(a[i, j]), float(warped[i, j])
                n += 1
                sa += p
                sb += q
                saa += p * p
                sbb += q * q
                sab += p * q
    if n < BLOCK * BLOCK * 3 // 4:
        return 0.0
    va, vb = saa / n - (sa / n) ** 2, sbb / n - (sb / n) ** 2
    if max(va, vb) < LEAST_DEVIATION**2:
        return 0.0
    same = sab / n - sa / n * sb / n > CORRELATED * np.sqrt(max(va, 1e-6) * max(vb, 1e-6))
    contrast = min(float(np.sqrt(max(va, vb))), MOST_DEVIATION)
    return contrast if same else -contrast


@compiled
def parts_with_contrast(small: Grey) -> NDArray[np.int64]:
    """(N,) how many parts of (N, SMALL, SMALL) pictures are not too flat to tell.

    Two pictures under one of the symmetries, which put parts on parts, have at most the sum of both to judge.
    """
    side = small.shape[1]
    seen = np.ones((side, side), np.bool_)
    found = np.zeros(len(small), np.int64)
    for k in range(len(small)):
        own = small[k].astype(np.float32)
        for r in range(0, side - BLOCK + 1, BLOCK // 2):
            for c in range(0, side - BLOCK + 1, BLOCK // 2):
                found[k] += _judged_part(small[k], own, seen, r, c) != 0
    return found


@compiled
def judge_maps(small: Grey, pairs: NDArray[np.int64], maps: Doubles) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Judge (C, 2) pairs of (N, SMALL, SMALL) pictures under known (C, 6) maps: agreement, parts, overlap."""
    agreement = np.zeros(len(pairs), np.float32)
    parts = np.zeros(len(pairs), np.int64)
    overlap = np.zeros(len(pairs), np.float32)
    for k in range(len(pairs)):
        share, count, of_a, of_b = agreement_of(small[pairs[k, 0]], small[pairs[k, 1]], maps[k])
        agreement[k], parts[k] = share, count
        overlap[k] = _overlap(of_a, of_b)
    return agreement, parts, overlap


@compiled
def _overlap(of_a: float, of_b: float) -> float:
    """Area of both over area of either, where of_a and of_b are the parts of each that both show."""
    if of_a <= 0 or of_b <= 0:
        return 0.0
    return min(1.0, 1 / (1 / of_a + 1 / min(of_b, 1.0) - 1))


@compiled
def _matches(words_a: Words, words_b: Words, mirror: bool) -> NDArray[np.int64]:
    """(M, 3) points of a and b that are each other's most alike, and in how many bits they differ; the best first."""
    count_a, count_b = len(words_a), len(words_b)
    best_a = np.full(count_a, ALIKE_BITS + 1, np.int64)
    best_b = np.full(count_b, ALIKE_BITS + 1, np.int64)
    of_a = np.full(count_a, -1, np.int64)
    of_b = np.full(count_b, -1, np.int64)
    half = 2 if mirror else 0  # a mirrored picture's points have the halves of their descriptions in the other order
    for i in range(count_a):
        q0, q1, q2, q3 = words_a[i, half], words_a[i, half + 1], words_a[i, 2 - half], words_a[i, 3 - half]
        for j in range(count_b):
            bits = bit_count(q0 ^ words_b[j, 0]) + bit_count(q1 ^ words_b[j, 1])
            bits += bit_count(q2 ^ words_b[j, 2]) + bit_count(q3 ^ words_b[j, 3])
            if bits < best_a[i]:
                best_a[i], of_a[i] = bits, j
            if bits < best_b[j]:
                best_b[j], of_b[j] = bits, i
    found = np.zeros((min(count_a, count_b), 3), np.int64)
    n = 0
    for i in range(count_a):
        if of_a[i] >= 0 and of_b[of_a[i]] == i:
            found[n, 0], found[n, 1], found[n, 2] = i, of_a[i], best_a[i]
            n += 1
    found = found[:n]
    return found[np.argsort(found[:, 2], kind="mergesort")]


@compiled
def _agreeing(p: Doubles, q: Doubles, m: Doubles, near: float) -> NDArray[np.bool_]:
    """(M,) whether the map puts (M, 2) p near enough to q."""
    good = np.zeros(len(p), np.bool_)
    for k in range(len(p)):
        dx = m[0] * p[k, 0] + m[1] * p[k, 1] + m[2] - q[k, 0]
        dy = m[3] * p[k, 0] + m[4] * p[k, 1] + m[5] - q[k, 1]
        good[k] = dx * dx + dy * dy <= near * near
    return good


@compiled
def _by_two(p: Doubles, q: Doubles, i: int, j: int, mirror: bool) -> Doubles:
    """The similarity that puts p[i], p[j] on q[i], q[j]; all zero where it is none that a copy would have."""
    m = np.zeros(6)
    sign = -1.0 if mirror else 1.0
    px, py = p[j, 0] - p[i, 0], sign * (p[j, 1] - p[i, 1])
    qx, qy = q[j, 0] - q[i, 0], q[j, 1] - q[i, 1]
    length = px * px + py * py
    if length < 0.003:
        return m
    cos, sin = (px * qx + py * qy) / length, (px * qy - py * qx) / length
    scale = np.sqrt(cos * cos + sin * sin)
    if scale > LARGEST_SCALE or scale < 1 / LARGEST_SCALE:
        return m
    m[0], m[1], m[3], m[4] = cos, -sin * sign, sin, cos * sign
    m[2] = q[i, 0] - m[0] * p[i, 0] - m[1] * p[i, 1]
    m[5] = q[i, 1] - m[3] * p[i, 0] - m[4] * p[i, 1]
    return m


@compiled
def _affine(p: Doubles, q: Doubles, good: NDArray[np.bool_]) -> Doubles:
    """The affine map of the good pairs by least squares, drawn a little to a similarity's so that it always exists."""
    left = np.zeros((3, 3))
    right = np.zeros((3, 2))
    for k in range(len(p)):
        if good[k]:
            row = np.array([p[k, 0], p[k, 1], 1.0])
            for i in range(3):
                for j in range(3):
                    left[i, j] += row[i] * row[j]
                right[i, 0] += row[i] * q[k, 0]
                right[i, 1] += row[i] * q[k, 1]
    for i in range(3):
        left[i, i] += 1e-9
    solved = np.linalg.solve(left, right)
    return np.array([solved[0, 0], solved[1, 0], solved[2, 0], solved[0, 1], solved[1, 1], solved[2, 1]])


@compiled
def _map_by_points(p: Doubles, q: Doubles, mirror: bool) -> tuple[Doubles, int]:
    """The map that most of the (M, 2) pairs agree with, and how many do."""
    best = np.zeros(6)
    most = 0
    for i in range(min(len(p), 40)):
        for j in range(i + 1, min(len(p), i + 17)):
            m = _by_two(p, q, i, j, mirror)
            if m[0] == 0 and m[1] == 0:
                continue
            count = _agreeing(p, q, m, NEAR).sum()
            if count > most:
                most, best = count, m
    if most < 4:
        return best, most
    for near in (NEAR, NEAR, NEAR / 2, NEAR / 3):
        good = _agreeing(p, q, best, near)
        if good.sum() < (4 if near == NEAR else 8):
            break
        better = _affine(p, q, good)
        if _agreeing(p, q, better, near).sum() < good.sum():
            break
        best = better
    return best, _agreeing(p, q, best, NEAR).sum()


@compiled
def judge_pairs(
    pairs: NDArray[np.int64],
    mirror: NDArray[np.bool_],
    small: Grey,
    start: NDArray[np.int64],
    points: Floats,
    words: Words,
    shape: Floats,
    maps: Doubles,
    numbers: Floats,
) -> None:
    """Find and judge the map of (C, 2) pairs, of which some are sought mirrored.

    Fills (C, 6) maps and (C, 4) numbers: agreement, parts, overlap, points.
    """
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        rows_a, rows_b = slice(start[a], start[a + 1]), slice(start[b], start[b + 1])
        found = _matches(words[rows_a], words[rows_b], mirror[k])
        if len(found) < LEAST_POINTS:
            continue
        # in parts of the longer side, both ways, so that a turn is a turn
        scale_a = np.array([shape[a, 1], shape[a, 0]], np.float64) / shape[a].max()
        scale_b = np.array([shape[b, 1], shape[b, 0]], np.float64) / shape[b].max()
        p = points[rows_a][found[:, 0], :2] * scale_a
        q = points[rows_b][found[:, 1], :2] * scale_b
        m, count = _map_by_points(p, q, mirror[k])
        if count < LEAST_POINTS:
            continue
        maps[k, 0], maps[k, 1], maps[k, 2] = (
            m[0] * scale_a[0] / scale_b[0], m[1] * scale_a[1] / scale_b[0], m[2] / scale_b[0],
        )  # fmt: skip
        maps[k, 3], maps[k, 4], maps[k, 5] = (
            m[3] * scale_a[0] / scale_b[1], m[4] * scale_a[1] / scale_b[1], m[5] / scale_b[1],
        )  # fmt: skip
        share, parts, of_a, of_b = agreement_of(small[a], small[b], maps[k])
        numbers[k, 0], numbers[k, 1], numbers[k, 2], numbers[k, 3] = share, parts, _overlap(of_a, of_b), count
