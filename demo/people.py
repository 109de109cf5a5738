"""People, two-wheelers, lights and signs: the small and thin classes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from demo.drawing import Colour, Pen, darker
from demo.objects import CLOTHES, PAINTS, RED, SKIN, STEEL, TYRE, WARM, Pose, pick

LAMP_COLOURS: tuple[Colour, ...] = ((255, 52, 40), (255, 190, 40), (60, 236, 120))
LAMP_OFF: tuple[Colour, ...] = ((70, 26, 24), (70, 56, 22), (22, 62, 38))


def draw_person(pen: Pen, pose: Pose, rng: Generator) -> None:
    """Somebody who stands or walks."""
    shirt, trousers, skin = pick(rng, CLOTHES), darker(pick(rng, CLOTHES), 0.8), pick(rng, SKIN)
    tall = 1.45 + 0.4 * rng.random()
    swing = 0.3 * np.sin(2 * np.pi * pose.phase) * tall / 1.7
    hip, shoulder = tall * 0.5, tall * 0.82
    for sign, tone in ((-1, 0.8), (1, 1.0)):
        foot = sign * swing
        pen.line(
            [(sign * 0.08, hip), (foot * 0.6 + sign * 0.07, hip * 0.5), (foot + sign * 0.06, 0.04)],
            0.17,
            darker(trousers, tone),
        )
        pen.line(
            [(sign * 0.2, shoulder), (-foot * 0.5 + sign * 0.25, hip * 1.2), (-foot * 0.8 + sign * 0.2, hip)],
            0.11,
            darker(shirt, tone),
        )
    pen.poly(
        [
            (-0.2, hip * 0.95),
            (0.2, hip * 0.95),
            (0.25, shoulder),
            (0.12, shoulder + 0.06),
            (-0.12, shoulder + 0.06),
            (-0.25, shoulder),
        ],
        shirt,
    )
    if rng.random() < 0.3:
        pen.box(0.14, hip, 0.34, shoulder * 0.92, darker(pick(rng, CLOTHES), 0.9))
    pen.disc(0.0, tall - 0.13, 0.13, skin, squash=0.85)
    pen.poly([(-0.11, tall - 0.1), (0.11, tall - 0.1), (0.08, tall), (-0.08, tall)], (46, 34, 28))


def draw_rider(pen: Pen, pose: Pose, rng: Generator) -> None:
    """The person on a bike or motor: bent, seated, feet on pedals, usually helmeted."""
    shirt, trousers, helmet = pick(rng, CLOTHES), darker(pick(rng, CLOTHES), 0.8), pick(rng, PAINTS)
    if pose.view != "side":
        for sign in (-1, 1):
            lift = 0.18 * np.sin(2 * np.pi * pose.phase) * sign
            pen.line([(sign * 0.1, 0.95), (sign * 0.2, 0.62), (sign * 0.14, 0.3 + lift)], 0.16, trousers)
            pen.line([(sign * 0.2, 1.36), (sign * 0.34, 1.16), (sign * 0.3, 1.0)], 0.11, shirt)
        pen.poly([(-0.19, 0.85), (0.19, 0.85), (0.25, 1.38), (0.1, 1.48), (-0.1, 1.48), (-0.25, 1.38)], shirt)
        pen.disc(0.0, 1.6, 0.15, helmet)
        return
    turn = 2 * np.pi * pose.phase
    for offset, tone in ((np.pi, 0.75), (0.0, 1.0)):
        foot = (0.02 + 0.16 * np.cos(turn + offset), 0.32 + 0.16 * np.sin(turn + offset))
        pen.line([(0.2, 0.95), (-0.14, 0.72), foot], 0.15, darker(trousers, tone))
    pen.line([(0.2, 0.95), (0.06, 1.2), (-0.08, 1.42)], 0.3, shirt)
    pen.line([(-0.08, 1.38), (-0.3, 1.12), (-0.44, 1.04)], 0.1, darker(shirt, 0.85))
    pen.disc(-0.15, 1.6, 0.15, helmet)
    pen.disc(-0.2, 1.54, 0.07, pick(rng, SKIN))


def draw_bike(pen: Pen, pose: Pose, rng: Generator) -> None:
    """A bicycle: thin, two open wheels and a diamond frame."""
    paint = pick(rng, PAINTS)
    if pose.view != "side":
        pen.disc(0.0, 0.34, 0.34, TYRE, squash=0.12)
        pen.line([(0.0, 0.5), (0.0, 1.0)], 0.06, paint)
        pen.line([(-0.3, 1.04), (0.3, 1.04)], 0.06, (40, 40, 42))
        pen.disc(0.0, 0.7, 0.06, RED if pose.view == "rear" else WARM, glow=1.0 if pose.lit else 0.4)
        return
    for u in (-0.52, 0.52):
        pen.ring(u, 0.34, 0.33, 0.05, TYRE)
        pen.line([(u - 0.3, 0.34), (u + 0.3, 0.34)], 0.012, STEEL)
        pen.line([(u, 0.04), (u, 0.64)], 0.012, STEEL)
    pen.line([(0.52, 0.34), (0.02, 0.32), (0.2, 0.84), (0.52, 0.34)], 0.055, paint)
    pen.line([(0.02, 0.32), (-0.4, 0.8), (0.17, 0.76)], 0.055, paint)
    pen.line([(-0.52, 0.34), (-0.4, 0.8), (-0.38, 1.0)], 0.05, paint)
    pen.line([(-0.5, 1.0), (-0.34, 1.02)], 0.06, (40, 40, 42))
    pen.line([(0.1, 0.9), (0.32, 0.9)], 0.08, (36, 32, 30))


def draw_motor(pen: Pen, pose: Pose, rng: Generator) -> None:
    """A motorcycle or scooter: the bike's outline with a solid middle and fat tyres."""
    paint = pick(rng, PAINTS)
    if pose.view != "side":
        pen.disc(0.0, 0.32, 0.32, TYRE, squash=0.3)
        pen.poly([(-0.2, 0.35), (0.2, 0.35), (0.26, 0.8), (0.14, 1.02), (-0.14, 1.02), (-0.26, 0.8)], paint)
        pen.line([(-0.4, 1.06), (0.4, 1.06)], 0.07, (40, 40, 42))
        pen.disc(0.0, 0.82, 0.1, RED if pose.view == "rear" else WARM, glow=1.0 if pose.lit else 0.4)
        return
    for u in (-0.66, 0.66):
        pen.disc(u, 0.32, 0.32, TYRE)
        pen.disc(u, 0.32, 0.16, STEEL)
    pen.poly([(-0.5, 0.42), (0.4, 0.36), (0.62, 0.78), (0.1, 0.84), (-0.12, 0.98), (-0.42, 0.9)], paint)
    pen.poly([(0.02, 0.8), (0.75, 0.86), (0.72, 0.96), (0.02, 0.9)], (34, 32, 32))
    pen.poly([(-0.25, 0.34), (0.25, 0.34), (0.3, 0.55), (-0.2, 0.55)], (80, 82, 86))
    pen.line([(-0.66, 0.32), (-0.46, 0.96), (-0.36, 1.12)], 0.08, STEEL)
    pen.disc(-0.52, 0.9, 0.1, WARM, glow=1.0 if pose.lit else 0.3)
    pen.box(0.7, 0.72, 0.8, 0.82, RED, glow=1.0 if pose.lit else 0.3)


