"""The ten classes of BDD100K, drawn in metres so that perspective, size and occlusion come out right.

Each function draws one thing with a pen whose spot is the middle of the thing's nearest edge on the ground.
`rng` decides its make and colours only, never its place, so a thing looks the same in every frame of a sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from demo.drawing import Colour, Pen, darker

CLASSES = ("person", "rider", "car", "truck", "bus", "train", "motor", "bike", "traffic light", "traffic sign")

PAINTS: tuple[Colour, ...] = (
    (228, 228, 230), (196, 199, 204), (120, 124, 130), (52, 55, 60), (30, 32, 36), (158, 30, 34),
    (34, 66, 138), (70, 106, 150), (92, 74, 58), (40, 92, 66), (196, 160, 60), (168, 84, 40),
)  # fmt: skip
CLOTHES: tuple[Colour, ...] = (
    (40, 44, 60), (150, 40, 44), (60, 96, 150), (208, 204, 196),
    (86, 110, 70), (206, 166, 70), (104, 70, 110), (28, 28, 30),
)  # fmt: skip
SKIN: tuple[Colour, ...] = ((236, 196, 168), (206, 158, 124), (150, 106, 78), (98, 68, 52))
GLASS: Colour = (64, 80, 94)
TYRE: Colour = (24, 24, 26)
RED: Colour = (236, 40, 34)
WARM: Colour = (255, 240, 200)
STEEL: Colour = (128, 132, 138)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a thing stands. `view`: rear, front or side; `inner` is +1 where its right flank faces the camera's axis."""

    view: str
    inner: int  # the flank that is seen: +1 right, -1 left, as the camera sees it
    phase: float  # 0..1 of a walking or pedalling cycle
    lit: bool  # head and tail lights are on


def pick(rng: Generator, choices: tuple[Colour, ...]) -> Colour:
    """One of the colours."""
    return choices[int(rng.integers(len(choices)))]


def flank(
    pen: Pen, pose: Pose, half: float, bottom: float, top: float, near: float, far: float, colour: Colour
) -> None:
    """A rectangle on the visible long side of a vehicle, from `near` to `far` metres behind its nearest edge."""
    u = half * pose.inner
    pen.poly([(u, bottom, near), (u, bottom, far), (u, top, far), (u, top, near)], colour)


def wheel_on_flank(pen: Pen, pose: Pose, half: float, radius: float, along: float) -> None:
    """A wheel seen from the side, foreshortened as the flank is."""
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    for r, colour in ((radius, TYRE), (radius * 0.5, STEEL)):
        ring = np.stack([np.full(12, half * pose.inner), radius + r * np.sin(turn), along + r * np.cos(turn)], axis=1)
        pen.poly(ring, colour)


def lamps(pen: Pen, pose: Pose, half: float, height: float, size: float) -> None:
    """Two tail lights or two headlights on the near face."""
    rear = pose.view == "rear"
    colour: Colour = RED if rear else WARM
    glow = 1.0 if pose.lit else (0.35 if rear else 0.15)
    for side in (-1, 1):
        middle = side * (half - size * 0.9)
        pen.box(middle - size * 0.8, height - size * 0.5, middle + size * 0.8, height + size * 0.5, colour, glow=glow)


@dataclass(frozen=True)
class CarShape:
    """Metres: half the width, the heights of belt line and roof, the length; where the cabin begins and ends."""

    half: float
    belt: float
    high: float
    long: float
    boot: float  # from the near face to the cabin
    tail: float  # from the cabin to the far face


def draw_car(pen: Pen, pose: Pose, rng: Generator) -> None:
    """Saloon, hatchback or sport utility."""
    paint = pick(rng, PAINTS)
    kind = int(rng.integers(3))
    high = (1.42, 1.5, 1.78)[kind]
    half, belt, long = 0.9, high * 0.58, (4.5, 3.9, 4.6)[kind]
    if pose.view == "side":
        side_of_car(pen, rng, paint, (high, belt, long), kind)
        return
    boot = (0.95, 0.25, 0.2)[kind] if pose.view == "rear" else 1.15
    tail = (0.6, 1.15, 0.9)[kind] if pose.view == "front" else 1.15
    car = CarShape(half, belt, high, long, boot, tail)
    flank_of_car(pen, pose, paint, car)
    for side in (-1, 1):
        pen.box(
            side * half * 0.95 - 0.12, 0.0, side * half * 0.95 + 0.12 if side < 0 else side * half * 0.95, 0.5, TYRE
        )
    cabin_of_car(pen, paint, car)
    face_of_car(pen, pose, paint, car)


