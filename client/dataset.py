"""Projects, datasets, imports, images, revisions, slices."""
# ruff: noqa: A002 - slice, format and list are the words of the API

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from client.nouns import Dataset, ImageRow, Job, Project, Revision, Slice
from client.transport import Transport
from client.uploads import Told, Uploads

Revisions = list[Revision]
Rows = list[dict[str, Any]]
Ids = list[int]


class Projects:
    """Projects that the token may see."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self) -> list[Project]:
        """All of them."""
        found: list[Project] = self.transport.get("projects")
        return found

    def create(self, name: str) -> Project:
        """A new one, of which you are the owner."""
        made: Project = self.transport.post("projects", {"name": name})
        return made


class Datasets:
    """Datasets, and what is read and written through them."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self, project: int | None = None) -> list[Dataset]:
        """All datasets, or those of a project."""
        return list(self.transport.items("datasets", project=project))

    def get(self, dataset: int) -> Dataset:
        """One dataset with its classes."""
        found: Dataset = self.transport.get(f"datasets/{dataset}")
        return found

    def create(self, *, project: int, name: str, description: str = "", classes: Sequence[str] = ()) -> Dataset:
        """A new, empty dataset."""
        body = {"project": project, "name": name, "description": description, "classes": [{"name": c} for c in classes]}
        made: Dataset = self.transport.post("datasets", body)
        return made

    def upload(
        self,
        dataset: int,
        source: Path,
        *,
        format: str = "auto",
        metadata: dict[str, str] | None = None,
        progress: Told | None = None,
    ) -> Job:
        """Import a zip file or a folder from this machine; the same again goes on where a broken attempt stopped.

        `progress(sent, size)` hears how many bytes have arrived.
        """
        uploads = Uploads(self.transport)
        number = uploads.send(dataset, source, progress)
        job: Job = uploads.finish(number, {"format": format, **({"metadata": metadata} if metadata else {})})
        return job

    def import_folder(
        self, dataset: int, path: str, *, format: str = "auto", annotations: str | None = None, copy: bool = True
    ) -> Job:
        """Import a folder of the server."""
        body = {"path": path, "format": format, "annotations": annotations, "copy": copy}
        job: Job = self.transport.post(f"datasets/{dataset}/imports", body)
        return job

    def export(
        self,
        dataset: int,
        format: str,
        *,
        slice: int | None = None,
        splits: Mapping[int, str] | None = None,
        q: str | None = None,
        images: Sequence[int] | None = None,
        revision: int | None = None,
        prediction_set: int | None = None,
        files: bool = False,
        unlabelled: bool = False,
        lines: str = "boxes",
    ) -> Job:
        """Ask for labels, with or without the image files; then wait, then fetch.

        `format`: coco, yolo, voc, bdd100k, cvat, kitti, label_studio, labelme or dota. `splits`: train, val or test by
        slice. `lines`: what a line of YOLO's labels holds: boxes, segments (outlines) or turned (boxes).
        """
        body = {
            "format": format,
            "slice": slice,
            "splits": None if splits is None else [{"slice": key, "split": one} for key, one in splits.items()],
            "q": q,
            "images": None if images is None else list(images),
            "revision": revision,
            "prediction_set": prediction_set,
            "files": files,
            "unlabelled": unlabelled,
            "lines": lines,
        }
        job: Job = self.transport.post(f"datasets/{dataset}/exports", body)
        return job

    def fetch_export(self, job: Job | int, target: Path) -> Path:
        """Save the zip of an export that has ended well."""
        number = job if isinstance(job, int) else job["id"]
        return self.transport.download(f"exports/{number}/file", target)

    def images(
        self,
        dataset: int,
        *,
        q: str | None = None,
        slice: int | None = None,
        order: str | None = None,
        boxes: bool = False,
        limit: int | None = None,
    ) -> Iterator[ImageRow]:
        """Images that a query line finds, with their labels if asked for."""
        params = {"q": q, "slice": slice, "order": order, "boxes": "true" if boxes else None, "limit": limit}
        return self.transport.items(f"datasets/{dataset}/images", **params)

    def image(self, image: int) -> dict[str, Any]:
        """One image with its annotations and slices."""
        found: dict[str, Any] = self.transport.get(f"images/{image}")
        return found

    def image_ids(self, dataset: int, *, q: str | None = None, slice: int | None = None) -> Ids:
        """The ids of all images that a query line finds, in the order that it asks for."""
        found: Ids = self.transport.get(f"datasets/{dataset}/image-ids", q=q, slice=slice)["ids"]
        return found

    def count(self, dataset: int, *, q: str | None = None, slice: int | None = None) -> int:
        """How many images a query line finds."""
        return int(self.transport.get(f"datasets/{dataset}/images/count", q=q, slice=slice)["count"])

    def objects(
        self,
        dataset: int,
        *,
        q: str | None = None,
        evaluation: int | None = None,
        order: str | None = None,
        **conditions: Any,
    ) -> Iterator[dict[str, Any]]:
        """Labels one by one, or the matches of an evaluation; `conditions` such as sizes=["small"], score_from=0.5."""
        written = {
            name: ",".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in conditions.items()
        }
        params = {"q": q, "evaluation": evaluation, "order": order, **written}
        return self.transport.items(f"datasets/{dataset}/objects", **params)

    def tags(self, dataset: int) -> Rows:
        """Its tags with the number of images that have each."""
        found: Rows = self.transport.get(f"datasets/{dataset}/tags")
        return found

    def tag(
        self,
        dataset: int,
        name: str,
        *,
        q: str | None = None,
        images: Sequence[int] | None = None,
        remove: bool = False,
    ) -> int:
        """Hang a tag on given images or on all that a query line finds, or take it off. Returns how many changed."""
        body = {"chosen": _chosen(images, q), "name": name, "remove": remove}
        return len(self.transport.post(f"datasets/{dataset}/bulk/tag", body)["changed"])

    def relabel(
        self,
        dataset: int,
        *,
        class_id: int,
        q: str | None = None,
        objects: Sequence[int] | None = None,
        conditions: dict[str, Any] | None = None,
    ) -> Revision:
        """Give labels another class, as one revision: given ones, or all under conditions on the images found."""
        chosen = {**_chosen(objects, q), "conditions": conditions or {}}
        made: Revision = self.transport.post(
            f"datasets/{dataset}/bulk/relabel", {"chosen": chosen, "class_id": class_id}
        )
        return made

    def edit(self, dataset: int, *, on: int, message: str, edits: Sequence[dict[str, Any]]) -> Revision:
        """Change labels in bulk as one revision. Raises Stale where revision number `on` is not the newest."""
        made: Revision = self.transport.post(
            f"datasets/{dataset}/edits", {"on": on, "message": message, "edits": list(edits)}
        )
        return made

    def revisions(self, dataset: int) -> Revisions:
        """The history of its labels, newest first."""
        return list(self.transport.items(f"datasets/{dataset}/revisions"))

    def revert(self, dataset: int, *, to: int) -> Revision:
        """A new revision with the labels of an old one."""
        made: Revision = self.transport.post(f"datasets/{dataset}/revert", {"to": to})
        return made


