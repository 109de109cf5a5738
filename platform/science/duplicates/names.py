"""Sources by name: which images were cut, augmented or taken from one and the same source, as their names say.

Tools name what they make of one picture or clip in a few known ways. A single name proves nothing, so a way of naming
counts only where most names of a folder follow it and where it brings images together. docs/split.md lists the ways.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

MOST = 0.6  # of a folder's names follow a way of naming that holds there
REPEATED = 0.5  # of the matching images share their source with another one
SIDES = frozenset({"train", "training", "val", "valid", "validation", "test", "testing", "trainval"})
KINDS_OF_FILES = frozenset({"images", "image", "imgs", "img", "jpegimages", "data", "labels", "photos"})


class Naming(StrEnum):
    """A way of naming what was made of one source."""

    ROBOFLOW = "roboflow"  # NAME_jpg.rf.HASH
    TILES = "tiles"  # NAME_512_0, NAME_0_0_640_640, NAME__1__0___824
    AUGMENTED = "augmented"  # NAME_aug_3, NAME_flip
    BURSTS = "bursts"  # IMG_20200101_101010_BURST001, NAME (1)
    FRAMES = "frames"  # clip_000123, clip/frame0001


@dataclass(frozen=True)
class FoundNaming:
    """A way of naming that holds for a part of the images, and what it would keep together."""

    naming: Naming
    images: int
    sources: int
    largest: int  # images of the source that has most
    example: str  # a source
    example_names: list[str]  # up to three images of it


@dataclass(frozen=True, eq=False)
class NamedSources:
    """The source of every image, "" where its name tells of none, and which ways of naming it was found by."""

    source: list[str]  # (I,)
    found: list[FoundNaming]

    def numbers(self) -> NDArray[np.int64]:
        """(I,) the same number for the same source; -1 for none."""
        places = {name: place for place, name in enumerate(sorted({name for name in self.source if name}))}
        return np.array([places.get(name, -1) for name in self.source], np.int64)

    @property
    def images(self) -> int:
        """How many images have a source by name."""
        return sum(bool(name) for name in self.source)

    @property
    def sources(self) -> int:
        return len({name for name in self.source if name})


ENDINGS = "jpg|jpeg|png|bmp|webp|tif|tiff|gif|heic|avif|jfif"
ROBOFLOW = re.compile(rf"(?P<source>.+?)(?:[_.](?:{ENDINGS}))*\.rf\.[0-9A-Za-z]+", re.IGNORECASE)
DOTA = re.compile(r"(?P<source>.+?)__\d+(?:\.\d+)?__-?\d+___-?\d+")
CORNERS = re.compile(r"(?P<source>.+?)_(?P<x>\d+)_(?P<y>\d+)_(?P<right>\d+)_(?P<bottom>\d+)")
OFFSETS = re.compile(r"(?P<source>.+?)[_-]x?(?P<x>\d{1,6})[_-]y?(?P<y>\d{1,6})", re.IGNORECASE)
CELLS = re.compile(r"(?P<source>.+?)[_-](?:tile|patch|chip|r|row)[_-]?\d+(?:[_-](?:c|col)?[_-]?\d+)?", re.IGNORECASE)
AUGMENTED = re.compile(
    r"(?P<source>.+?)(?:[_-](?:aug|augmented|flip(?:ped)?|[hv]flip|flip[_-]?[hvlrud]+|mirror(?:ed)?|rot|rotated?|dark|"
    r"bright(?:ness)?|blur(?:red)?|nois[ey]|crop(?:ped)?|gr[ae]y|hue|contrast|shear|zoom)[_-]?\d{0,4}(?:deg)?)+",
    re.IGNORECASE,
)
BURST = re.compile(r"(?P<source>.+?)[._-]?BURST[-_]?\d+(?:[_-]?COVER)?", re.IGNORECASE)
COUNTED = re.compile(r"(?P<source>.+?)[ _]?\(\d{1,4}\)")
STAMPED = re.compile(r"(?P<source>.*?\d{8}_\d{6})_\d{1,3}")
# nuScenes: LOG__CAM_FRONT__1533151403…, the time in microseconds; others in seconds or thousandths.
CAMERA = re.compile(r"(?P<source>.*?)[_-]*CAM(?:ERA)?[_-]?[A-Z0-9_]+?__?(?P<time>\d{10,19})", re.IGNORECASE)
# What cameras and phones call single pictures, and years, which lists such as VOC's begin with: no clips.
NO_CLIP = re.compile(
    r"(?:img|image|images|dsc[nf]?|_dsc|p|pic|photo|picture|pxl|mvimg|screenshot|(?:19|20)\d\d|img-\d{8}-wa)?[_\-. ]*",
    re.IGNORECASE,
)
FRAME = re.compile(r"(?P<source>.*?)[_\-. ]*(?P<word>frame|frm|img|image|f)?[_\-. ]?(?P<number>\d{2,9})", re.IGNORECASE)
OF_A_CLIP = re.compile(
    r"frame|frm|clip|video|vid(?=[_\d]|$)|cam\d|camera|seq|scene|shot|drive|take\d|gopr|gx\d|dji|mvi|_(?:mp4|avi|mov)",
    re.IGNORECASE,
)
PAUSE = 60  # seconds without a picture of any camera begin another drive
PADDED = 4  # digits of a frame's number, where no word tells of a clip
DENSE = 3.0  # … and the numbers of a clip span at most so many times its frames, counted in its smallest step
FEWEST_CLIPS = 3  # … and there are so many clips, of at least so many frames each on the average


@dataclass(frozen=True)
class _Names:
    """Images of one folder: their places among all, and their names."""

    folder: str
    places: list[int]
    names: list[str]


def sources_by_name(keys: Sequence[str], class_names: Collection[str] = ()) -> NamedSources:
    """Return the source that the (I,) keys tell of, such as "site07" for "train/site07_jpg.rf.a1b2.jpg".

    Keys are paths with `/`. A source's name may follow a way of naming itself (an augmented frame of a clip): that is
    followed once more. Sources named like classes are none: "car_0001" is a way of sorting pictures.
    """
    parted = [_parted(key) for key in keys]
    names, namings = [name for _, name in parted], [list[Naming]() for _ in keys]
    plain = {name.lower() for name in class_names}
    for _ in range(2):
        found = _one_round([folder for folder, _ in parted], names, plain)
        for place, (naming, source) in found.items():
            names[place] = source
            namings[place].append(naming)
        if not found:
            break
    whole = [
        f"{folder}/{name}".strip("/") if ways else ""
        for (folder, _), name, ways in zip(parted, names, namings, strict=True)
    ]
    return NamedSources(whole, _findings(keys, whole, namings))


def _parted(key: str) -> tuple[str, str]:
    """The folder without what only says the side or the kind of file, and the name without its ending."""
    *folders, name = key.split("/")
    kept = [folder for folder in folders if folder.lower() not in SIDES | KINDS_OF_FILES]
    stem, dot, ending = name.rpartition(".")
    return "/".join(kept), stem if dot and ending.lower() in ENDINGS.split("|") else name


def _one_round(folders: list[str], names: list[str], plain: set[str]) -> dict[int, tuple[Naming, str]]:
    """The images of the folders in which a way of naming holds: place -> (which, source)."""
    by_folder: dict[str, list[int]] = defaultdict(list)
    for place, folder in enumerate(folders):
        by_folder[folder].append(place)
    groups = [_Names(folder, places, [names[place] for place in places]) for folder, places in by_folder.items()]
    found: dict[int, tuple[Naming, str]] = {}
    clips: list[tuple[_Names, list[str], bool]] = []
    for group in groups:
        way = next((way for way in WAYS if _holds(sources := way[1](group.names))), None)
        if way is not None:
            sources = _with_wholes(group.names, way[1](group.names))
            found |= {place: (way[0], one) for place, one in zip(group.places, sources, strict=True) if one}
        else:
            clips += [(group, *_clips(group, plain))]
    return found | _enough_clips(clips)


def _holds(sources: list[str]) -> bool:
    """Whether most names follow the way, and most of those share their source with another."""
    counts = Counter(filter(None, sources))
    matching = counts.total()
    shared = sum(count for count in counts.values() if count > 1)
    return len(sources) > 1 and matching >= MOST * len(sources) and shared >= REPEATED * matching and len(counts) > 1


def _with_wholes(names: list[str], sources: list[str]) -> list[str]:
    """The same, where a picture that has a source's own name is one of that source: the whole of its tiles."""
    known = set(sources)
    return [source or (name if name in known else "") for name, source in zip(names, sources, strict=True)]


