"""Road scenes with the ten classes of BDD100K, their long tail, and metadata that changes the picture.

Everything follows from a seed: the same seed gives the same bytes on the same machine. Images come in sequences: some
stand alone, others are a few frames of one drive, as near-identical as a dash camera's are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from demo import objects, people
from demo.backdrop import PLACES, TIMES, WEATHERS, Surroundings, draw_backdrop, finish
from demo.drawing import Camera, Canvas, Pen
from demo.objects import CLASSES, Pose

SIZE = (480, 272)  # width, height in pixels
FINER = 2  # drawn this many times larger, then scaled down, which smooths all edges
SMALLEST = 7.0  # pixels; a box with a shorter side is not labelled, and such a thing is not drawn
HIDDEN = 0.3  # things of which less than this part is visible are not labelled
FRAMES = (1, 1, 1, 1, 1, 2, 3)  # lengths of sequences, equally likely

DRAW = {
    "car": objects.draw_car,
    "truck": objects.draw_truck,
    "bus": objects.draw_bus,
    "train": objects.draw_train,
    "person": people.draw_person,
    "rider": people.draw_rider,
    "bike": people.draw_bike,
    "motor": people.draw_motor,
    "traffic light": people.draw_traffic_light,
    "traffic sign": people.draw_traffic_sign,
}

# How many of each a scene holds on average, by place. The order of frequency is BDD100K's; its tail (a train in one of
# a thousand images) is lifted, or a demo of a few hundred images would hold none.
KINDS = (
    "car", "traffic sign", "traffic light", "person", "truck", "bus",
    "bike", "ridden bike", "ridden motor", "motor", "train",
)  # fmt: skip
RATES: dict[str, dict[str, float]] = {
    place: dict(zip(KINDS, rates, strict=True))
    for place, rates in {
        "city street": (3.0, 1.1, 1.2, 1.5, 0.4, 0.3, 0.22, 0.14, 0.1, 0.06, 0.1),
        "residential": (2.6, 1.0, 0.25, 1.0, 0.3, 0.12, 0.22, 0.14, 0.06, 0.06, 0.0),
        "highway": (3.6, 1.5, 0.0, 0.0, 0.8, 0.25, 0.0, 0.0, 0.12, 0.0, 0.05),
        "tunnel": (3.2, 0.4, 0.2, 0.0, 0.6, 0.2, 0.0, 0.0, 0.1, 0.0, 0.0),
    }.items()
}
LENGTHS = {"car": 4.6, "truck": 8.6, "bus": 10.6, "train": 26.0}  # metres along the road
DEPTHS = {
    "person": (4.0, 22.0),
    "bike": (4.0, 17.0),
    "motor": (4.0, 18.0),
    "traffic light": (8.0, 26.0),
    "traffic sign": (6.0, 26.0),
}


Taken = tuple[float, float, float, float]  # metres: middle across the road, near end, far end, half the width


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of a scene: where it stands, how it moves, and the seed of its looks."""

    kind: str
    x: float  # metres right of the lane's middle
    z: float  # metres ahead, of its nearest point
    view: str
    speed: tuple[float, float]  # metres per frame to the right and away, the camera's own motion included
    flip: bool
    seed: int
    phase: float


@dataclass(frozen=True, slots=True)
class Scene:
    """One image with its labels. `boxes` are (N, 4) float32 xyxy pixels, tight around what is visible."""

    key: str  # file name without its ending
    pixels: NDArray[np.uint8]  # (H, W, 3) RGB
    boxes: NDArray[np.float32]  # (N, 4)
    classes: NDArray[np.int32]  # (N,) into CLASSES
    occluded: NDArray[np.bool_]  # (N,) a tenth or more is hidden by something nearer
    metadata: dict[str, str]
    sequence: str
    captured_at: datetime


def scenes(count: int, seed: int, size: tuple[int, int] = SIZE, prefix: str = "scene") -> Iterator[Scene]:
    """`count` images; sequences are cut where the count is reached."""
    made, drive = 0, 0
    while made < count:
        for scene in sequence(seed, drive, size, prefix):
            if made == count:
                return
            yield scene
            made += 1
        drive += 1


