"""Everything in a scene that has no label: sky, road, pavements, buildings, trees, weather, night."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from demo.drawing import HALO, Canvas, Colour, Light, Pen, darker

WEATHERS = ("clear", "partly cloudy", "overcast", "rainy", "snowy", "foggy")
TIMES = ("daytime", "dawn/dusk", "night")
PLACES = ("city street", "residential", "highway", "tunnel")
FAR = 160.0  # metres to where the road is drawn

SKIES: dict[str, tuple[Colour, Colour]] = {  # top, horizon
    "daytime": ((82, 138, 206), (194, 216, 234)),
    "dawn/dusk": ((72, 84, 132), (244, 174, 122)),
    "night": ((8, 10, 22), (36, 38, 54)),
}
GREY_SKIES: dict[str, tuple[Colour, Colour]] = {
    "daytime": ((160, 168, 178), (206, 210, 214)),
    "dawn/dusk": ((96, 96, 116), (188, 158, 146)),
    "night": ((14, 15, 22), (44, 44, 54)),
}
WALLS: tuple[Colour, ...] = (
    (150, 120, 100),
    (176, 166, 150),
    (126, 132, 140),
    (164, 92, 74),
    (206, 196, 178),
    (92, 98, 108),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where, when and in what weather a scene plays. The words are those of BDD100K."""

    weather: str
    timeofday: str
    place: str

    @property
    def grey(self) -> bool:
        """The sky is covered."""
        return self.weather not in ("clear", "partly cloudy")

    @property
    def sky(self) -> tuple[Colour, Colour]:
        """Colours at the top and at the horizon."""
        return (GREY_SKIES if self.grey else SKIES)[self.timeofday]

    @property
    def dark(self) -> bool:
        """Lamps are lit."""
        return self.timeofday == "night" or self.place == "tunnel"

    def light(self) -> Light:
        """The light that the surroundings throw on everything."""
        ambient = {"daytime": 1.0, "dawn/dusk": 0.66, "night": 0.36}[self.timeofday]
        tint: Colour = {"daytime": (1.0, 1.0, 1.0), "dawn/dusk": (1.08, 0.94, 0.86), "night": (0.9, 0.95, 1.15)}[
            self.timeofday
        ]
        if self.place == "tunnel":
            ambient, tint = 0.5, (1.15, 1.0, 0.74)
        visibility = {"foggy": 26.0, "snowy": 60.0, "rainy": 75.0}.get(self.weather, 220.0)
        haze = (70.0, 56.0, 36.0) if self.place == "tunnel" else self.sky[1]
        return Light(ambient * (0.86 if self.grey else 1.0), tint, haze, visibility)


def draw_backdrop(canvas: Canvas, around: Surroundings, road: float, rng: Generator, travelled: float) -> None:
    """Sky, ground, road `road` metres to either side, what stands along it, all `travelled` metres nearer."""
    draw_sky(canvas, around, rng)
    ground = Pen(canvas, (0.0, 0.0))
    earth: Colour = {
        "city street": (136, 134, 132),
        "highway": (112, 126, 84),
        "residential": (96, 124, 74),
        "tunnel": (88, 84, 78),
    }[around.place]
    tarmac: Colour = (84, 86, 90)
    if around.weather == "snowy" and around.place != "tunnel":
        earth, tarmac = (226, 230, 236), (142, 146, 152)
    if around.weather == "rainy":
        tarmac = (62, 66, 74)
    _flat(canvas, -90, 90, earth)
    if around.place in ("city street", "residential"):
        _flat(canvas, -road - 3.2, road + 3.2, darker((170, 168, 164), 1.2 if around.weather == "snowy" else 1.0))
    _flat(canvas, -road, road, tarmac)
    _markings(ground, road, around, travelled)
    {"city street": _city, "residential": _suburb, "highway": _highway, "tunnel": _tunnel}[around.place](
        canvas, around, road, rng, travelled
    )


