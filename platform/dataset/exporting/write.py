"""One export from its content to its zip: labels in the format, image files, and a page that says what it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from dataset.exporting import bdd100k, coco, cvat, dota, kitti, label_studio, labelme, names_kept, voc, yolo
from dataset.exporting.archive import Archive
from dataset.exporting.types import Chunk, Content, ExportReport, Losses, ScoredBoxes
from jobs.sentences import Sentence
from storage import blobs

WRITERS: dict[str, ModuleType] = {
    "coco": coco,
    "yolo": yolo,
    "voc": voc,
    "bdd100k": bdd100k,
    "cvat": cvat,
    "kitti": kitti,
    "label_studio": label_studio,
    "labelme": labelme,
    "dota": dota,
}
NAMES = {
    "coco": "COCO",
    "yolo": "YOLO",
    "voc": "Pascal VOC",
    "bdd100k": "BDD100K (Scalabel)",
    "cvat": "CVAT for images",
    "kitti": "KITTI",
    "label_studio": "Label Studio",
    "labelme": "LabelMe",
    "dota": "DOTA",
}
PAGE = "README.md"
EVERY = 50  # images between two reports while files are copied

Progress = Callable[[float, Sentence], None]


@dataclass(frozen=True)
class Order:
    """What is asked of an archive."""

    format: str
    files: bool  # whether the image files come along
    number: int  # of the export, so that no two archives are the same
    made_at: datetime
    lines: str = "boxes"  # YOLO: what a line holds


def write_archive(path: Path, content: Content, order: Order, progress: Progress) -> dict[str, Any]:
    """Write the zip to `path`; returns the report as JSON."""
    report, losses = ExportReport(order.format, content.revision), Losses()
    counted = replace(count_as_it_goes(content, report, losses), lines=order.lines)
    share = 0.2 if order.files else 0.95

    doing = Sentence.of(
        "writing_labels", "Writing labels: {done} of {total} {total:image|images}", total=content.image_count
    )

    def labels_done(images: int) -> None:
        progress(share * images / content.image_count, doing.also(done=images))

    report.images["unlabelled"] = len(content.unlabelled)
    with Archive(path, order.made_at) as archive:
        writer = WRITERS[order.format]
        writer.write(archive, counted, losses, labels_done)
        names_kept.write(archive, content, getattr(writer, "line_names", None))
        if order.files:
            report.images["files"] = copy_files(archive, content, losses, progress)
        report.boxes["skipped"] = losses.boxes_skipped
        report.boxes["exported"] -= losses.boxes_skipped
        archive.put(PAGE, page(content, order, report, losses).encode())
    return report.as_json(losses)


def count_as_it_goes(content: Content, report: ExportReport, losses: Losses) -> Content:
    """The same content; what passes through is counted. Writers read either the chunks or the labels, once."""

    def counted(chunks: Callable[[], Iterator[Chunk]]) -> Iterator[Chunk]:
        for chunk in chunks():
            report.images["exported"] += len(chunk.image_ids)
            report.boxes["exported"] += len(chunk)
            count_provenance(chunk, losses)
            yield chunk

    def predictions() -> Iterator[ScoredBoxes]:
        for some in content.predictions() if content.predictions else ():
            report.predictions = (report.predictions or 0) + len(some.image_id)
            yield some

    found = replace(
        content,
        chunks=lambda: counted(content.chunks),
        labels=lambda: counted(content.labels),
        parts=tuple((split, count_as_it_goes(part, report, losses)) for split, part in content.parts),
    )
    if content.predictions is None:
        return found
    report.predictions = report.predictions or 0
    return replace(found, predictions=predictions)


def count_provenance(chunk: Chunk, losses: Losses) -> None:
    changed = (~chunk.imported).nonzero()[0]
    if len(changed):
        kind = "no format says that a person or a network made a box; an import takes it as imported (boxes: {n})"
        losses.count(kind, chunk.name_of(int(changed[0])), len(changed))


def copy_files(archive: Archive, content: Content, losses: Losses, progress: Progress) -> int:
    """Put every image's file under its key; returns how many there were."""
    done = files = 0
    for images in (content.files or content.images)():
        for image in images:
            try:
                with blobs.open_blob(image.location) as source:
                    archive.copy(image.path, source)
                files += 1
            except FileNotFoundError:
                losses.add(image.key, "its file is not in the storage any more; its labels are exported all the same")
            done += 1
            if done % EVERY == 0:
                doing = Sentence.of(
                    "copying", "Copying {done} of {total} {total:file|files}", done=done, total=content.image_count
                )
                progress(0.2 + 0.75 * done / content.image_count, doing)
    return files


def page(content: Content, order: Order, report: ExportReport, losses: Losses) -> str:
    """What somebody who finds the archive in a year wants to know."""
    found = losses.as_json()
    lines = [
        f"# {content.title}",
        "",
        f"Exported by Halfday as {NAMES[order.format]} on {order.made_at:%Y-%m-%d} (export {order.number}): "
        f"{report.images['exported']} images, {report.boxes['exported']} boxes of {len(content.class_names)} classes, "
        f"as of revision {content.revision}.",
        "",
        (WRITERS[order.format].__doc__ or "").strip(),
        "",
    ]
    if found["problems_total"]:
        lines += [f"## Left out ({found['problems_total']})", ""]
        lines += [f"- {problem['file']}: {problem['reason']}" for problem in found["problems"]]
    return "\n".join(lines) + "\n"
