"""What is kept of a picture to know its copies by: a small grey version, eight hashes, and some described points.

Points come from a detector (curate/duplicates/keypoints.py). A point is described by 256 comparisons of smoothed
pixels around it, turned by its angle and scaled by its size (after ORB: Rublee, Rabaud, Konolige, Bradski 2011). The
places compared are mirror images of each other in pairs, so that the description of a mirrored picture's point is the
same bits in another order, and mirrored copies need not be described a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.geometry.compiled import compiled, compiled_in_place

SMALL = 64  # pixels of a side of the small grey version, whatever the picture's proportions
POINTS = 224  # of a picture, at most
WORDS = 4  # of 64 bits
REACH = 13.0  # pixels of the level of scale around a point that are compared

Grey = NDArray[np.uint8]
Words = NDArray[np.uint64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Signature:
    """One picture."""

    small: Grey  # (SMALL, SMALL)
    hashes: Words  # (8,) difference hashes under the eight symmetries, the first that of the picture as it is
    points: Floats  # (K, 2) x and y from 0 to 1, in an order of which every beginning is spread over the picture
    words: Words  # (K, WORDS) description
    poses: Grey  # (K,) see pose_of_points
    shape: tuple[int, int]  # height and width of the picture that the points were found in


@dataclass(frozen=True, eq=False)
class Signatures:
    """N pictures, as columns."""

    small: Grey  # (N, SMALL, SMALL)
    hashes: Words  # (N, 8)
    start: NDArray[np.int64]  # (N + 1,) the points of picture n are start[n]:start[n + 1]
    points: Floats  # (P, 2)
    words: Words  # (P, WORDS)
    poses: Grey  # (P,)
    shape: Floats  # (N, 2) height and width

    def __len__(self) -> int:
        return len(self.small)

    def one(self, place: int) -> Signature:
        """That of one picture."""
        own = slice(self.start[place], self.start[place + 1])
        height, width = self.shape[place].astype(int).tolist()
        return Signature(
            self.small[place], self.hashes[place], self.points[own], self.words[own], self.poses[own], (height, width)
        )

    @classmethod
    def of(cls, pictures: Sequence[Signature]) -> Signatures:
        """Pictures one after the other."""
        counts = [len(one.points) for one in pictures]
        return cls(
            small=np.stack([one.small for one in pictures]) if pictures else np.zeros((0, SMALL, SMALL), np.uint8),
            hashes=np.stack([one.hashes for one in pictures]) if pictures else np.zeros((0, 8), np.uint64),
            start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            points=np.concatenate([np.zeros((0, 2), np.float32), *(one.points for one in pictures)]),
            words=np.concatenate([np.zeros((0, WORDS), np.uint64), *(one.words for one in pictures)]),
            poses=np.concatenate([np.zeros(0, np.uint8), *(one.poses for one in pictures)]),
            shape=np.array([one.shape for one in pictures], np.float32).reshape(-1, 2),
        )


def pose_of_points(angle: Floats, level: NDArray[np.int64]) -> Grey:
    """(K,) a byte for the angle, in radians, and the level of scale, 0 to 7: 32 angles, eight levels of each."""
    turns = np.floor(angle / (2 * np.pi) * 32).astype(np.int64) % 32
    poses: Grey = (turns * 8 + np.clip(level, 0, 7)).astype(np.uint8)
    return poses


# The eight symmetries of a rectangle stretched to a square, as what is done to rows and columns. Number s turns a
# picture by s % 4 quarters against the clock, after mirroring it left to right where s >= 4.
def seen_as(picture: Floats, symmetry: int) -> Floats:
    """The (H, W) picture under a symmetry."""
    return np.rot90(picture[:, ::-1] if symmetry >= 4 else picture, symmetry % 4)


def matrix_of(symmetry: int) -> NDArray[np.float64]:
    """(2, 3) where the place (x, y, 1), 0 to 1, of the picture as it is lies in the picture under the symmetry."""
    mirror = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) if symmetry >= 4 else np.eye(3)
    quarter = np.array([[0.0, 1, 0], [-1, 0, 1], [0, 0, 1]])  # against the clock, y pointing down
    place: NDArray[np.float64] = (np.linalg.matrix_power(quarter, symmetry % 4) @ mirror)[:2]
    return place


def symmetric_hashes(small: Grey) -> Words:
    """(8,) difference hashes of the (SMALL, SMALL) picture under the eight symmetries, in their order.

    64 bits each: whether each of 8 x 8 cells is brighter than its left neighbour, as in storage/facts.py. A quarter
    turn compares neighbours above each other, so that two sets of cells are all that is measured.
    """
    picture = small.astype(np.float32)
    upright = np.asarray(ROWS_OF_8 @ picture @ ROWS_OF_9.T, np.float32)  # (8, 9)
    lying = np.asarray(ROWS_OF_9 @ picture @ ROWS_OF_8.T, np.float32)  # (9, 8)
    return np.array([_bits(seen_as(lying if s % 2 else upright, s)) for s in range(8)], np.uint64)


def _bits(cells: Floats) -> int:
    """64 bits of (8, 9) cells, the first the highest."""
    return int.from_bytes(np.packbits(cells[:, 1:] > cells[:, :-1]).tobytes(), "big")


def _means(parts: int) -> Floats:
    """(parts, SMALL) what makes means of equal parts of a row; a pixel at an edge counts for both in proportion."""
    edges = np.linspace(0, SMALL, parts + 1)
    pixel = np.arange(SMALL)
    covered = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    means: Floats = (np.clip(covered, 0, 1) * parts / SMALL).astype(np.float32)
    return means


ROWS_OF_8, ROWS_OF_9 = _means(8), _means(9)


def _pattern() -> Floats:
    """(256, 4) places compared, x1 y1 x2 y2 in parts of REACH, x along the point's angle; row 128 + i mirrors row i."""
    random = np.random.default_rng(20071)
    half = np.clip(random.normal(0, 0.42, (128, 4)), -0.95, 0.95)
    return np.concatenate([half, half * [1, -1, 1, -1]]).astype(np.float32)