def flank_of_car(pen: Pen, pose: Pose, paint: Colour, car: CarShape) -> None:
    """The side that is seen at a slant, with its windows and wheels."""
    belt, high, long, boot, tail = car.belt, car.high, car.long, car.boot, car.tail
    flank(pen, pose, car.half, 0.28, belt, 0.0, long, darker(paint, 0.72))
    u = car.half * pose.inner
    roof = 0.78 * car.half * pose.inner
    pen.poly(
        [(u, belt, boot), (u, belt, long - tail), (roof, high, long - tail - 0.5), (roof, high, boot + 0.45)],
        darker(paint, 0.66),
    )
    window = [
        (u * 0.99, belt + 0.04, boot + 0.25),
        (u * 0.99, belt + 0.04, long - tail - 0.2),
        (roof, high - 0.1, long - tail - 0.6),
        (roof, high - 0.1, boot + 0.6),
    ]
    pen.poly(window, GLASS)
    wheel_on_flank(pen, pose, car.half, 0.33, 0.8)
    wheel_on_flank(pen, pose, car.half, 0.33, long - 0.85)


def cabin_of_car(pen: Pen, paint: Colour, car: CarShape) -> None:
    """The near end of the cabin with its window, and the boot or bonnet below."""
    half, belt, high, boot = car.half, car.belt, car.high, car.boot
    top = [
        (-half * 0.97, belt, boot),
        (half * 0.97, belt, boot),
        (half * 0.78, high, boot + 0.4),
        (-half * 0.78, high, boot + 0.4),
    ]
    pen.poly(top, darker(paint, 0.9))
    window = [
        (-half * 0.82, belt + 0.06, boot),
        (half * 0.82, belt + 0.06, boot),
        (half * 0.68, high - 0.1, boot + 0.3),
        (-half * 0.68, high - 0.1, boot + 0.3),
    ]
    pen.poly(window, GLASS)
    if boot > 0.3:
        pen.poly(
            [(-half, belt, 0), (half, belt, 0), (half * 0.95, belt, boot), (-half * 0.95, belt, boot)],
            darker(paint, 1.05),
        )


def face_of_car(pen: Pen, pose: Pose, paint: Colour, car: CarShape) -> None:
    """The near face: bumper, grille, number plate and lamps."""
    half, belt = car.half, car.belt
    pen.poly(
        [(-half, 0.3), (half, 0.3), (half, belt * 0.9), (half * 0.94, belt), (-half * 0.94, belt), (-half, belt * 0.9)],
        paint,
    )
    pen.box(-half * 0.96, 0.24, half * 0.96, 0.42, darker(paint, 0.45))
    if pose.view == "front":
        pen.box(-half * 0.45, 0.45, half * 0.45, 0.62, (30, 30, 32))
    pen.box(-0.26, 0.46, 0.26, 0.58, (226, 226, 214))
    lamps(pen, pose, half, belt * 0.84, 0.24)


def side_of_car(pen: Pen, rng: Generator, paint: Colour, size: tuple[float, float, float], kind: int) -> None:
    """A car that crosses or is parked across; `size` is height, waistline and length in metres."""
    high, belt, long = size
    a = long / 2
    rear_top = (a * 0.45, a * 0.82, a * 0.86)[kind]
    pen.poly(
        [(-a, 0.3), (a, 0.3), (a, belt * 0.88), (a * 0.9, belt), (-a * 0.55, belt), (-a * 0.96, belt * 0.82)], paint
    )
    pen.poly(
        [(-a * 0.5, belt), (-a * 0.22, high), (rear_top, high), (min(a * 0.94, rear_top + 0.3), belt)],
        darker(paint, 0.92),
    )
    pen.poly(
        [(-a * 0.42, belt + 0.03), (-a * 0.19, high - 0.1), (a * 0.08, high - 0.1), (a * 0.08, belt + 0.03)], GLASS
    )
    pen.poly(
        [(a * 0.13, belt + 0.03), (a * 0.13, high - 0.1), (rear_top - 0.06, high - 0.1), (rear_top + 0.1, belt + 0.03)],
        GLASS,
    )
    for u in (-a * 0.62, a * 0.62):
        pen.disc(u, 0.34, 0.34, TYRE)
        pen.disc(u, 0.34, 0.17, STEEL)
    pen.box(-a, belt * 0.62, -a * 0.93, belt * 0.8, WARM, glow=0.3)
    pen.box(a * 0.95, belt * 0.62, a, belt * 0.85, RED, glow=0.3)


