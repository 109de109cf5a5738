"""Importing images with their labels: asking for it, and doing it in a worker."""

from collections.abc import Callable
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput, Conflict
from accounts.wording import worded
from dataset.importing import asking
from dataset.importing.archives import unpack
from dataset.importing.copies import tell_of_exact_copies, tell_of_stored
from dataset.importing.detect import read_source
from dataset.importing.files import Tree, only_folder, walk
from dataset.importing.intake import Intake, look_at, take_images
from dataset.importing.json_stream import collector_paused
from dataset.importing.origins import FOLDER, BucketOrigin, Origin
from dataset.importing.parts import Parts
from dataset.importing.storing import intake_from
from dataset.importing.survey import stated_sizes
from dataset.importing.types import NO_ANSWERS, Answers, Problems, Source
from dataset.models import Dataset, Image, Upload, UploadPart
from dataset.selectors.stretching import ranges_before
from dataset.services.import_commit import Import, commit, rehearse
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.passing import is_final
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from storage import blobs, folders, s3
from storage.room import check_room

KIND = "import_dataset"
IMPORT = "Import {what} into {dataset}"
UPLOAD_GONE = "The uploaded archive is gone. Upload it again."


def start_folder(
    *,
    dataset: Dataset,
    by: User,
    path: str,
    wanted: str = "auto",
    annotations: str | None = None,
    copy: bool = True,
    metadata: dict[str, Any] | None = None,
    dry_run: bool = False,
    answers: Answers = NO_ANSWERS,
) -> Job:
    """Ask for an import from a server folder or an S3 prefix; `wanted` is one of FORMATS.

    Managers and above. Raises BadInput outside the import roots.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    folder = checked_place(path, dataset.project)
    if annotations and isinstance(folder, Path):
        checked_annotations(folder, annotations)
    params = {"path": path, "format": wanted, "annotations": annotations, "copy": copy, "metadata": metadata or {}}
    params |= answers.given()
    return ask(
        dataset, params | {"dry_run": dry_run}, title=import_title(folder.name, dataset, dry_run=dry_run), author=by
    )


def start_upload(
    *,
    dataset: Dataset,
    by: User,
    upload: UploadedFile,
    wanted: str = "auto",
    metadata: dict[str, Any] | None = None,
    dry_run: bool = False,
    answers: Answers = NO_ANSWERS,
) -> Job:
    """Ask for an import of an uploaded zip archive. Managers and above. Raises BadInput where it is none."""
    access.check(by, dataset.project_id, Role.MANAGER)
    if upload.read(2) != b"PK":
        raise BadInput("The upload is not a zip archive.", errors={"file": ["Not a zip archive."]})
    upload.seek(0)
    name = keep_upload(upload, ".zip")
    params = {"upload": name, "format": wanted, "copy": True, "metadata": metadata or {}, "dry_run": dry_run}
    params |= answers.given()
    return ask(dataset, params, title=import_title(str(upload.name), dataset, dry_run=dry_run), author=by)


def start_checked(*, dataset: Dataset, by: User, check: int, answers: Answers = NO_ANSWERS) -> Job:
    """Ask for the import that a dry run has shown, or once more for one that failed. Managers and above.

    `answers` are to what the dry run asked.

    Raises BadInput where there is no such import.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    may_follow = Q(params__dry_run=True) | Q(state=Job.State.FAILED)
    shown = Job.objects.filter(may_follow, pk=check, dataset_id=dataset.pk, kind=KIND).first()
    if shown is None:
        reason = f"There is no dry run {check} of this dataset, nor an import that failed."
        raise BadInput(reason, errors={"check": ["No such dry run or failed import."]})
    params = shown.params | {"dry_run": False} | answers.given()
    if "path" in params:
        checked_place(params["path"], dataset.project)
    elif not upload_is_there(params):
        raise BadInput(UPLOAD_GONE, errors={"check": [UPLOAD_GONE]})
    job = ask(dataset, params, title=title_after(shown), author=by)
    Upload.objects.filter(pk=params.get("parts")).update(job=job)
    return job


def upload_is_there(params: dict[str, Any]) -> bool:
    """Whether the archive that a dry run has read can be read again."""
    if "parts" in params:
        return Upload.objects.filter(pk=params["parts"]).exists()
    return blobs.exists(f"{blobs.UPLOADS}/{params['upload']}")


def import_title(what: str, dataset: Dataset, *, dry_run: bool) -> Title:
    code, english = ("check", "Check {what} into {dataset}") if dry_run else ("import", IMPORT)
    return Title.of(code, english, what=what, dataset=dataset.name)