class Slices:
    """Named sets of images."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self, dataset: int) -> list[Slice]:
        """All slices of a dataset."""
        return list(self.transport.items(f"datasets/{dataset}/slices"))

    def create(
        self,
        dataset: int,
        name: str,
        *,
        q: str | None = None,
        images: Sequence[int] | None = None,
        union: Sequence[int] | None = None,
        description: str | None = None,
    ) -> Slice:
        """A slice of what a query line finds, of given images, or of other slices together."""
        body = {
            "name": name,
            "q": q,
            "images": None if images is None else list(images),
            "union": None if union is None else list(union),
            "description": description,
        }
        made: Slice = self.transport.post(f"datasets/{dataset}/slices", body)
        return made

    def get(self, slice: int) -> Slice:
        """One slice."""
        found: Slice = self.transport.get(f"slices/{slice}")
        return found

    def freeze(self, slice: int, *, revision: int | None = None) -> dict[str, Any]:
        """The manifest of its images with the labels of a revision; equal `content_hash`, equal content."""
        body = {} if revision is None else {"revision": revision}
        made: dict[str, Any] = self.transport.post(f"slices/{slice}/manifests", body)
        return made

    def statistics(self, slice: int) -> dict[str, Any]:
        """Images and boxes by class and metadata."""
        found: dict[str, Any] = self.transport.get(f"slices/{slice}/statistics")
        return found


def _chosen(ids: Sequence[int] | None, q: str | None) -> dict[str, Any]:
    """What a bulk action is about: ids, or what a query line finds. Raises ValueError where neither is given."""
    if ids is None and q is None:
        raise ValueError('Say which: by ids, or by q (q="" means all).')
    return {"q": q} if ids is None else {"ids": list(ids)}