def draw_truck(pen: Pen, pose: Pose, rng: Generator) -> None:
    """A box lorry, a flatbed with load, or a small delivery van that is easily taken for a bus or a car."""
    paint, cargo = pick(rng, PAINTS), pick(rng, PAINTS[:4] + PAINTS[6:])
    small = rng.random() < 0.35
    high, long, half = (2.55, 5.2, 1.0) if small else (3.4, 8.5, 1.25)
    cab, deck = (1.5, 0.6) if small else (2.0, 1.0)
    if pose.view == "side":
        side_of_truck(pen, paint, cargo, (high, long, cab, deck))
        return
    rear = pose.view == "rear"
    box_near, box_far = (0.0, long - cab) if rear else (cab + 0.15, long)
    cab_near, cab_far = (long - cab + 0.15, long) if rear else (0.0, cab)
    cab_high = high * 0.82

    def cargo_box() -> None:
        flank(pen, pose, half, deck, high, box_near, box_far, darker(cargo, 0.7))
        pen.box(-half, deck, half, high, cargo, away=box_near)
        pen.box(-0.02, deck + 0.1, 0.02, high - 0.1, darker(cargo, 0.6), away=box_near)
        pen.box(-half, deck, half, deck + 0.12, darker(cargo, 0.5), away=box_near)

    def cabin() -> None:
        flank(pen, pose, half * 0.97, 0.5, cab_high, cab_near, cab_far, darker(paint, 0.7))
        flank(pen, pose, half * 0.98, cab_high * 0.6, cab_high * 0.9, cab_near + 0.3, cab_far - 0.5, GLASS)
        pen.box(-half * 0.97, 0.45, half * 0.97, cab_high, paint, away=cab_near)

    if rear:
        cabin()
    flank(pen, pose, half, 0.45, deck, 0.0, long, (44, 44, 46))
    for along in (0.9, 1.9, long - 1.2) if not small else (0.8, long - 1.0):
        wheel_on_flank(pen, pose, half, 0.48 if not small else 0.36, along)
    cargo_box()
    if rear:
        pen.box(-half * 0.9, 0.45, half * 0.9, deck, (40, 40, 42))
    else:
        cabin()
        pen.poly(
            [
                (-half * 0.88, cab_high * 0.55),
                (half * 0.88, cab_high * 0.55),
                (half * 0.82, cab_high * 0.9),
                (-half * 0.82, cab_high * 0.9),
            ],
            GLASS,
        )
        pen.box(-half * 0.6, 0.6, half * 0.6, cab_high * 0.42, (36, 36, 40))
    for side in (-1, 1):
        pen.box(side * half * 0.75 - 0.2, 0.0, side * half * 0.75 + 0.2, 0.6, TYRE)
    lamps(pen, pose, half, 0.75, 0.2)


def side_of_truck(pen: Pen, paint: Colour, cargo: Colour, size: tuple[float, float, float, float]) -> None:
    """A lorry seen from the side: cab, gap, box."""
    high, long, cab, deck = size
    a = long / 2
    pen.box(-a + cab + 0.15, deck, a, high, cargo)
    pen.box(-a + cab + 0.15, deck, a, deck + 0.14, darker(cargo, 0.6))
    pen.box(-a + 0.3, 0.5, a, deck, (44, 44, 46))
    pen.poly([(-a, 0.5), (-a + cab, 0.5), (-a + cab, high * 0.82), (-a + 0.35, high * 0.82), (-a, high * 0.5)], paint)
    pen.poly(
        [
            (-a + 0.18, high * 0.5),
            (-a + cab * 0.7, high * 0.5),
            (-a + cab * 0.7, high * 0.76),
            (-a + 0.42, high * 0.76),
        ],
        GLASS,
    )
    for u in (-a + cab * 0.55, a - 1.9, a - 0.85):
        pen.disc(u, 0.46, 0.46, TYRE)
        pen.disc(u, 0.46, 0.22, STEEL)


BUS_PAINTS: tuple[Colour, ...] = ((206, 44, 40), (40, 110, 178), (226, 168, 36), (58, 142, 84), (222, 222, 224))