def sequence(seed: int, drive: int, size: tuple[int, int] = SIZE, prefix: str = "scene") -> Iterator[Scene]:
    """The frames of one drive."""
    rng = np.random.default_rng([seed, drive])
    around = surroundings(rng)
    road = {"city street": 5.3, "residential": 5.0, "highway": 7.1, "tunnel": 5.4}[around.place]
    pace = {"highway": 0.9, "tunnel": 0.7}.get(around.place, 0.45)  # metres per frame
    things = populate(around, road, rng)
    camera = _camera(size, rng)
    backdrop_seed, frames = int(rng.integers(1 << 31)), int(rng.choice(FRAMES))
    start = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(
        minutes=7 * drive, hours={"daytime": 12, "dawn/dusk": 19, "night": 23}[around.timeofday]
    )
    name = f"{prefix}-{seed}-{drive:05d}"
    for frame in range(frames):
        shaken = replace(
            camera, horizon=camera.horizon + float(rng.normal(0, 2.0)) * (frame > 0), shift=camera.shift + 0.04 * frame
        )
        moved = [_moved(t, frame, pace) for t in things]
        pixels, boxes, classes, occluded = render(
            moved, around, road, shaken, size, (backdrop_seed, frame), pace * frame
        )
        metadata = {"weather": around.weather, "scene": around.place, "timeofday": around.timeofday}
        yield Scene(
            f"{name}-{frame}", pixels, boxes, classes, occluded, metadata, name, start + timedelta(seconds=frame)
        )


def surroundings(rng: Generator) -> Surroundings:
    """Place, time and weather, about as often as in BDD100K."""
    place = str(rng.choice(PLACES, p=[0.6, 0.16, 0.2, 0.04]))
    timeofday = str(rng.choice(TIMES, p=[0.53, 0.09, 0.38]))
    weather = str(rng.choice(WEATHERS, p=[0.5, 0.12, 0.15, 0.1, 0.09, 0.04]))
    return Surroundings(weather, timeofday, place)


def _camera(size: tuple[int, int], rng: Generator) -> Camera:
    """A dash camera behind a windscreen; every car's is mounted a little differently."""
    w, h = size[0] * FINER, size[1] * FINER
    return Camera(
        w,
        h,
        float(w * rng.uniform(0.78, 0.98)),
        float(h * rng.uniform(0.4, 0.5)),
        float(rng.uniform(1.25, 1.75)),
        float(rng.uniform(-0.4, 0.4)),
    )


def _moved(thing: Thing, frame: int, pace: float) -> Thing:
    """Where a thing is some frames later, seen from our own moving car."""
    return replace(
        thing,
        x=thing.x + thing.speed[0] * frame,
        z=thing.z + (thing.speed[1] - pace) * frame,
        phase=thing.phase + 0.09 * frame,
    )


def populate(around: Surroundings, road: float, rng: Generator) -> list[Thing]:
    """Draw what a scene holds. Vehicles on a lane keep apart; what finds no room is left out."""
    rates = RATES[around.place]
    taken: list[Taken] = []
    things: list[Thing] = []
    for kind in (
        "train",
        "bus",
        "truck",
        "car",
        "ridden motor",
        "ridden bike",
        "motor",
        "bike",
        "person",
        "traffic light",
        "traffic sign",
    ):
        for _ in range(int(rng.poisson(rates[kind]))):
            things += _place(kind, around, road, taken, rng)
    return things


def _place(kind: str, around: Surroundings, road: float, taken: list[Taken], rng: Generator) -> list[Thing]:
    """One thing, or a rider and the machine, or nothing where there was no room."""
    for _ in range(6):
        x, z, view, speed = _spot(kind, around, road, rng)
        long = 2.5 if view == "side" else LENGTHS.get(kind, 1.6)
        width = LENGTHS.get(kind, 1.8) / 2 + 0.5 if view == "side" else 1.6
        if any(
            abs(x - lane) < width + half and z < far + 1.5 and near < z + long + 1.5 for lane, near, far, half in taken
        ):
            continue
        taken.append((x, z, z + long, width))
        return _things(kind, x, z, view, speed, rng)
    return []


def _things(kind: str, x: float, z: float, view: str, speed: tuple[float, float], rng: Generator) -> list[Thing]:
    """The thing; for a ridden machine also its rider, who sits a little behind the handlebar's plane."""
    flip, phase = bool(rng.random() < 0.5) if speed[0] == 0 else speed[0] > 0, float(rng.random())
    seed = int(rng.integers(1 << 31))
    if not kind.startswith("ridden "):
        return [Thing(kind, x, z, view, speed, flip, seed, phase)]
    machine = Thing(kind.removeprefix("ridden "), x, z, view, speed, flip, seed, phase)
    nearer = -0.05 if view != "front" else 0.05
    return [machine, Thing("rider", x, z + nearer, view, speed, flip, seed + 1, phase)]


