"""A pinhole camera over a flat world and a pen that draws in metres.

The pen also writes each object's number into an id image of the same size, from which exact visible boxes follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Colour = tuple[float, float, float]  # RGB, 0..255
SUBPIXEL_BITS = 4  # cv2 takes fixed-point coordinates with this many fractional bits
SHINES = 0.9  # glow from which a shape throws a halo
HALO = 8  # the halo image is this many times smaller
NEAR = 0.8  # metres; nothing is drawn nearer than this, where the projection explodes


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks along the road. World axes in metres: x right, y up from the ground, z forward."""

    width: int  # pixels of the canvas
    height: int
    focal: float  # pixels
    horizon: float  # pixel row of the horizon
    eye: float  # metres above the ground
    shift: float = 0.0  # metres to the right of the lane's middle

    def project(self, points: ArrayLike) -> NDArray[np.float64]:
        """(N, 3) world metres to (N, 2) canvas pixels."""
        p = np.asarray(points, dtype=np.float64)
        depth = np.maximum(p[:, 2], NEAR)
        x = self.width / 2 + self.focal * (p[:, 0] - self.shift) / depth
        y = self.horizon + self.focal * (self.eye - p[:, 1]) / depth
        return np.stack([x, y], axis=1)


@dataclass(frozen=True, slots=True)
class Light:
    """How daylight, night and haze change a colour."""

    ambient: float  # 1 in full daylight, about .25 at night
    tint: Colour  # multiplies colours, 1 is neutral
    haze: Colour  # what far things fade into
    visibility: float  # metres at which two thirds of a colour are lost

    def shade(self, colour: Colour, depth: float, glow: float = 0.0) -> Colour:
        """A colour as seen at a depth; `glow` 1 shines by itself and ignores the ambient light."""
        level = self.ambient + (1 - self.ambient) * glow
        reach = self.visibility * (3.0 if glow else 1.0)  # lamps show further than walls
        keep = float(np.exp(-max(depth, 0.0) / reach))
        mixed = [
            min(255.0, c * level * t) * keep + h * (1 - keep)
            for c, t, h in zip(colour, self.tint, self.haze, strict=True)
        ]
        return mixed[0], mixed[1], mixed[2]