def draw_bus(pen: Pen, pose: Pose, rng: Generator) -> None:
    """A city bus or coach: long, with a band of windows."""
    paint = pick(rng, BUS_PAINTS)
    high, half, long = 3.0 + 0.3 * rng.random(), 1.25, 10.5
    skirt = darker(paint, 0.55) if rng.random() < 0.5 else (210, 210, 212)
    if pose.view == "side":
        side_of_bus(pen, paint, skirt, high, long)
        return
    flank(pen, pose, half, 0.35, high, 0.0, long, darker(paint, 0.72))
    flank(pen, pose, half * 1.001, 0.35, 0.85, 0.0, long, darker(skirt, 0.7))
    for i in range(6):
        near = 0.5 + i * (long - 1.0) / 6
        flank(pen, pose, half * 1.002, high * 0.5, high * 0.82, near, near + 1.3, GLASS)
    wheel_on_flank(pen, pose, half, 0.5, 2.2)
    wheel_on_flank(pen, pose, half, 0.5, long - 2.4)
    pen.poly(
        [
            (-half, 0.35),
            (half, 0.35),
            (half, high - 0.15),
            (half * 0.92, high),
            (-half * 0.92, high),
            (-half, high - 0.15),
        ],
        paint,
    )
    low, up = (high * 0.36, high * 0.82) if pose.view == "front" else (high * 0.55, high * 0.84)
    pen.box(-half * 0.9, low, half * 0.9, up, GLASS)
    pen.box(-half * 0.55, high * 0.86, half * 0.55, high * 0.95, (250, 178, 50), glow=0.8)
    pen.box(-half, 0.35, half, 0.62, skirt)
    for side in (-1, 1):
        pen.box(side * half * 0.78 - 0.18, 0.0, side * half * 0.78 + 0.18, 0.4, TYRE)
    lamps(pen, pose, half, 0.85, 0.22)


def side_of_bus(pen: Pen, paint: Colour, skirt: Colour, high: float, long: float) -> None:
    """A bus seen from the side: a row of windows, two doors."""
    a = long / 2
    pen.poly([(-a, 0.35), (a, 0.35), (a, high), (-a + 0.3, high), (-a, high * 0.8)], paint)
    pen.box(-a, 0.35, a, 0.8, skirt)
    for i in range(7):
        left = -a + 0.35 + i * (long - 0.5) / 7
        pen.box(left, high * 0.5, left + 1.2, high * 0.83, GLASS)
    for left in (-a + 0.5, 0.4):
        pen.box(left, 0.4, left + 1.0, high * 0.83, darker(GLASS, 0.75))
        pen.box(left + 0.48, 0.4, left + 0.53, high * 0.83, paint)
    for u in (-a + 2.3, a - 2.4):
        pen.disc(u, 0.5, 0.5, TYRE)
        pen.disc(u, 0.5, 0.24, STEEL)


TRAIN_PAINTS: tuple[Colour, ...] = ((198, 200, 206), (60, 130, 96), (214, 90, 40), (54, 70, 120))


def draw_train(pen: Pen, pose: Pose, rng: Generator) -> None:
    """A tram or train: very long, on rails, with a stripe and a rounded nose."""
    paint, stripe = pick(rng, TRAIN_PAINTS), pick(rng, BUS_PAINTS)
    high, half, long = 3.5, 1.3, 26.0
    if pose.view == "side":
        side_of_train(pen, paint, stripe, high, long)
        return
    flank(pen, pose, half, 0.3, high, 0.0, long, darker(paint, 0.72))
    flank(pen, pose, half * 1.001, 1.15, 1.5, 0.0, long, darker(stripe, 0.75))
    for i in range(12):
        near = 1.2 + i * 2.05
        flank(pen, pose, half * 1.002, 1.75, 2.75, near, near + 1.5, GLASS)
    for along in (8.5, 17.3):
        flank(pen, pose, half * 1.003, 0.3, high, along, along + 0.35, (34, 34, 38))
    pen.poly([(-half, 0.3), (half, 0.3), (half, 2.7), (half * 0.75, high), (-half * 0.75, high), (-half, 2.7)], paint)
    pen.poly([(-half * 0.85, 1.6), (half * 0.85, 1.6), (half * 0.68, 2.9), (-half * 0.68, 2.9)], darker(GLASS, 0.8))
    pen.box(-half, 1.05, half, 1.4, stripe)
    pen.box(-half * 0.4, 3.0, half * 0.4, 3.25, (250, 178, 50), glow=0.8)
    pen.box(-half * 0.8, 0.05, half * 0.8, 0.3, (40, 40, 44))
    lamps(pen, pose, half, 0.75, 0.24)


def side_of_train(pen: Pen, paint: Colour, stripe: Colour, high: float, long: float) -> None:
    """A train that crosses the road."""
    a = long / 2
    pen.poly([(-a, 0.4), (a, 0.4), (a, high), (-a + 0.9, high), (-a, 2.2)], paint)
    pen.box(-a, 1.1, a, 1.5, stripe)
    for i in range(14):
        left = -a + 1.0 + i * (long - 1.5) / 14
        pen.box(left, 1.8, left + 1.25, 2.8, GLASS)
    for u in (-a + long / 3, -a + 2 * long / 3):
        pen.box(u - 0.15, 0.4, u + 0.15, high, (34, 34, 38))
    pen.box(-a + 0.6, 0.05, a - 0.6, 0.4, (40, 40, 44))