def draw_sky(canvas: Canvas, around: Surroundings, rng: Generator) -> None:
    """A gradient, clouds, and at night a few stars."""
    rows = max(1, int(canvas.camera.horizon) + 2)
    top, low = (np.array(c) for c in around.sky)
    canvas.pixels[:rows] = (top + (low - top) * np.linspace(0, 1, rows)[:, None] ** 1.3)[:, None, :].astype(np.uint8)
    if around.weather == "partly cloudy":
        small = np.zeros((rows // 8 + 2, canvas.pixels.shape[1] // 8), np.uint8)
        for _ in range(int(rng.integers(4, 8))):
            spot = (int(rng.integers(small.shape[1])), int(rng.integers(1, max(2, int(small.shape[0] * 0.7)))))
            cv2.ellipse(small, spot, (int(rng.integers(6, 20)), int(rng.integers(2, 5))), 0, 0, 360, 200, -1)
        cover = (
            cv2.resize(cv2.GaussianBlur(small, (0, 0), 2), (canvas.pixels.shape[1], rows)).astype(np.float32)[..., None]
            / 255
        )
        cloud = np.array([c * (0.25 if around.timeofday == "night" else 1.0) for c in (246, 244, 242)], np.float32)
        canvas.pixels[:rows] = (canvas.pixels[:rows] * (1 - cover) + cloud * cover).astype(np.uint8)


def _flat(canvas: Canvas, left: float, right: float, colour: Colour) -> None:
    """A strip of ground along the road, in slices so that haze grows with distance."""
    pen = Pen(canvas, (0.0, 0.0))
    edges = (FAR * 6, 80.0, 40.0, 22.0, 12.0, 7.0, 4.0, 1.0)
    for far, near in itertools.pairwise(edges):
        strip = [[(left, 0.0, near), (right, 0.0, near), (right, 0.0, far), (left, 0.0, far)]]
        pen.many(strip, colour, away=(near + min(far, 120.0)) / 2)


def _markings(pen: Pen, road: float, around: Surroundings, travelled: float) -> None:
    """Edge lines, dashes between lanes."""
    white: Colour = (222, 222, 218)
    yellow: Colour = (222, 184, 60)
    for u, colour in ((-road + 0.25, white), (road - 0.25, white)):
        pen.many([[(u - 0.07, 0, 1.0), (u + 0.07, 0, 1.0), (u + 0.07, 0, FAR), (u - 0.07, 0, FAR)]], colour, away=30)
    for u, colour in ((-1.75, yellow if around.place != "highway" else white), (1.75, white)):
        starts = np.arange(1.5 - travelled % 6.0, 90.0, 6.0)
        starts = np.maximum(starts, 1.0)
        dashes = [[(u - 0.07, 0, z), (u + 0.07, 0, z), (u + 0.07, 0, z + 2.6), (u - 0.07, 0, z + 2.6)] for z in starts]
        pen.many(dashes, colour, away=18)


def _city(canvas: Canvas, around: Surroundings, road: float, rng: Generator, travelled: float) -> None:
    """Rows of houses with windows, and lamp posts."""
    blocks = []
    for side in (-1, 1):
        z = -12.0
        while z < 130:
            long = float(rng.uniform(9, 18))
            blocks.append(
                (
                    z,
                    long,
                    side,
                    float(rng.uniform(7, 24)),
                    WALLS[int(rng.integers(len(WALLS)))],
                    int(rng.integers(1 << 30)),
                )
            )
            z += long + (float(rng.uniform(6, 12)) if rng.random() < 0.15 else 0.0)
    for z, long, side, high, wall, seed in sorted(blocks, key=lambda b: -b[0]):
        near = z - travelled
        if near + long > 2:
            _building(
                canvas,
                around,
                (side * (road + 4.2), max(near, 0.9)),
                side,
                (long + min(0.0, near - 0.9), high),
                wall,
                seed,
            )
    _lamp_posts(canvas, around, road, travelled)


def _building(
    canvas: Canvas,
    around: Surroundings,
    at: tuple[float, float],
    side: int,
    size: tuple[float, float],
    wall: Colour,
    seed: int,
) -> None:
    """One house front along the street, its gable towards the camera, with a grid of windows."""
    long, high = size
    pen, rng = Pen(canvas, at), np.random.default_rng(seed)
    pen.many([[(0, 0, 0), (0, 0, long), (0, high, long), (0, high, 0)]], darker(wall, 0.82), away=long / 2)
    pen.many([[(0, 0, 0), (side * 14, 0, 0), (side * 14, high, 0), (0, high, 0)]], wall)
    floors, bays = np.arange(3.6, high - 1.4, 3.1), np.arange(1.0, long - 1.4, 2.6)
    if not len(floors) or not len(bays):
        return
    y, z = (g.ravel() for g in np.meshgrid(floors, bays))
    quads = np.stack(
        [np.stack([np.zeros_like(y), y + dy, z + dz], axis=1) for dy, dz in ((0, 0), (0, 1.3), (1.5, 1.3), (1.5, 0))],
        axis=1,
    )
    lit = rng.random(len(quads)) < (0.3 if around.timeofday == "night" else 0.06)
    pen.many(quads[~lit], (58, 72, 88), away=long / 2)
    pen.many(quads[lit], (250, 212, 140), glow=0.75 if around.timeofday != "daytime" else 0.0, away=long / 2)
    shop = [[(0, 0.4, 0.6), (0, 0.4, long - 0.6), (0, 2.7, long - 0.6), (0, 2.7, 0.6)]]
    pen.many(shop, (70, 76, 84), glow=0.35 if around.timeofday == "night" else 0.0, away=long / 2)
    pen.many(
        [[(0, 2.7, 0.4), (0, 2.7, long - 0.4), (0, 3.2, long - 0.4), (0, 3.2, 0.4)]],
        WALLS[seed % len(WALLS)],
        away=long / 2,
    )


def _suburb(canvas: Canvas, around: Surroundings, road: float, rng: Generator, travelled: float) -> None:
    """Detached houses and trees."""
    things = []
    for side in (-1, 1):
        for z in np.arange(-4.0, 110.0, 13.0):
            things.append(
                (
                    float(z + rng.uniform(-2, 2)),
                    side,
                    "house" if rng.random() < 0.7 else "tree",
                    int(rng.integers(1 << 30)),
                )
            )
            things.append((float(z + 6.5 + rng.uniform(-2, 2)), side, "tree", int(rng.integers(1 << 30))))
    for z, side, kind, seed in sorted(things, key=lambda t: -t[0]):
        if z - travelled < 3:
            continue
        draw = _house if kind == "house" else _tree
        draw(canvas, around, (side * (road + (9.0 if kind == "house" else 5.2)), z - travelled), seed)
    _lamp_posts(canvas, around, road, travelled)


def _house(canvas: Canvas, around: Surroundings, at: tuple[float, float], seed: int) -> None:
    """A house with a gable roof, a door and two windows."""
    rng = np.random.default_rng(seed)
    pen, wall, wide = Pen(canvas, at), WALLS[int(rng.integers(len(WALLS)))], float(rng.uniform(3.4, 4.6))
    inner = -np.sign(at[0]) * wide
    pen.poly([(inner, 0, 0), (inner, 0, 9), (inner, 3.4, 9), (inner, 3.4, 0)], darker(wall, 0.8))
    pen.poly([(inner, 3.4, 0), (inner, 3.4, 9), (0, 5.6, 9), (0, 5.6, 0)], (96, 60, 52))
    pen.box(-wide, 0, wide, 3.4, wall)
    pen.poly(
        [(-wide - 0.3, 3.3), (wide + 0.3, 3.3), (0, 5.7)],
        (112, 70, 60) if around.weather != "snowy" else (232, 234, 240),
    )
    night = around.timeofday == "night"
    for u in (-wide * 0.55, wide * 0.5):
        shine = night and rng.random() < 0.5
        pen.box(u - 0.7, 1.1, u + 0.7, 2.3, (250, 212, 140) if shine else (60, 74, 92), glow=0.8 if shine else 0.0)
    pen.box(-0.45, 0, 0.45, 2.1, (84, 56, 44))


def _tree(canvas: Canvas, around: Surroundings, at: tuple[float, float], seed: int) -> None:
    """A trunk and a few clumps of leaves."""
    rng = np.random.default_rng(seed)
    pen, high = Pen(canvas, at), float(rng.uniform(4.5, 8.0))
    pen.box(-0.16, 0, 0.16, high * 0.5, (84, 66, 52))
    green: Colour = (58, 96, 52) if around.weather != "snowy" else (170, 186, 182)
    for i in range(5):
        u, v = rng.uniform(-1.0, 1.0), high * (0.55 + 0.09 * i)
        pen.disc(u * (1.4 - 0.2 * i), v, float(rng.uniform(1.0, 1.7)), darker(green, float(rng.uniform(0.75, 1.15))))


def _highway(canvas: Canvas, around: Surroundings, road: float, rng: Generator, travelled: float) -> None:
    """Hills, far woods, a guard rail on either side."""
    far = Pen(canvas, (0.0, 320.0))
    hills = [(u, float(rng.uniform(4, 26))) for u in np.linspace(-260, 260, 12)]
    far.poly([(-280, 0), *hills, (280, 0)], (92, 112, 90) if around.weather != "snowy" else (206, 212, 218))
    for side in (-1, 1):
        for z in np.arange(110.0, 12.0, -11.0):
            _tree(
                canvas,
                around,
                (side * float(road + rng.uniform(8, 20)), float(z - travelled % 11.0)),
                int(rng.integers(1 << 30)),
            )
    pen = Pen(canvas, (0.0, 0.0))
    for u in (-road - 0.8, road + 0.8):
        posts = [
            [(u, 0, z), (u, 0, z + 0.15), (u, 0.7, z + 0.15), (u, 0.7, z)]
            for z in np.arange(2.0 + 3 - travelled % 3, 70, 3.0)
        ]
        pen.many(posts, (110, 112, 116), away=20)
        pen.many([[(u, 0.5, 1.5), (u, 0.5, FAR), (u, 0.85, FAR), (u, 0.85, 1.5)]], (176, 180, 184), away=20)
    _lamp_posts(canvas, around, road, travelled, every=40.0)


def _tunnel(canvas: Canvas, around: Surroundings, road: float, rng: Generator, travelled: float) -> None:
    """Walls, ceiling and rows of lamps."""
    pen, high = Pen(canvas, (0.0, 0.0)), 5.6
    edges = (FAR * 4, 80.0, 40.0, 22.0, 12.0, 6.0, 1.0)
    for far, near in itertools.pairwise(edges):
        middle = (near + min(far, 120.0)) / 2
        for u in (-road - 1.5, road + 1.5):
            pen.many([[(u, 0, near), (u, 0, far), (u, high, far), (u, high, near)]], (150, 138, 116), away=middle)
        pen.many(
            [[(-road - 1.5, high, near), (road + 1.5, high, near), (road + 1.5, high, far), (-road - 1.5, high, far)]],
            (92, 86, 76),
            away=middle,
        )
    for u in (-road * 0.55, road * 0.55):
        for z in np.arange(90.0, 3.0, -7.0):
            Pen(canvas, (u, max(1.2, float(z - travelled % 7.0)))).box(
                -0.5, high - 0.12, 0.5, high - 0.02, (255, 222, 150), glow=1.0
            )


def _lamp_posts(canvas: Canvas, around: Surroundings, road: float, travelled: float, every: float = 24.0) -> None:
    """Street lamps, lit at night."""
    for z in np.arange(96.0, 6.0, -every):
        for side in (-1, 1):
            pen = Pen(canvas, (side * (road + 1.0), float(z - travelled % every)))
            if pen.z < 2:
                continue
            pen.box(-0.07, 0, 0.07, 7.0, (92, 94, 98))
            pen.box(min(0, -side * 1.6), 6.9, max(0, -side * 1.6), 7.02, (92, 94, 98))
            lit = around.timeofday == "night"
            pen.box(
                -side * 1.6 - 0.3,
                6.75,
                -side * 1.6 + 0.3,
                6.95,
                (255, 226, 160) if lit else (190, 192, 196),
                glow=1.0 if lit else 0.0,
            )


def finish(canvas: Canvas, around: Surroundings, size: tuple[int, int], rng: Generator) -> NDArray[np.uint8]:
    """Halos, rain or snow, then the picture at its final (width, height), with a sensor's noise."""
    pixels: NDArray[Any] = canvas.pixels
    if around.dark or around.timeofday == "dawn/dusk":
        _headlights(canvas, around)
        wide = cv2.GaussianBlur(canvas.halo, (0, 0), 2.2)
        glare = cv2.resize(wide, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
        pixels = cv2.add(pixels, glare)
    small: NDArray[Any] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if around.place != "tunnel":
        _precipitation(small, around, rng)
    grain = rng.normal(0, 3.5 if around.dark else 2.0, (small.shape[0] // 2 + 1, small.shape[1] // 2 + 1)).astype(
        np.int16
    )
    tiled = np.tile(grain, (2, 2))[: small.shape[0], : small.shape[1], None]
    return np.clip(small.astype(np.int16) + tiled, 0, 255).astype(np.uint8)


def _headlights(canvas: Canvas, around: Surroundings) -> None:
    """Our own lamps light the road in front of us."""
    if around.timeofday != "night":
        return
    corners = Pen(canvas, (0.0, 0.0)).pixels([(-1.2, 0, 2.2), (1.2, 0, 2.2), (3.4, 0, 26.0), (-3.4, 0, 26.0)])
    light = np.zeros_like(canvas.halo)
    cv2.fillPoly(light, [(corners / HALO).astype(np.int32)], (52, 50, 40))
    cv2.add(canvas.halo, cv2.GaussianBlur(light, (0, 0), 3), dst=canvas.halo)


def _precipitation(pixels: NDArray[Any], around: Surroundings, rng: Generator) -> None:
    """Streaks of rain or flakes of snow, in place."""
    h, w = pixels.shape[:2]
    bright = 120 if around.timeofday == "night" else 205
    if around.weather == "rainy":
        for x, y, n in _drops(rng, w, h, 110):
            cv2.line(pixels, (x, y), (x - n // 4, y + n), (bright, bright, bright), 1)
    elif around.weather == "snowy":
        for x, y, n in _drops(rng, w, h, 120):
            cv2.circle(pixels, (x, y), 1 if n < 11 else 2, (bright + 40, bright + 40, bright + 40), -1)


def _drops(rng: Generator, width: int, height: int, count: int) -> list[tuple[int, int, int]]:
    """Random (x, y, size) in pixels."""
    xs, ys, ns = rng.integers(0, width, count), rng.integers(0, height, count), rng.integers(5, 14, count)
    return [(int(x), int(y), int(n)) for x, y, n in zip(xs, ys, ns, strict=True)]