def draw_traffic_light(pen: Pen, pose: Pose, rng: Generator) -> None:
    """The housing with its lamps; the pole is street furniture and has no label."""
    up = 3.2 + 1.6 * rng.random()
    arm = float(rng.choice([0.0, 0.0, 1.5, 3.0]))
    on, level = int(rng.choice(3, p=[0.45, 0.1, 0.45])), rng.random() < 0.2
    pole = Pen(pen.canvas, (pen.x, pen.z), 0, pen.flip < 0)
    pole.box(arm - 0.07, 0.0, arm + 0.07, up + 0.6, (70, 72, 76))
    if arm:
        pole.box(0.0, up + 0.5, arm, up + 0.6, (70, 72, 76))
    wide, high = (1.1, 0.42) if level else (0.42, 1.1)
    pen.box(-wide / 2, up, wide / 2, up + high, (26, 28, 30))
    for i in range(3):
        x, y = ((i - 1) * 0.34, up + high / 2) if level else (0.0, up + high / 2 + (1 - i) * 0.34)
        pen.disc(x, y, 0.14, LAMP_COLOURS[i] if i == on else LAMP_OFF[i], glow=1.0 if i == on else 0.0)


def draw_traffic_sign(pen: Pen, pose: Pose, rng: Generator) -> None:
    """Warning triangle, prohibition disc, stop octagon, blue disc, or a direction board."""
    kind = int(rng.integers(6))
    up, glow = 2.1 + 0.9 * rng.random(), 0.25
    pole = Pen(pen.canvas, (pen.x, pen.z), 0, pen.flip < 0)
    pole.box(-0.04, 0.0, 0.04, up + 0.2, (132, 134, 138))
    middle = up + 0.4
    if kind == 0:
        pen.poly([(-0.46, up), (0.46, up), (0.0, up + 0.8)], (206, 34, 32), glow)
        pen.poly([(-0.29, up + 0.1), (0.29, up + 0.1), (0.0, up + 0.6)], (244, 240, 226), glow)
        pen.box(-0.04, up + 0.16, 0.04, up + 0.44, (30, 30, 30))
    elif kind == 1:
        pen.disc(0, middle, 0.4, (206, 34, 32), glow=glow)
        pen.disc(0, middle, 0.28, (244, 242, 236), glow=glow)
        pen.box(-0.16, middle - 0.09, -0.03, middle + 0.11, (34, 34, 34))
        pen.box(0.04, middle - 0.09, 0.17, middle + 0.11, (34, 34, 34))
    elif kind == 2:
        turn = np.linspace(0, 2 * np.pi, 9)[:-1] + np.pi / 8
        pen.poly(np.stack([0.42 * np.cos(turn), middle + 0.42 * np.sin(turn)], axis=1), (196, 24, 28), glow)
        pen.box(-0.28, middle - 0.08, 0.28, middle + 0.08, (244, 240, 236), glow=glow)
    elif kind == 3:
        pen.disc(0, middle, 0.4, (34, 88, 182), glow=glow)
        pen.poly(
            [
                (-0.07, middle - 0.22),
                (0.07, middle - 0.22),
                (0.07, middle + 0.05),
                (0.2, middle + 0.05),
                (0, middle + 0.27),
                (-0.2, middle + 0.05),
                (-0.07, middle + 0.05),
            ],
            (244, 244, 246),
            glow,
        )
    elif kind == 4:
        pen.box(-0.42, up, 0.42, up + 0.62, (240, 196, 40), glow=glow)
        pen.poly([(-0.2, up + 0.12), (0.24, up + 0.3), (-0.2, up + 0.5)], (34, 34, 34))
    else:
        wide = 0.8 + 0.7 * rng.random()
        pen.box(-wide, up + 0.1, wide, up + 1.0, (20, 104, 70) if rng.random() < 0.6 else (28, 76, 160), glow=glow)
        for row in range(2):
            pen.box(
                -wide * 0.8,
                up + 0.28 + row * 0.34,
                wide * (0.2 + 0.5 * rng.random()),
                up + 0.4 + row * 0.34,
                (236, 238, 240),
                glow=glow,
            )