def title_after(shown: Job) -> Title | str:
    """Of the import that follows a dry run."""
    if shown.title_names:
        return Title("import", IMPORT, shown.title_names)
    return shown.title.replace("Check", "Import", 1)  # asked for before there were codes


def ask(dataset: Dataset, params: dict[str, Any], *, title: Title | str, author: User) -> Job:
    with transaction.atomic():
        job = enqueue(
            kind=KIND,
            project=dataset.project,
            dataset=dataset,
            author=author,
            params=params,
            title=title,
            link=f"/datasets/{dataset.pk}",
        )
        data = {"job": job.pk, "dry_run": params["dry_run"], **({"path": params["path"]} if "path" in params else {})}
        audit.record(by=author, action="import.start", target=str(title), project=dataset.project_id, data=data)
    return job


def keep_upload(upload: UploadedFile, suffix: str) -> str:
    """Put the upload where the worker finds it; returns its name among the uploads."""
    check_room(upload.size or 0)
    name = f"{uuid4().hex}{suffix}"
    draft = blobs.work_folder() / name
    try:
        with draft.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
            blobs.settle(out)
        blobs.keep_upload(draft, name)
    finally:
        draft.unlink(missing_ok=True)
    return name


def upload_path(job: Job) -> Path:
    """The file that was uploaded for the job. Raises FileNotFoundError where it is gone."""
    return blobs.local_path(f"{blobs.UPLOADS}/{job.params['upload']}")


def granted_to(job: Job) -> folders.Granted:
    """Which import roots the job's project has now."""
    return job.project.may_import_from if job.project else lambda root: False


def checked_place(path: str, project: Project) -> Path | PurePosixPath:
    """A folder of the server or a prefix in S3, if it may be imported into the project."""
    return checked_prefix(path, project) if path.startswith("s3://") else checked_folder(path, project)


def checked_folder(path: str, project: Project) -> Path:
    try:
        folder = folders.allowed_path(path, project.may_import_from)
    except (folders.FolderRefused, OSError, ValueError) as error:
        raise BadInput(str(error), errors={"path": [str(error)]}) from error
    if not folder.is_dir():
        raise BadInput(f"{path} is not a folder.", errors={"path": ["Not a folder."]})
    return folder


def checked_prefix(path: str, project: Project) -> PurePosixPath:
    """The prefix, if it is allowed and something lies below it."""
    try:
        place = folders.allowed_object(path, project.may_import_from)
    except folders.FolderRefused as error:
        raise BadInput(str(error), errors={"path": [str(error)]}) from error
    below = f"{place.key.rstrip('/')}/" if place.key else ""
    if next(s3.source(place.bucket).listed(below), None) is None:
        raise BadInput(f"There is nothing below {path}.", errors={"path": ["Nothing is there."]})
    return PurePosixPath(place.bucket, place.key)


def checked_annotations(folder: Path, annotations: str) -> str:
    """The annotation file's path relative to the folder. Raises BadInput where it is not a file in it."""
    real = (folder / annotations).resolve()
    if not real.is_file() or not folders.is_inside(real, folder):
        reason = f"{annotations} is not a file in {folder.name}."
        raise BadInput(reason, errors={"annotations": [reason]})
    return real.relative_to(folder).as_posix()


def run(job: Job, report: Report) -> dict[str, Any]:
    """Do the import. Safe to run again: what an attempt before has committed is found done."""
    try:
        result = dict(job.result) if job.result is not None else import_from(job, report)
    except Exception as error:
        if is_final(error):  # after anything else the next attempt, or the person who asks again, needs the upload
            forget_upload(job)
        raise
    finally:
        blobs.clear_work(unpacked_name(job))
    if not job.params.get("dry_run"):  # else it can be imported next, without sending it again
        forget_upload(job)
    return result


def import_from(job: Job, report: Report) -> dict[str, Any]:
    """Read the labels, then the images, then write it all at once; a dry run only says what that would do."""
    dataset, problems = dataset_of(job), Problems()
    tree, origin = files_of(job, problems, report)
    known = dict(Image.objects.filter(dataset=dataset).values_list("key", "sha256").iterator(chunk_size=10_000))
    if not tree.images:
        tree.elsewhere = list(known)
    report(0.1, Sentence.of("reading_labels", "Reading labels"))
    source = read(tree, dataset, job, problems)
    total, dry_run, answers = len(source.images), job.params.get("dry_run", False), Answers.of(job.params)
    if not dry_run:
        refuse_if_asked(source, answers)
    found = worded("{n} {n:image|images}, {boxes} {boxes:box|boxes}", n=total, boxes=source.boxes_found)
    report.log(f"Format: {source.format}. {found}.")

    def progress(done: int) -> None:
        doing = Sentence.of("reading_images_of", "Reading images: {done} of {total}", done=done, total=total)
        report(0.15 + 0.75 * done / max(total, 1), doing)

    looking = Intake(origin.read, look_at, origin.threads)
    intake = looking if dry_run else intake_from(origin, copy=job.params["copy"])
    ranges = ranges_before(dataset)
    taken = take_images(source.images, known, problems, intake=intake, report=progress, ranges=ranges)
    tell_of_exact_copies(taken, known, problems)
    if not job.params["copy"]:
        tell_of_stored(taken, problems)
    work = Import(job, dataset, source, taken, job.params["metadata"], answers)
    if dry_run:
        report(0.9, Sentence.of("comparing_with_dataset", "Comparing with the dataset"))
        return rehearse(work)
    report(0.9, Sentence.of("writing_images", "Writing images and boxes"))
    with collector_paused():
        result = commit(work)
    report.log(f"{result['images']['added']} images and {result['boxes']['added']} boxes added.")
    return result