def _spot(
    kind: str, around: Surroundings, road: float, rng: Generator
) -> tuple[float, float, str, tuple[float, float]]:
    """A likely place for a kind of thing: x, z, view, speed."""
    sign = 1.0 if rng.random() < 0.5 else -1.0
    if kind in ("car", "truck", "bus"):
        return _traffic(kind, around, road, rng)
    if kind == "train":
        if rng.random() < 0.4:
            return float(rng.uniform(-8, 8)), float(rng.uniform(20, 34)), "side", (0.5 * sign, 0.0)
        return (
            sign * (road + 2.6),
            float(rng.uniform(7, 26)),
            "front" if sign < 0 else "rear",
            (0.0, -0.6 if sign < 0 else 0.7),
        )
    if kind.startswith("ridden"):
        z = float(rng.uniform(4.5, 17))
        if rng.random() < 0.45 and around.place != "highway":
            return float(rng.uniform(-4, 4)), z, "side", (0.22 * sign, 0.0)
        return (
            sign * float(rng.uniform(1.2, road - 1.0)),
            z,
            "rear" if sign > 0 else "front",
            (0.0, 0.4 if sign > 0 else -0.3),
        )
    z = float(rng.uniform(*DEPTHS[kind]))
    if kind == "person":
        walking = 0.07 * (1.0 if rng.random() < 0.5 else -1.0)
        crossing = rng.random() < 0.35
        x = float(rng.uniform(-road, road)) if crossing else sign * (road + float(rng.uniform(0.5, 2.8)))
        return x, z, "front", (walking, 0.0)
    if kind in ("bike", "motor"):
        return sign * (road + float(rng.uniform(-0.9, 1.5))), z, str(rng.choice(["side", "side", "rear"])), (0.0, 0.0)
    beside = road + float(rng.uniform(0.5, 2.2))
    if kind == "traffic light" and rng.random() < 0.3:
        beside = float(rng.uniform(0, road))  # hangs over the road
    return sign * beside, z, "front", (0.0, 0.0)


def _traffic(
    kind: str, around: Surroundings, road: float, rng: Generator
) -> tuple[float, float, str, tuple[float, float]]:
    """A lane, or parked, or crossing in front of us."""
    z = float(5.0 + 34.0 * rng.beta(1.1, 2.0))
    if around.place in ("city street", "residential") and rng.random() < 0.16:
        return float(rng.uniform(-9, 9)), max(z, 11.0), "side", (0.35 * (1.0 if rng.random() < 0.5 else -1.0), 0.0)
    lane = float(rng.choice([-3.5, 0.0, 3.5], p=[0.45, 0.2, 0.35]))
    if lane == 0.0:
        z = max(z, 8.0)
    if around.place in ("city street", "residential") and kind == "car" and rng.random() < 0.4:
        lane = float(rng.choice([-1.0, 1.0])) * (road - 0.9)
        return lane, z, "front" if lane < 0 else "rear", (0.0, 0.0)
    oncoming = lane < 0 and around.place != "tunnel"
    return (
        lane + float(rng.normal(0, 0.2)),
        z,
        "front" if oncoming else "rear",
        (0.0, -0.5 if oncoming else float(rng.uniform(0.2, 0.6))),
    )


Rendered = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int32], NDArray[np.bool_]]


def render(
    things: list[Thing],
    around: Surroundings,
    road: float,
    camera: Camera,
    size: tuple[int, int],
    seeds: tuple[int, int],
    travelled: float,
) -> Rendered:
    """Paint from far to near. Boxes come from the pixels in which a thing is still seen at the end."""
    canvas = Canvas.blank(camera, around.light())
    draw_backdrop(canvas, around, road, np.random.default_rng(seeds[0]), travelled)
    drawn: list[tuple[str, int]] = []  # kind, pixels when just drawn
    lit = around.dark or around.timeofday == "dawn/dusk" or around.weather in ("rainy", "foggy")
    for thing in sorted(things, key=lambda t: -t.z)[:250]:
        if thing.z < 3.0:
            continue
        number = len(drawn) + 1
        pen = Pen(canvas, (thing.x, thing.z), number, thing.flip and thing.view == "side")
        inner = -1 if thing.x > camera.shift else 1
        DRAW[thing.kind](pen, Pose(thing.view, inner, thing.phase, lit), np.random.default_rng(thing.seed))
        drawn.append((thing.kind, int(np.count_nonzero(canvas.ids == number))))
    boxes, classes, occluded = _labels(canvas.ids, drawn)
    return finish(canvas, around, size, np.random.default_rng(seeds)), boxes, classes, occluded


def _labels(
    ids: NDArray[np.uint8], drawn: list[tuple[str, int]]
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.bool_]]:
    """Tight boxes of what is visible, in final pixels."""
    boxes, classes, occluded = [], [], []
    for number, (kind, whole) in enumerate(drawn, start=1):
        seen = ids == number
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        if not len(rows):
            continue
        box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float32) / FINER
        visible = int(np.count_nonzero(seen)) / max(whole, 1)
        if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST and visible >= HIDDEN:
            boxes.append(box)
            classes.append(CLASSES.index(kind))
            occluded.append(visible < 0.9)
    return np.array(boxes, np.float32).reshape(-1, 4), np.array(classes, np.int32), np.array(occluded, bool)
