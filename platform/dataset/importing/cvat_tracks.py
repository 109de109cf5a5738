"""CVAT for video: tracks of an object through the frames, each with its shapes.

CVAT exports a shape for every frame where the object is seen, `keyframe="0"` where it lies on the line between two key
frames, and one with `outside="1"` where it is gone. Files of key frames alone (other tools write them; every shape says
that it is one) are filled as CVAT does it: boxes move evenly from key frame to key frame and stand still after the last
one, until they are outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree.ElementTree import Element

from dataset.importing.cvat_frames import MOST_FRAMES
from dataset.importing.gathering import number

SIDES = ("xtl", "ytl", "xbr", "ybr")


@dataclass(frozen=True)
class ShownShape:
    """A track's shape in one frame; `box` xyxy pixels before it is turned, where the shape is a box."""

    frame: int
    shape: Element
    outside: bool
    box: tuple[float, ...]
    rotation: float
    drawn: bool = True  # stands in the file
    leaves: bool = False  # out of sight after it, until a later one

    @property
    def about_track(self) -> dict[str, bool]:
        """Attributes that let the editor go on with the track: computed and not drawn, out of sight after this."""
        computed = not self.drawn or self.shape.get("keyframe") == "0"
        return ({"keyframe": False} if computed else {}) | ({"leaves": True} if self.leaves else {})


def shapes_of(track: Element, last: int | None) -> list[ShownShape]:
    """What of a track is seen, frame by frame; `last`: the job's last frame, where it is known."""
    given = sorted((shown for child in track if (shown := shown_of(child)) is not None), key=lambda one: one.frame)
    only_keys = all(child.get("keyframe") == "1" for child in track if child.get("frame") is not None)
    if not only_keys:
        return shapes_in_sight(given)
    filled = [one for pair in pairs(given) for one in between(*pair)]
    if given and last is not None:
        filled += [replace(given[-1], frame=frame, drawn=False) for frame in range(given[-1].frame + 1, last + 1)]
    return shapes_in_sight(sorted([*given, *filled], key=lambda one: one.frame))


def shapes_in_sight(shapes: list[ShownShape]) -> list[ShownShape]:
    """Those in sight, frame by frame; after one that `leaves` the object is out of sight, and comes back later."""
    last = max((one.frame for one in shapes if not one.outside), default=0)
    following = [*shapes[1:], *([None] if shapes else [])]
    return [
        replace(one, leaves=after is not None and after.outside and one.frame < last)
        for one, after in zip(shapes, following, strict=True)
        if not one.outside
    ]


def shown_of(child: Element) -> ShownShape | None:
    frame = number(child.get("frame"))
    if not 0 <= frame < MOST_FRAMES:
        return None
    box = tuple(number(child.get(side)) for side in SIDES) if child.tag == "box" else ()
    rotation = number(child.get("rotation") or "0")
    return ShownShape(int(frame), child, child.get("outside") == "1", box, rotation if rotation == rotation else 0.0)


def pairs(given: list[ShownShape]) -> Iterator[tuple[ShownShape, ShownShape]]:
    return pairwise(given)


def between(first: ShownShape, second: ShownShape) -> Iterator[ShownShape]:
    """The frames between two shapes: on the line, or as the first where the second is outside or no box."""
    if first.outside:
        return
    steps = second.frame - first.frame
    moves = bool(first.box and second.box) and not second.outside
    turn = (second.rotation - first.rotation + 180) % 360 - 180  # the shorter way round
    for step in range(1, steps):
        part = step / steps if moves else 0.0
        ends = zip(first.box, second.box if moves else first.box, strict=True)
        box = tuple(one + (two - one) * part for one, two in ends)
        rotation = (first.rotation + turn * part) % 360
        yield replace(first, frame=first.frame + step, box=box, rotation=rotation, drawn=False)