def refuse_if_asked(source: Source, answers: Answers) -> None:
    """Raise JobFailed where a file does not tell what its boxes are, before any image is read."""
    if asked := asking.questions(source, stated_sizes(source), answers):
        raise JobFailed(" ".join(question.text for question in asked))


def dataset_of(job: Job) -> Dataset:
    """The job's dataset; JobFailed where it has been deleted since."""
    dataset = Dataset.objects.filter(pk=job.dataset_id or 0).first()
    if dataset is None:
        raise JobFailed("The dataset has been deleted.")
    return dataset


def read(tree: Tree, dataset: Dataset, job: Job, problems: Problems) -> Source:
    annotations = job.params.get("annotations")
    source = read_source(
        tree,
        problems,
        wanted=job.params["format"],
        annotations=checked_annotations(tree.root, annotations) if annotations else None,
        known_classes=list(dataset.classes.order_by("index").values_list("name", flat=True)),
        answers=Answers.of(job.params),
    )
    if not source.images_found and problems.total == problems.kinds["left_out", "skipped"]:
        raise JobFailed("There are no images here (JPEG, PNG, WebP, BMP, TIFF, GIF, HEIC or AVIF).")
    return source


def files_of(job: Job, problems: Problems, report: Report) -> tuple[Tree, Origin]:
    """What there is to read, and how its images are read."""
    path = job.params.get("path", "")
    if not path.startswith("s3://"):
        return walk(folder_of(job, problems, report), problems, report.check), FOLDER
    try:
        place = folders.allowed_object(path, granted_to(job))
        origin = BucketOrigin(place, fresh_folder(job))
    except folders.FolderRefused as error:
        raise JobFailed(str(error)) from error

    def listed(count: int) -> None:
        report(
            0.05,
            Sentence.of(
                "looking_through_bucket", "Looking through the bucket: {count} {count:file|files}", count=count
            ),
        )

    return origin.tree(problems, listed), origin


def fresh_folder(job: Job) -> Path:
    """The job's own folder, empty; it goes with the job."""
    blobs.clear_work(unpacked_name(job))
    return blobs.work_folder(unpacked_name(job))


def folder_of(job: Job, problems: Problems, report: Callable[[float, Sentence], None]) -> Path:
    """The folder to read: the server's, or the unpacked upload."""
    if "path" in job.params:
        try:
            return folders.allowed_path(job.params["path"], granted_to(job))
        except folders.FolderRefused as error:
            raise JobFailed(str(error)) from error
    folder = fresh_folder(job)
    try:
        unpack(uploaded(job), folder, problems, report)
    except FileNotFoundError as error:
        raise JobFailed(UPLOAD_GONE) from error
    return only_folder(folder)


def uploaded(job: Job) -> Path | BinaryIO:
    """The archive, which may lie in parts."""
    if "upload" in job.params:
        return upload_path(job)
    parts = list(UploadPart.objects.filter(upload=job.params["parts"]).values_list("size", "location"))
    joined = Parts([size for size, _ in parts], lambda place: blobs.local_path(parts[place][1]))
    return BufferedReader(joined)  # reads across the parts' borders


def open_report(job: Job) -> BinaryIO:
    """The complete report of an import that has ended. Raises Conflict where there is none."""
    location = (job.result or {}).get("report")
    try:
        return blobs.open_blob(location or "none")
    except FileNotFoundError as error:
        raise Conflict("This import has no report yet.") from error


def unpacked_name(job: Job) -> str:
    return f"import-{job.pk}"


def forget_upload(job: Job) -> None:
    if name := job.params.get("upload"):
        blobs.forget_uploads(name)
    if upload := job.params.get("parts"):
        Upload.objects.filter(pk=upload).delete()
        blobs.forget_uploads(f"{upload}/")
