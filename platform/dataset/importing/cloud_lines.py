"""JSON lines of two clouds, an image on each: Google's Vertex AI and Microsoft's Azure Machine Learning.

Corners are fractions of the image. An empty list says that nothing is there; without a list it is not labelled.
"""

from dataset.importing.drawn import box_around
from dataset.importing.files import SPLITS, Tree
from dataset.importing.heads import FileHead
from dataset.importing.records import Record, RecordReader, Says, numbers, objects_of
from dataset.importing.types import Problems, Source

ENDINGS = (".jsonl", ".ndjson", ".json")
VERTEX_IMAGE, VERTEX_BOXES = "imageGcsUri", "boundingBoxAnnotations"
USE = "aiplatform.googleapis.com/ml_use"
VERTEX_SIDES, AZURE_SIDES = ("xMin", "yMin", "xMax", "yMax"), ("topX", "topY", "bottomX", "bottomY")


def is_vertex(head: FileHead) -> bool:
    return head.suffix in ENDINGS and head.start == "{" and VERTEX_IMAGE in head.keys(1)


def is_azure(head: FileHead) -> bool:
    return head.suffix in ENDINGS and head.start == "{" and {"image_url", "label"} <= head.keys(1)


def read_vertex(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every line with its image; other images are taken without labels."""
    return filled(VertexReader(Source("vertex", [], [], problems, form="fractions"), tree), files)


def read_azure(tree: Tree, problems: Problems, files: list[str]) -> Source:
    """Read every line with its image; other images are taken without labels."""
    return filled(AzureReader(Source("azure_ml", [], [], problems, form="fractions"), tree), files)


def filled(reader: "VertexReader | AzureReader", files: list[str]) -> Source:
    for name in files:
        reader.start_file(name)
        for line, record in reader.json_lines(name):
            reader.read_image(record, line)
    reader.take_unlisted()
    return reader.source


class VertexReader(RecordReader):
    """Reads Vertex AI's lines into a source."""

    def read_image(self, record: Record, line: int) -> None:
        given, labels = record.get(VERTEX_IMAGE), record.get("dataItemResourceLabels")
        if not isinstance(given, str):
            self.problem(f"it has no {VERTEX_IMAGE}", "broken_record", line=line)
            return
        use = str(labels.get(USE, "")).lower() if isinstance(labels, dict) else ""
        image = self.describe(given, Says(split=SPLITS.get(use)), line=line)
        if record.get(VERTEX_BOXES) == []:
            self.is_labelled(image)
        for one in objects_of(record.get(VERTEX_BOXES)):
            box = numbers([one.get(side, 0) for side in VERTEX_SIDES])  # zeros are left out
            self.put(image, one.get("displayName"), box, line, line=line)


class AzureReader(RecordReader):
    """Reads Azure Machine Learning's lines into a source."""

    def read_image(self, record: Record, line: int) -> None:
        if not isinstance(record.get("image_url"), str):
            self.problem("it has no image_url", "broken_record", line=line)
            return
        image = self.describe(record["image_url"], line=line)
        if record.get("label") == []:
            self.is_labelled(image)
        for one in objects_of(record.get("label")):
            outlines = one.get("polygon")
            box = numbers([one.get(side) for side in AZURE_SIDES])
            rings = [points_of(numbers(outline)) for outline in outlines] if isinstance(outlines, list) else []
            box = box or box_around([point for ring in rings for point in ring])
            flags = {"iscrowd": one.get("isCrowd")}
            if self.put(image, one.get("label"), box, line, flags, line=line):
                self.outline_last(image, rings)


def points_of(flat: tuple[float, ...]) -> list[tuple[float, float]]:
    """Pairs of x1 y1 x2 y2 …"""
    return list(zip(flat[0::2], flat[1::2], strict=False))
