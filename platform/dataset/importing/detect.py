"""Which format a folder is in."""

from pathlib import PurePosixPath

from dataset.importing import coco, yolo
from dataset.importing.files import Tree
from dataset.importing.types import Problems, Source, SourceImage


def read_source(
    tree: Tree, problems: Problems, *, wanted: str, annotations: str | None, known_classes: list[str]
) -> Source:
    """Read the tree as the format, or as what it looks like."""
    found = format_of(tree, annotations) if wanted == "auto" else wanted
    if found == "coco":
        return coco.read(tree, problems, annotations)
    if found == "yolo":
        return yolo.read(tree, problems, known_classes)
    images = [SourceImage(relative, tree.path(relative)) for relative in tree.images]
    return Source("images", [], images, problems, images_found=len(images))


def format_of(tree: Tree, annotations: str | None) -> str:
    """coco where a JSON file speaks of images or boxes, yolo where text files stand to images, else images."""
    if annotations or coco.looks_like(tree):
        return "coco"
    stems = {PurePosixPath(name).stem for name in tree.images}
    texts = [PurePosixPath(name) for name in tree.with_suffix(".txt")]
    if any(path.stem in stems or "labels" in path.parts[:-1] for path in texts):
        return "yolo"
    return "images"