def _simply(*patterns: re.Pattern[str]) -> Callable[[list[str]], list[str]]:
    """A way of naming that the pattern alone tells of. A whole that lies beside its parts counts as one of them."""

    def sources(names: list[str]) -> list[str]:
        matches = [next((found for one in patterns if (found := one.fullmatch(name))), None) for name in names]
        return _with_wholes(names, [found["source"] if found else "" for found in matches])

    return sources


def _tiles(names: list[str]) -> list[str]:
    """Sources of names that end in a place. Two numbers are one only if they look like corners of a grid."""
    plainly = _simply(DOTA, CELLS)(names)
    corners = [None if plain else CORNERS.fullmatch(name) for name, plain in zip(names, plainly, strict=True)]
    corners = [found if found and _is_box(found) else None for found in corners]
    offsets = [
        None if plain or box else OFFSETS.fullmatch(name)
        for name, plain, box in zip(names, plainly, corners, strict=True)
    ]
    if not _is_grid([(found["source"], int(found["x"]), int(found["y"])) for found in offsets if found]):
        offsets = [None] * len(names)
    placed = [found["source"] if (found := box or offset) else "" for box, offset in zip(corners, offsets, strict=True)]
    return _with_wholes(names, [plain or place for plain, place in zip(plainly, placed, strict=True)])