PATTERN = _pattern()


@compiled_in_place
def describe(level: Grey, x: float, y: float, angle: float, pattern: Floats, reach: float, words: Words) -> None:
    """Fill the (WORDS,) description of the point at x, y of a smoothed (H, W) picture. Edges are continued."""
    height, width = level.shape
    cos, sin = np.cos(angle) * reach, np.sin(angle) * reach
    for word in range(4):
        bits = np.uint64(0)
        for bit in range(64):
            place = pattern[64 * word + bit]
            c1 = min(max(int(x + cos * place[0] - sin * place[1] + 0.5), 0), width - 1)
            r1 = min(max(int(y + sin * place[0] + cos * place[1] + 0.5), 0), height - 1)
            c2 = min(max(int(x + cos * place[2] - sin * place[3] + 0.5), 0), width - 1)
            r2 = min(max(int(y + sin * place[2] + cos * place[3] + 0.5), 0), height - 1)
            if level[r1, c1] < level[r2, c2]:
                bits |= np.uint64(1) << np.uint64(bit)
        words[word] = bits


@compiled
def describe_all(level: Grey, points: Floats, pattern: Floats, reach: float) -> Words:
    """(K, WORDS) descriptions of (K, 3) points x, y, angle of one level."""
    words = np.zeros((len(points), 4), np.uint64)
    for k in range(len(points)):
        describe(level, points[k, 0], points[k, 1], points[k, 2], pattern, reach, words[k])
    return words


def mirrored(words: Words) -> Words:
    """(K, WORDS) how the points of the mirrored picture are described: the halves change places."""
    return words[:, [2, 3, 0, 1]]


@compiled
def spread_out(points: Floats, strength: Floats, cells: int, most: int) -> NDArray[np.int64]:
    """The places of at most so many of (K, 2) points, 0 to 1: the strongest of each cell, cell after cell, by turns."""
    order = np.argsort(-strength)
    rank = np.zeros(len(points), np.int64)
    held = np.zeros((cells, cells), np.int64)
    for place in order:
        column = min(max(int(points[place, 0] * cells), 0), cells - 1)
        row = min(max(int(points[place, 1] * cells), 0), cells - 1)
        rank[place] = held[row, column]
        held[row, column] += 1
    turns = np.argsort(rank[order], kind="mergesort")
    return order[turns][:most]