@dataclass(slots=True)
class Canvas:
    """The picture, and for each pixel the number of the object in front (0: none)."""

    pixels: NDArray[np.uint8]  # (H, W, 3) RGB
    ids: NDArray[np.uint8]  # (H, W)
    halo: NDArray[np.uint8]  # (H / 8, W / 8, 3) what shines, to be blurred and added at night
    camera: Camera
    light: Light

    @classmethod
    def blank(cls, camera: Camera, light: Light) -> Canvas:
        """An empty canvas of the camera's size."""
        h, w = camera.height, camera.width
        halo = np.zeros((h // HALO, w // HALO, 3), np.uint8)
        return cls(np.zeros((h, w, 3), np.uint8), np.zeros((h, w), np.uint8), halo, camera, light)


class Pen:
    """Draws shapes relative to a spot in the world, for one object (`number` 0 leaves the id image alone)."""

    def __init__(self, canvas: Canvas, at: tuple[float, float], number: int = 0, flip: bool = False) -> None:
        self.canvas = canvas
        self.x, self.z = at  # metres
        self.number = number
        self.flip = -1.0 if flip else 1.0

    def pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """(N, 2) or (N, 3) metres from the spot (right, up[, away]) to (N, 2) canvas pixels."""
        p = np.asarray(points, dtype=np.float64)
        world = np.zeros((len(p), 3))
        world[:, 0] = self.x + self.flip * p[:, 0]
        world[:, 1] = p[:, 1]
        world[:, 2] = self.z + (p[:, 2] if p.shape[1] == 3 else 0.0)
        return self.canvas.camera.project(world)

    @property
    def scale(self) -> float:
        """Canvas pixels per metre at the spot."""
        return self.canvas.camera.focal / max(self.z, NEAR)

    def poly(self, points: ArrayLike, colour: Colour, glow: float = 0.0) -> None:
        """A filled polygon."""
        self._fill(self.pixels(points), colour, glow)

    def box(
        self, left: float, bottom: float, right: float, top: float, colour: Colour, away: float = 0.0, glow: float = 0.0
    ) -> None:
        """A filled upright rectangle."""
        corners = [(left, bottom, away), (right, bottom, away), (right, top, away), (left, top, away)]
        self.poly(corners, colour, glow)

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        colour: Colour,
        squash: float = 1.0,
        away: float = 0.0,
        glow: float = 0.0,
    ) -> None:
        """A filled ellipse with horizontal radius `radius * squash`, facing the camera."""
        turn = np.linspace(0, 2 * np.pi, 17)[:-1]
        ring = np.stack([x + radius * squash * np.cos(turn), y + radius * np.sin(turn), np.full(16, away)], axis=1)
        self.poly(ring, colour, glow)

    def ring(self, x: float, y: float, radius: float, thick: float, colour: Colour, squash: float = 1.0) -> None:
        """A circle's line, such as a tyre; its inside belongs to nobody."""
        turn = np.linspace(0, 2 * np.pi, 21)
        self.line(np.stack([x + radius * squash * np.cos(turn), y + radius * np.sin(turn)], axis=1), thick, colour)

    def line(self, points: ArrayLike, thick: float, colour: Colour, glow: float = 0.0) -> None:
        """A polyline `thick` metres wide, at least one pixel."""
        width = max(1, round(thick * self.scale))
        path = _fixed(self.pixels(points))
        shaded = self.canvas.light.shade(colour, self.z, glow)
        cv2.polylines(self.canvas.pixels, [path], False, shaded, width, cv2.LINE_8, SUBPIXEL_BITS)
        if self.number:
            cv2.polylines(self.canvas.ids, [path], False, self.number, width, cv2.LINE_8, SUBPIXEL_BITS)

    def _fill(self, path: NDArray[np.float64], colour: Colour, glow: float) -> None:
        corners = _fixed(path)
        shaded = self.canvas.light.shade(colour, self.z, glow)
        cv2.fillPoly(self.canvas.pixels, [corners], shaded, cv2.LINE_8, SUBPIXEL_BITS)
        if self.number:
            cv2.fillPoly(self.canvas.ids, [corners], self.number, cv2.LINE_8, SUBPIXEL_BITS)
        if self.number or glow >= SHINES:  # what does not shine hides a halo behind it
            cv2.fillPoly(
                self.canvas.halo, [corners // HALO], shaded if glow >= SHINES else (0, 0, 0), cv2.LINE_8, SUBPIXEL_BITS
            )

    def many(self, quads: ArrayLike, colour: Colour, glow: float = 0.0, away: float = 0.0) -> None:
        """(K, P, 3) polygons of one colour in one go, shaded as at `away` metres behind the spot."""
        q = np.asarray(quads, dtype=np.float64)
        if not len(q):
            return
        corners = _fixed(self.pixels(q.reshape(-1, 3))).reshape(len(q), -1, 2)
        shaded = self.canvas.light.shade(colour, self.z + away, glow)
        cv2.fillPoly(self.canvas.pixels, list(corners), shaded, cv2.LINE_8, SUBPIXEL_BITS)


def _fixed(path: NDArray[np.float64]) -> NDArray[np.int32]:
    """Pixels to cv2's fixed-point numbers, kept in a range that cannot overflow."""
    return np.clip(path * (1 << SUBPIXEL_BITS), -(1 << 20), 1 << 20).astype(np.int32)


def darker(colour: Colour, factor: float) -> Colour:
    """The colour times a factor."""
    return colour[0] * factor, colour[1] * factor, colour[2] * factor