def _is_box(found: re.Match[str]) -> bool:
    return int(found["x"]) < int(found["right"]) and int(found["y"]) < int(found["bottom"])


def _is_grid(tiles: list[tuple[str, int, int]]) -> bool:
    """Whether most numbers are multiples of one step, most sources have a tile at an edge, and no tile is there twice.

    The last tile of a row is often moved inside the picture, off the grid.
    """
    numbers = [number for _, x, y in tiles for number in (x, y)]
    steps = [number for number in numbers if number]
    if not steps or len(set(tiles)) < len(tiles):
        return False
    step = min(steps)
    sources, at_edge = {source for source, _, _ in tiles}, {source for source, x, y in tiles if not x or not y}
    on_grid = sum(number % step == 0 for number in numbers)
    return on_grid >= MOST * len(numbers) and len(at_edge) >= MOST * len(sources)


def _clips(group: _Names, plain: set[str]) -> tuple[list[str], bool]:
    """The clip of every name of a folder, "" where it is none, and whether a word says that they are clips."""
    found = [FRAME.fullmatch(name) for name in group.names]
    numbers: dict[str, list[int]] = defaultdict(list)
    for one in found:
        if one is not None:
            numbers[one["source"]].append(int(one["number"]))
    matching = sum(map(len, numbers.values()))
    if matching < MOST * len(found) or matching <= len(numbers) or {name.lower() for name in numbers} & plain:
        return [""] * len(found), False
    said = sum(bool(OF_A_CLIP.search(f"{group.folder}/{name}")) for name in group.names) >= MOST * len(found)
    if not said and sum(bool(NO_CLIP.fullmatch(name)) for name in numbers if name) > (1 - MOST) * len(numbers):
        return [""] * len(found), False
    padded = all(len(one["number"]) >= PADDED for one in found if one)
    if not said and not (padded and group.folder.rpartition("/")[2].lower() not in plain and _is_dense(numbers)):
        return [""] * len(found), False
    return [(one["source"] or "frames") if one else "" for one in found], said


def _drives(names: list[str]) -> list[str]:
    """The drive of pictures named after a camera and a time: what stands before them, else times without a pause."""
    found = [CAMERA.fullmatch(name) for name in names]
    bare = {place: _seconds(one["time"]) for place, one in enumerate(found) if one and not one["source"]}
    order = sorted(bare, key=lambda place: bare[place])
    began = dict[int, float]()
    for before, place in zip([None, *order], order, strict=False):
        same = before is not None and bare[place] - bare[before] <= PAUSE
        began[place] = began[before] if same and before is not None else bare[place]
    return [(one["source"] or f"drive {began[place]:.0f}") if one else "" for place, one in enumerate(found)]


def _seconds(stamp: str) -> float:
    """A time since 1970, of which ten digits are whole seconds."""
    return float(int(stamp) / 10 ** (len(stamp) - 10))


def _is_dense(numbers: dict[str, list[int]]) -> bool:
    """Whether the numbers of most clips follow each other, by ones or another step."""
    dense = 0
    for of_clip in numbers.values():
        steps = np.diff(np.unique(of_clip))
        dense += len(steps) > 0 and bool(steps.sum() <= DENSE * len(of_clip) * np.median(steps))
    return dense >= MOST * len(numbers)


def _enough_clips(clips: list[tuple[_Names, list[str], bool]]) -> dict[int, tuple[Naming, str]]:
    """Frames by clip, if there is more than one clip, and more still where only numbers tell of them."""
    found: dict[int, tuple[Naming, str]] = {}
    for said in (True, False):
        rows = [
            (place, group.folder, one)
            for group, sources, by_word in clips
            if by_word == said
            for place, one in zip(group.places, sources, strict=True)
            if one
        ]
        different = {(folder, one) for _, folder, one in rows}
        least = 2 if said else FEWEST_CLIPS
        if len(different) >= least and len(rows) >= (1 if said else FEWEST_CLIPS) * len(different):
            found |= {place: (Naming.FRAMES, one) for place, _, one in rows}
    return found


def _findings(keys: Sequence[str], source: list[str], namings: list[list[Naming]]) -> list[FoundNaming]:
    """What each way of naming keeps together, by the first that an image was found by."""
    found = []
    for naming in Naming:
        places = [place for place, ways in enumerate(namings) if ways and ways[0] == naming]
        counts = Counter(source[place] for place in places)
        if not counts:
            continue
        example, largest = counts.most_common(1)[0]
        names = [keys[place] for place in places if source[place] == example][:3]
        found.append(FoundNaming(naming, len(places), len(counts), largest, example, names))
    return found


WAYS: list[tuple[Naming, Callable[[list[str]], list[str]]]] = [
    (Naming.ROBOFLOW, _simply(ROBOFLOW)),
    (Naming.FRAMES, _drives),
    (Naming.TILES, _tiles),
    (Naming.BURSTS, _simply(BURST, COUNTED, STAMPED)),
    (Naming.AUGMENTED, _simply(AUGMENTED)),
]
