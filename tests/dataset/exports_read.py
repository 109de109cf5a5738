"""A dataset that other programs read as it was exported, and what they should find."""

from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset
from tests.dataset.exports import export, fetched, labels_of
from tests.dataset.folders import import_folder, write_image, write_text
from tests.factories import Cast, make_dataset

Found = dict[tuple[str, str], list[tuple[str, list[float], bool]]]  # by split and stem: class, xyxy pixels, ignored


def readable_dataset(cast: Cast, import_root: Path) -> Dataset:
    """Two images for training and two for validation: with boxes, one of them ignored; without any; not labelled."""
    root = import_root / "set"
    for split in ("train", "valid"):
        for number, name in enumerate(("boxes", "nothing")):
            write_image(root / split / "images" / f"{name}.jpg", colour=number * 40 + len(split))
        write_text(root / split / "labels" / "boxes.txt", "1 0.5 0.5 0.25 0.5\n0 0.25 0.25 0.125 0.1\n")
        write_text(root / split / "labels" / "nothing.txt", "")
    write_image(root / "train" / "images" / "new.jpg", colour=200)
    write_text(root / "data.yaml", "names: [traffic light, car]\ntrain: train/images\nval: valid/images\n")
    made = make_dataset(cast.project, classes=())
    import_folder(cast, made, root)
    crowd = Annotation.objects.filter(dataset=made, image__key="valid/images/boxes.jpg").order_by("pk")[1]
    Annotation.objects.filter(pk=crowd.pk).update(ignore=Ignore.CROWD)
    return made


def expected(dataset: Dataset) -> Found:
    """Of every labelled image what its labels say."""
    keys = [f"{split}/images/{name}.jpg" for split in ("train", "valid") for name in ("boxes", "nothing")]
    rows = labels_of(dataset)
    return {
        ({"train": "train", "valid": "val"}[key.split("/")[0]], Path(key).stem): sorted(
            (name, list(box), dict(facts).get("ignore", 0) != 0) for name, box, facts in rows[key]
        )
        for key in keys
    }


def unpacked(cast: Cast, dataset: Dataset, root: Path, wanted: str) -> Path:
    fetched(cast, export(cast, dataset, format=wanted, files=True)).extractall(root / wanted)
    return root / wanted


def assert_same(found: Found, given: Found) -> None:
    assert found.keys() == given.keys()
    for place, rows in given.items():
        assert [(name, ignored) for name, _, ignored in found[place]] == [(name, said) for name, _, said in rows]
        for (_, one, _), (_, other, _) in zip(found[place], rows, strict=True):
            assert one == pytest.approx(other, abs=1e-4)
