"""Cityscapes: a JSON per image, `*_gtFine_polygons` or `*_gtCoarse_polygons`, and CityPersons' `*_gtBboxCityPersons`.

Polygons are painted one over the other in the file's order, so of each only what no later one hides is in the picture.
Objects are what Cityscapes counts one by one; names that end in `group` are several at once. Its ground, buildings, sky
and the like are no objects and hide what lies behind them. Names that are not Cityscapes' own are taken as objects.
"""

from collections import defaultdict
from pathlib import PurePosixPath
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.described import add_metadata, size
from dataset.importing.drawn import BadShape, Drawn, box_around_drawn, outline
from dataset.importing.files import Tree
from dataset.importing.gathering import LOST
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, numbers, objects_of, pairs_of
from dataset.importing.types import ImportNote, ImportProblem, Problems, Source
from science.shapes.finer import Polygon

OBJECTS = {"person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle", "caravan", "trailer"}
STUFF = {
    *("unlabeled", "ego vehicle", "rectification border", "out of roi", "static", "dynamic", "ground", "road"),
    *("sidewalk", "parking", "rail track", "building", "wall", "fence", "guard rail", "bridge", "tunnel", "pole"),
    *("polegroup", "traffic light", "traffic sign", "vegetation", "terrain", "sky"),
}
PLATE = "license plate"  # lies on its car and is part of it: Cityscapes' own pictures do not paint it
FINE, COARSE, PERSONS = "gtFine_polygons", "gtCoarse_polygons", "gtBboxCityPersons"
MASK_ENDINGS = tuple(
    f"_{grade}_{kind}"
    for grade in ("gtFine", "gtCoarse")
    for kind in ("color", "labelIds", "instanceIds", "labelTrainIds", "instanceTrainIds")
)
SURE = {FINE: 0, PERSONS: 1, COARSE: 2}  # which is believed of an image that several describe


def is_kind(head: FileHead) -> bool:
    return head.suffix == ".json" and head.start == "{" and {"imgHeight", "imgWidth", "objects"} <= head.keys(1)


def read(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read a file of each image; other images are taken without labels."""
    source = Source("cityscapes", [], [], problems, naming="objects[{n}] of {image}")
    reader = CityReader(source, tree)
    for name in one_each(files, problems):
        reader.read(name)
    reader.tell_of_stuff()
    reader.leave_out_masks()
    reader.take_unlisted()
    return source


def one_each(files: list[str], problems: Problems) -> list[str]:
    """The file of each image that is believed; the others are named once."""
    by_image: dict[str, list[str]] = defaultdict(list)
    for name in files:
        by_image[image_name(name)].append(name)
    ordered = [sorted(names, key=lambda name: (SURE.get(ending(name), 0), name)) for names in by_image.values()]
    if left := [name for names in ordered for name in names[1:]]:
        reason = f"{len(left)} files were left out: their images have another of Cityscapes' files, which was taken"
        problems.add(ImportProblem(left[0], reason, kind="other_format", count=len(left)))
    return [names[0] for names in ordered]


def ending(name: str) -> str:
    stem = PurePosixPath(name).stem
    return next((one for one in SURE if stem.endswith(f"_{one}")), "")


def image_name(name: str) -> str:
    """What the image's name begins with, such as aachen_000000_000019."""
    return PurePosixPath(name).stem.removesuffix(f"_{ending(name)}")


class CityReader(RecordReader):
    """Reads files into a source."""

    def __init__(self, source: Source, tree: Tree) -> None:
        super().__init__(source, tree)
        self.stuff = 0

    def read(self, name: str) -> None:
        self.start_file(name)
        content = self.load(name)
        if not isinstance(content, dict):
            return
        image = self.image_of(name, content)
        self.is_labelled(image)
        objects = objects_of(content.get("objects"))
        if ending(name) == PERSONS:
            for place, one in enumerate(objects):
                self.read_person(image, one, place, f"objects[{place}]")
            return
        painted = [(at, one) for at, one in enumerate(objects) if not one.get("deleted") and one.get("label") != PLATE]
        self.stuff += sum(one.get("label") == PLATE for one in objects)
        self.read_painted(image, painted)

    def image_of(self, name: str, content: Record) -> int:
        """leftImg8bit's picture, else the one of the bare name."""
        stem = image_name(name)
        found = self.finder.find_stem(f"{stem}_leftImg8bit", name)
        image = self.image(found if isinstance(found, str) else self.finder.find_stem(stem, name), stem)
        if image != LOST:
            self.of(image).size = size(content.get("imgWidth"), content.get("imgHeight"))
            add_metadata(self.of(image), {}, name, self.problems)
            self.of(image).sequence = stem.rpartition("_")[0] if stem.count("_") == 2 else ""
        return image

    def read_painted(self, image: int, objects: list[tuple[int, Record]]) -> None:
        from science.shapes.mending import in_sight  # shapely is loaded where there are polygons

        drawn = [outline(pairs_of(one.get("polygon"))) for _, one in objects]
        seen = iter(in_sight([shape for shape in drawn if isinstance(shape, Polygon)]))
        for (place, one), shape in zip(objects, drawn, strict=True):
            shown = next(seen) if isinstance(shape, Polygon) else shape
            label = one.get("label")
            if label in STUFF:
                self.stuff += 1
            else:
                self.read_object(image, label, shown, place, f"objects[{place}]")

    def read_object(self, image: int, label: Any, shown: Drawn, place: int, record: str) -> None:
        if isinstance(shown, BadShape):
            self.refuse(image, f"its polygon has {shown}", "broken_record", record=record)
            return
        if shown is None:
            self.problem("all of it is hidden by what was painted later", "hidden", record=record)
            return
        group = isinstance(label, str) and label.endswith("group") and label.removesuffix("group") in OBJECTS
        name = label.removesuffix("group") if group else label
        ignore = Ignore.CROWD if group else Ignore.NO
        self.put(image, name, box_around_drawn(shown), place, ignore=ignore, shape=shown, record=record)

    def read_person(self, image: int, one: Record, place: int, record: str) -> None:
        """CityPersons: `bbox` is x, y, width, height of the whole person, hidden parts too."""
        sides = numbers(one["bbox"]) if isinstance(one.get("bbox"), list) else ()
        box = (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) if len(sides) == 4 else ()
        label = one.get("label")
        ignore = {"ignore": Ignore.ANYTHING, "person group": Ignore.CROWD}.get(str(label), Ignore.NO)
        name = "pedestrian" if label == "person group" else label
        self.put(image, name, box, place, ignore=ignore, record=record)

    def leave_out_masks(self) -> None:
        """Pictures that say which pixels an object has are no images."""
        self.masks_read = {key for key in self.tree.images if PurePosixPath(key).stem.endswith(MASK_ENDINGS)}
        if self.masks_read:
            count = len(self.masks_read)
            reason = f"{count} pictures of classes and objects, as Cityscapes calls them, are no images"
            self.problems.add(ImportProblem(min(self.masks_read), reason, kind="masks", count=count))

    def tell_of_stuff(self) -> None:
        if self.stuff:
            text = f"{self.stuff} outlines of ground, buildings, sky and the like are no objects, and were left out"
            self.problems.notes.append(ImportNote("stuff", self.stuff, text))
