"""A project with one of everything, and what each service that a person can ask for is called with in it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.invitations import digest_of
from accounts.models import ApiToken, Invitation, Member, Project, Role, User
from curate.autocurate.self_test import SelfTestWish
from curate.duplicates.groups import CopyKind, Wanted
from curate.evaluations.creation import Thresholds
from curate.improve.actions import StepWish
from curate.improve.learning_curve import NewCurve
from curate.improve.loop import Loop
from curate.map.embed import NewEmbeddings
from curate.models import AutoCurate, Evaluation, Suggestion
from curate.query.image_source import ImageSource
from dataset.importing.columns import Ignore
from dataset.models import Attribute, Dataset, Manifest, PredictionSet, Slice, SliceImage, Tag, Upload
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.exports import ExportWish
from dataset.services.image_labels import ImageLabelChanges
from dataset.services.imports import keep_upload
from jobs.models import Job
from label.assists.models import BatchAssist, Prelabel
from label.models import Batch, Instructions, Issue, Task
from label.proposals import GridAnswer
from label.quality.gold import GoldWish
from label.quality.models import Consensus
from label.services.assignment import TaskPart
from label.services.batches import NewBatch
from label.services.frames import FrameChange
from label.services.issues import NewIssue
from label.services.review_plan import PlanChange
from label.services.tasks import Save
from label.services.verdicts import ReviewVerdict
from model.augmentations.asking import PicturesWish
from model.endpoints.lifecycle import NewEndpoint
from model.endpoints.promoting import Promotion
from model.endpoints.settings import EndpointChanges
from model.gate.asking import NewGate
from model.models import (
    Checkpoint,
    Deployment,
    Endpoint,
    Experiment,
    ExportedForm,
    GateResult,
    GateRules,
    KeptPicture,
    Run,
    SettingsSearch,
)
from model.searches.asking import NewSearch
from model.services.experiments import NewExperiment
from model.services.exports import NewForm
from model.services.predicting import NewPrediction
from model.services.runs import NewRun
from notices.models import Delivery, Webhook
from tests.factories import jpeg, make_annotation, make_cast, make_dataset, make_image, make_user, numbers

NAMES = ("facts", "class_id", "measure", "value", "rest", "low", "high")  # of a weak slice
Arguments = dict[str, Any]


class WholeProject:
    """Alice owns the project, Charlie must never see it; `member` makes somebody of a role. Three images, two of them
    frozen and judged, one free to go; each has a car."""

    def __init__(self) -> None:
        self.cast = make_cast()
        self.project = self.cast.project
        self.dataset = make_dataset(self.project)
        self.car, self.rider = self.dataset.classes.order_by("index")
        self.images = [make_image(self.dataset) for _ in range(3)]
        self.cars = [make_annotation(image, self.car) for image in self.images]
        self.dataset.refresh_from_db()
        self.slice = Slice.objects.create(dataset=self.dataset, name="night", image_count=2)
        SliceImage.objects.bulk_create(SliceImage(slice=self.slice, image=image) for image in self.images[:2])
        self.attribute = Attribute.objects.create(dataset=self.dataset, name="lit", kind="checkbox")
        self.tag = Tag.objects.create(dataset=self.dataset, name="blurred")
        self.manifest = Manifest.objects.create(
            dataset=self.dataset, revision=self.dataset.head_revision, content_hash="0" * 64, image_count=2,
            image_ids=[image.pk for image in self.images[:2]], annotation_count=2,
        )  # fmt: skip
        self.judged = PredictionSet.objects.create(
            dataset=self.dataset, manifest=self.manifest, name="first", kind="run", location="none", box_count=0
        )
        weak = [dict.fromkeys(NAMES) | {"image_ids": self.manifest.image_ids}]
        self.earlier, self.later = (
            Evaluation.objects.create(
                dataset=self.dataset, prediction_set=self.judged, manifest=self.manifest, conf=0.5, weak_slices=weak,
                revision=self.dataset.head_revision, finished_at=timezone.now(),
            )
            for _ in range(2)
        )  # fmt: skip

    def member(self, role: Role) -> User:
        user = make_user(role.label)
        Member.objects.create(project=self.project, user=user, role=role)
        return user

    def script(self, project: Project, role: Role) -> User:
        """The owner, as a script of theirs comes in whose token is held to a project and a role."""
        owner = User.objects.get(pk=self.cast.alice.pk)
        owner.token = ApiToken(user=owner, project=project, role=role)
        return owner

    def administrator(self, role: str | None = None) -> User:
        """One in person, or as a script whose token is held to a role."""
        admin = make_user("Admin", is_superuser=True)
        if role is not None:
            admin.token = ApiToken(user=admin, role=role)
        return admin

    def job(self) -> Job:
        return Job.objects.create(project=self.project, dataset_id=self.dataset.pk, kind="nothing", title="Wait")

    def failed_conversion(self) -> Job:
        """Of weights that are kept."""
        kept = keep_upload(SimpleUploadedFile("weights.pt", b"PK"), ".pt")
        params = {"upload": kept, "name": "mine"}
        return Job.objects.create(
            project=self.project, kind="convert_weights", title="Convert", state="failed", params=params
        )

    def upload(self, sender: User, *, arrived: int = 4) -> Upload:
        return Upload.objects.create(dataset=self.dataset, created_by=sender, name="a.zip", size=4, offset=arrived)

    def with_copies(self) -> Dataset:
        """The dataset, with two images of the same bytes."""
        for _ in range(2):
            make_image(self.dataset, sha256="c" * 64)
        return self.dataset

    def search(self) -> AutoCurate:
        """A finished search for mislabels."""
        source = {"slice": None, "q": "", "revision": self.dataset.head_revision}
        return AutoCurate.objects.create(
            dataset=self.dataset, kind=AutoCurate.Kind.MISLABELS, source=source, finished_at=timezone.now()
        )

    def suggestions(self) -> list[Suggestion]:
        run = AutoCurate.objects.create(dataset=self.dataset, kind=AutoCurate.Kind.MISLABELS)
        return [
            Suggestion.objects.create(auto_curate=run, image=image, kind="spurious", score=0.5, reason="It is alone.")
            for image in self.images
        ]

    def task(self) -> Task:
        number = next(numbers)
        batch = Batch.objects.create(dataset=self.dataset, name=f"Batch {number}", base=self.dataset.head_revision)
        return Task.objects.create(batch=batch, image=self.images[0], position=0, base=batch.base)

    def instructed(self) -> Batch:
        """A batch with instructions."""
        batch = self.task().batch
        Instructions.objects.create(batch=batch, number=1, text="Cars only.")
        return batch

    def webhook(self) -> Webhook:
        return Webhook.objects.create(
            project=self.project, url="https://192.0.78.9/hook", events=["batch.done"], secret="none"
        )

    def delivery(self) -> Delivery:
        """One that nobody took."""
        now = timezone.now()
        return Delivery.objects.create(
            webhook=self.webhook(), event="ping", body="{}", state="given_up", next_at=now, begun_at=now
        )

    def doubted(self, verdict: str = "pending") -> Batch:
        """A batch of one task, with a suggestion about it."""
        task, told = self.task(), self.suggestions()[0]
        Suggestion.objects.filter(pk=told.pk).update(verdict=verdict)
        Batch.objects.filter(pk=task.batch_id).update(auto_curate=told.auto_curate_id)
        return Batch.objects.get(pk=task.batch_id)

    def in_review(self) -> Task:
        task = self.task()
        Task.objects.filter(pk=task.pk).update(state=Task.State.IN_REVIEW)
        task.refresh_from_db()
        return task

    def issue(self) -> Issue:
        return Issue.objects.create(task=self.task())

    def done(self) -> Batch:
        """A batch whose one task is finished and says nothing new."""
        task = self.task()
        Task.objects.filter(pk=task.pk).update(state=Task.State.DONE)
        return task.batch

    def compared(self) -> Task:
        """A task whose copies were handed in; nobody saw anything."""
        task = self.task()
        Consensus.objects.create(task=task, answers={"people": [], "units": []}, questions=0)
        return task

    def assisted(self) -> Batch:
        """A batch whose checkpoint was not exported yet; its images can check a form."""
        batch = self.task().batch
        Batch.objects.filter(pk=batch.pk).update(slice=self.slice)
        BatchAssist.objects.create(batch=batch, checkpoint=self.checkpoint())
        batch.refresh_from_db()
        return batch

    def prelabel(self, state: str = Prelabel.State.LOOKED) -> Prelabel:
        return Prelabel.objects.create(batch=self.task().batch, checkpoint_name="mine", state=state)

    def run(self) -> Run:
        return Run.objects.create(
            dataset=self.dataset, name=f"Run {next(numbers)}", baseline="road11t", weights=Run.Weights.SCRATCH,
            validation_slice=self.slice, revision=0,
        )  # fmt: skip

    def experiment(self) -> Experiment:
        return Experiment.objects.create(dataset=self.dataset, name=f"Experiment {next(numbers)}", seeds=[0])

    def settings_search(self, state: str) -> SettingsSearch:
        """One with a job, of which nothing is trained."""
        job = Job.objects.create(project=self.project, kind="nothing", title="Search settings", state=state)
        return SettingsSearch.objects.create(
            dataset=self.dataset, name=f"Search {next(numbers)}", trials=2, repeats=2, job_id=job.pk,
            ranges=[{"name": "lr0", "low": 0.001, "high": 0.01, "log": True, "choices": []}],
        )  # fmt: skip

    def checkpoint(self) -> Checkpoint:
        return Checkpoint.objects.create(
            project=self.project, name="mine", kind="uploaded", architecture="road11t", classes=["car"], location="x",
            sha256="1" * 64, size=1,
        )  # fmt: skip

    def gate(self) -> GateRules:
        document = {"rules": [{"figure": "mAP", "drop": 1.0}], "scenarios": {}}
        return GateRules.objects.create(dataset=self.dataset, name=f"Gate {next(numbers)}", document=document)

    def gate_result(self) -> GateResult:
        """Not judged yet."""
        return GateResult.objects.create(
            dataset=self.dataset, document=self.gate().document, candidate=self.checkpoint(),
            incumbent=self.checkpoint(), manifest=self.manifest, revision=self.manifest.revision,
        )  # fmt: skip

    def endpoint(self) -> Endpoint:
        """Two versions deployed, whose form is nowhere, and a picture kept."""
        row = Endpoint.objects.create(
            project=self.project, dataset=self.dataset, name=f"street-{next(numbers)}", validation_slice=self.slice
        )
        form = self.form()
        for version in (1, 2):
            row.current = Deployment.objects.create(
                endpoint=row, version=version, kind="first", checkpoint=self.checkpoint(), form=form,
                deployed_at=timezone.now(),
            )  # fmt: skip
        row.save()
        KeptPicture.objects.create(deployment=row.current, sha256="e" * 64, location="blobs/none/e", size=1)
        return row

    def form(self) -> ExportedForm:
        return ExportedForm.objects.create(
            project=self.project, checkpoint=self.checkpoint(), form="onnx", imgsz=640, allowed_drop=0.001
        )

    def invitation(self, email: str) -> Invitation:
        """An open one whose secret is its address."""
        return Invitation.objects.create(
            project=self.project, email=email, role=Role.VIEWER, digest=digest_of(email),
            invited_by=self.cast.alice, expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip

    def token(self) -> ApiToken:
        return ApiToken.objects.create(
            user=self.member(Role.LABELLER), project=self.project, name="theirs", digest=f"{next(numbers)}"
        )


def zipped(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"PK\x03\x04")


def too_large() -> SimpleUploadedFile:
    """Weights that are refused for their size, before anything reads them."""
    file = SimpleUploadedFile("weights.pt", b"PK")
    file.size = 1 << 40
    return file


def change(stage: WholeProject) -> AnnotationChange:
    return AnnotationChange("remove", stage.images[0].pk, stage.cars[0].object_id)


def new_split(stage: WholeProject) -> Arguments:
    params = {"names": ["left", "right"], "ratio": 0.5}
    return {"dataset": stage.dataset, "kind": "split", "params": params, "source": ImageSource(None, "")}


def rows_of(stage: WholeProject, count: int = 3) -> Arguments:
    return {"dataset": stage.dataset, "annotation_ids": np.array([car.pk for car in stage.cars[:count]])}


def pictures(stage: WholeProject) -> list[int]:
    return [image.pk for image in stage.images]


# By the service's address in the table of docs/permissions.md: what it is called with, but for `by`, who is handed in.
ARGUMENTS: dict[str, Callable[[WholeProject, User], Arguments]] = {
    "accounts.services.create_project": lambda s, by: {"name": "Another"},
    "accounts.services.change_me": lambda s, by: {"name": "Renamed"},
    "accounts.services.change_password": lambda s, by: {"current": "wrong", "new": "x"},
    "accounts.second_factor.begin": lambda s, by: {},
    "accounts.second_factor.confirm": lambda s, by: {"code": "000000"},
    "accounts.second_factor.remove": lambda s, by: {"code": "000000"},
    "accounts.services.create_token": lambda s, by: {"name": "mine", "project": s.project, "role": None},
    "accounts.services.delete_token": lambda s, by: {"token": s.token()},
    "accounts.services.rename_project": lambda s, by: {"project": s.project, "name": "Street"},
    "accounts.services.grant_roots": lambda s, by: {"project": s.project, "roots": ["*"]},
    "accounts.invitations.invite": lambda s, by: {
        "project": s.project, "email": "new@example.org", "role": Role.VIEWER,
    },
    "accounts.invitations.withdraw": lambda s, by: {"invitation": s.invitation(f"new{next(numbers)}@example.org")},
    "accounts.invitations.take_up": lambda s, by: {"secret": s.invitation(by.email).email},
    "accounts.services.change_role": lambda s, by: {
        "member": Member.objects.get(project=s.project, user=s.cast.bob), "role": Role.VIEWER,
    },
    "accounts.services.remove_member": lambda s, by: {
        "member": Member.objects.get(project=s.project, user=s.cast.bob),
    },
    "notices.services.mark_read": lambda s, by: {},
    "notices.services.set_wish": lambda s, by: {"mail": "daily", "time_zone": "Asia/Seoul"},
    "notices.webhooks.services.create_webhook": lambda s, by: {
        "project": s.project, "url": "https://192.0.78.9/hook", "events": ["batch.done"],
    },
    "notices.webhooks.services.change_webhook": lambda s, by: {"row": s.webhook(), "active": False},
    "notices.webhooks.services.rotate_secret": lambda s, by: {"row": s.webhook()},
    "notices.webhooks.services.send_ping": lambda s, by: {"row": s.webhook()},
    "notices.webhooks.services.resend": lambda s, by: {"delivery": s.delivery()},
    "notices.webhooks.services.delete_webhook": lambda s, by: {"row": s.webhook()},
    "jobs.services.cancel": lambda s, by: {"job": s.job()},
    "dataset.services.datasets.create_dataset": lambda s, by: {"project": s.project, "name": "More"},
    "dataset.services.datasets.change_dataset": lambda s, by: {"dataset": s.dataset, "name": "Renamed"},
    "dataset.services.datasets.delete_dataset": lambda s, by: {"dataset": make_dataset(s.project)},
    "dataset.services.attributes.create_attributes": lambda s, by: {
        "dataset": s.dataset, "attributes": [{"name": "pose", "kind": "text"}],
    },
    "dataset.services.attributes.change_attribute": lambda s, by: {
        "attribute": s.attribute, "fields": {"required": True},
    },
    "dataset.services.attributes.delete_attribute": lambda s, by: {"attribute": s.attribute},
    "dataset.services.attributes.order_attributes": lambda s, by: {"dataset": s.dataset, "ids": [s.attribute.pk]},
    "dataset.services.image_labels.label_image": lambda s, by: {
        "image": s.images[0], "labels": ImageLabelChanges(add_tags=["blurred"]),
    },
    "dataset.services.datasets.create_class": lambda s, by: {"dataset": s.dataset, "name": "tram"},
    "dataset.services.datasets.change_class": lambda s, by: {"row": s.rider, "name": "cyclist"},
    "dataset.services.imports.start_folder": lambda s, by: {"dataset": s.dataset, "path": "/nowhere"},
    "dataset.services.imports.start_upload": lambda s, by: {"dataset": s.dataset, "upload": zipped("a.zip")},
    "dataset.services.imports.start_checked": lambda s, by: {"dataset": s.dataset, "check": 0},
    "dataset.services.uploads.unfinished": lambda s, by: {"dataset": s.dataset},
    "dataset.services.uploads.begin": lambda s, by: {"dataset": s.dataset, "name": "a.zip", "size": 4},
    "dataset.services.uploads.receive": lambda s, by: {
        "upload": s.upload(by, arrived=0), "offset": 0, "length": 4, "digest": "", "stream": BytesIO(b"PK\x03\x04"),
    },
    "dataset.services.uploads.finish": lambda s, by: {"upload": s.upload(by)},
    "dataset.services.uploads.give_up": lambda s, by: {"upload": s.upload(by)},
    "dataset.services.prediction_imports.start_found": lambda s, by: {"dataset": s.dataset, "import_job": 0},
    "dataset.services.prediction_imports.start_file": lambda s, by: {"dataset": s.dataset, "path": "/nowhere"},
    "dataset.services.prediction_imports.start_upload": lambda s, by: {
        "dataset": s.dataset, "upload": SimpleUploadedFile("p.json", b"[]"),
    },
    "dataset.services.image_facts.start": lambda s, by: {"dataset": s.dataset},
    "dataset.services.exports.start": lambda s, by: {"dataset": s.dataset, "wanted": ExportWish(format="coco")},
    "dataset.services.revisions.apply_changes": lambda s, by: {
        "dataset": s.dataset, "kind": "edit", "changes": [change(s)],
    },
    "dataset.services.revisions.revert": lambda s, by: {"dataset": s.dataset, "to": 0},
    "dataset.services.bulk_labels.relabel_objects": lambda s, by: rows_of(s) | {"class_id": s.rider.pk},
    "dataset.services.bulk_labels.delete_objects": lambda s, by: rows_of(s),
    "dataset.services.bulk_labels.ignore_objects": lambda s, by: rows_of(s) | {"ignore": Ignore.REGION},
    "dataset.services.label_states.set_label_state": lambda s, by: {
        "dataset": s.dataset, "image_ids": np.array([make_image(s.dataset).pk, *pictures(s)]), "state": "negative",
    },
    "dataset.services.slices.create_slice": lambda s, by: {
        "dataset": s.dataset, "name": "day", "image_ids": pictures(s), "origin": {"kind": "hand"},
    },
    "dataset.services.slices.change_slice": lambda s, by: {"row": s.slice, "name": "dusk"},
    "dataset.services.slices.change_images": lambda s, by: {"row": s.slice, "add": pictures(s), "remove": []},
    "dataset.services.slices.change_members": lambda s, by: {
        "row": s.slice, "image_ids": pictures(s), "remove": False,
    },
    "dataset.services.slices.delete_slice": lambda s, by: {"row": s.slice},
    "dataset.services.manifests.freeze_slice": lambda s, by: {"row": s.slice},
    "dataset.services.tags.tag_images": lambda s, by: {"dataset": s.dataset, "name": "wet", "image_ids": pictures(s)},
    "dataset.services.tags.untag_images": lambda s, by: {"tag": s.tag, "image_ids": pictures(s)},
    "dataset.services.tags.rename_tag": lambda s, by: {"tag": s.tag, "name": "sharp"},
    "dataset.services.tags.delete_tag": lambda s, by: {"tag": s.tag},
    "dataset.services.sequences.set_sequence": lambda s, by: {
        "dataset": s.dataset, "image_ids": pictures(s), "sequence": "drive",
    },
    "curate.duplicates.search.start_search": lambda s, by: {"dataset": s.dataset},
    "curate.duplicates.actions.keep_one_of_each": lambda s, by: {
        "dataset": s.with_copies(), "wanted": Wanted(CopyKind.EXACT), "name": "rest",
    },
    "curate.duplicates.actions.undo_keeping_one": lambda s, by: {
        "dataset": s.dataset, "made": s.slice.pk, "changes": [],
    },
    "curate.duplicates.actions.slice_the_rest": lambda s, by: {
        "dataset": s.with_copies(), "wanted": Wanted(CopyKind.EXACT), "name": "rest",
    },
    "curate.duplicates.actions.take_copies_out": lambda s, by: {"train": [s.slice], "validation": s.slice},
    "curate.duplicates.actions.slice_the_copies": lambda s, by: {
        "train": [s.slice], "validation": s.slice, "name": "copies",
    },
    "curate.duplicates.sources.keep_sources": lambda s, by: {"dataset": s.dataset, "image_ids": None},
    "curate.duplicates.sources.forget_sources": lambda s, by: {"dataset": s.dataset, "image_ids": None},
    "curate.grid.removal.remove_images": lambda s, by: {"dataset": s.dataset, "image_ids": np.array(pictures(s)[2:])},
    "curate.evaluations.creation.start": lambda s, by: {"prediction_set": s.judged},
    "curate.evaluations.points.open_point": lambda s, by: {
        "evaluation": s.later, "point": Thresholds(iou=0.5, conf=0.5), "rows": "verdicts",
    },
    "curate.evaluations.deletion.delete_evaluation": lambda s, by: {"evaluation": s.later},
    "curate.evaluations.weak_slices.start": lambda s, by: {"evaluation": s.later},
    "curate.evaluations.weak_slices.make_slice": lambda s, by: {"evaluation": s.later, "place": 0, "name": "weak"},
    "curate.comparisons.compare.start": lambda s, by: {"a": s.earlier, "b": s.later},
    "curate.map.embed.start_embeddings": lambda s, by: {
        "dataset": s.dataset, "new": NewEmbeddings(ImageSource(None, "")),
    },
    "curate.reports.preparation.start": lambda s, by: {"evaluation": s.later},
    "curate.autocurate.lifecycle.start": lambda s, by: new_split(s),
    "curate.autocurate.self_test.start_self_test": lambda s, by: {"run": s.search(), "wish": SelfTestWish()},
    "curate.autocurate.verdicts.decide": lambda s, by: {
        "verdicts": {row.pk: "accepted" for row in s.suggestions()},
    },
    "curate.improve.learning_curve.start_curve": lambda s, by: {"run": s.run(), "new": NewCurve(seeds=0)},
    "curate.improve.actions.take_step": lambda s, by: {"loop": Loop(s.dataset), "wish": StepWish("import")},
    "curate.improve.skips.skip_step": lambda s, by: {"loop": Loop(s.dataset), "step": "split"},
    "label.services.batches.create_batch": lambda s, by: {
        "dataset": s.dataset, "new": NewBatch("Sent", slice_id=s.slice.pk),
    },
    "label.services.batches.update_batch": lambda s, by: {"batch": s.task().batch, "name": "Renamed"},
    "label.services.assignment.assign_parts": lambda s, by: {"batch": s.task().batch, "parts": [TaskPart(people=[])]},
    "label.services.instructions.write_instructions": lambda s, by: {
        "batch": s.task().batch, "text": "Cars only.", "seen": 0,
    },
    "label.services.instructions.add_picture": lambda s, by: {"dataset": s.dataset, "data": jpeg()},
    "label.services.instructions.look_at": lambda s, by: {"batch": s.instructed(), "number": 1},
    "label.services.batches.claim_next_task": lambda s, by: {"batch": s.task().batch},
    "label.services.tasks.save_task": lambda s, by: {"task": s.task(), "save": Save(version=0, active_seconds=1)},
    "label.services.tasks.assign": lambda s, by: {"task": s.task(), "assignee_id": by.pk},
    "label.services.deciding.decide_in_batch": lambda s, by: {
        "batch": (batch := s.doubted()),
        "answers": {row.pk: GridAnswer("rejected") for row in batch.auto_curate.suggestions.order_by("pk")[:1]},
    },
    "label.services.deciding.carry_accepted": lambda s, by: {"batch": s.doubted("accepted")},
    "label.services.deciding.finish_decided": lambda s, by: {"batch": s.doubted("rejected")},
    "label.services.frames.save_frames": lambda s, by: {
        "batch": (task := s.task()).batch, "changes": [FrameChange(task.pk, 0)],
    },
    "label.quality.copy_saves.save_work": lambda s, by: {"task": s.task(), "save": Save(version=0, state="done")},
    "label.quality.deciding.ask_several": lambda s, by: {"batch": s.task().batch, "people": 2, "share": 1.0},
    "label.quality.deciding.decide": lambda s, by: {"task": s.compared(), "version": 0, "answers": {}},
    "label.quality.deciding.change_plan": lambda s, by: {
        "batch": s.task().batch, "changes": {"results_shown": True},
    },
    "label.quality.gold.mix_in_gold": lambda s, by: {
        "batch": s.task().batch, "wish": GoldWish(slice_id=s.slice.pk, share=0.5),
    },
    "label.quality.gold.release_gold": lambda s, by: {"batch": s.task().batch, "task_ids": None},
    "label.services.issues.raise_issue": lambda s, by: {"task": s.task(), "new": NewIssue("Look here")},
    "label.services.issues.reply": lambda s, by: {"issue": s.issue(), "text": "I looked"},
    "label.services.issues.set_issue": lambda s, by: {"issue": s.issue(), "resolved": True},
    "label.services.reviewing.claim_next_review": lambda s, by: {"batch": s.in_review().batch},
    "label.services.reviewing.hold": lambda s, by: {"task": s.in_review()},
    "label.services.verdicts.decide_review": lambda s, by: {
        "task": s.in_review(), "verdict": ReviewVerdict(version=0, verdict="passed"),
    },
    "label.services.review_plan.change_plan": lambda s, by: {"batch": s.task().batch, "change": PlanChange()},
    "label.services.merging.send_to_curate": lambda s, by: {"batch": s.done()},
    "label.assists.sources.choose_source": lambda s, by: {
        "batch": s.task().batch, "checkpoint_id": s.checkpoint().pk, "endpoint_id": None,
    },
    "label.assists.sources.prepare_source": lambda s, by: {"batch": s.assisted()},
    "label.assists.prelabelling.start_prelabel": lambda s, by: {
        "batch": s.task().batch, "checkpoint_id": s.checkpoint().pk,
    },
    "label.assists.prelabelling.apply_prelabel": lambda s, by: {"prelabel": s.prelabel(), "thresholds": {}},
    "label.assists.prelabelling.take_back": lambda s, by: {"prelabel": s.prelabel(Prelabel.State.APPLIED)},
    "model.gate.rules.create_rules": lambda s, by: {
        "dataset": s.dataset, "name": "strict", "document": {"rules": [{"drop": 0}]},
    },
    "model.gate.rules.change_rules": lambda s, by: {"row": s.gate(), "name": "looser"},
    "model.gate.rules.delete_rules": lambda s, by: {"row": s.gate()},
    "model.gate.asking.start_gate": lambda s, by: {
        "new": NewGate(s.checkpoint(), s.checkpoint(), s.slice, document={"rules": [{"drop": 1}]}),
    },
    "model.endpoints.lifecycle.create_endpoint": lambda s, by: {"new": NewEndpoint("road", s.checkpoint(), s.slice)},
    "model.endpoints.lifecycle.change_endpoint": lambda s, by: {
        "endpoint": s.endpoint(), "changes": EndpointChanges(conf=0.4),
    },
    "model.endpoints.lifecycle.set_gate": lambda s, by: {
        "endpoint": s.endpoint(), "gate": s.gate(), "validation": s.slice,
    },
    "model.endpoints.lifecycle.delete_endpoint": lambda s, by: {"endpoint": s.endpoint()},
    "model.endpoints.lifecycle.bring_kept": lambda s, by: {"endpoint": s.endpoint()},
    "model.endpoints.promoting.promote": lambda s, by: {
        "endpoint": s.endpoint(), "wanted": Promotion(s.checkpoint()),
    },
    "model.endpoints.promoting.roll_back": lambda s, by: {"endpoint": s.endpoint()},
    "model.services.runs.create_run": lambda s, by: {
        "dataset": s.dataset, "new": NewRun("next", [s.slice.pk], s.slice.pk, parent=0),
    },
    "model.services.runs.cancel_run": lambda s, by: {"run": s.run()},
    "model.services.runs.resume_run": lambda s, by: {"run": s.run()},
    "model.services.runs.delete_run": lambda s, by: {"run": s.run()},
    "model.services.experiments.create_experiment": lambda s, by: {
        "dataset": s.dataset, "new": NewExperiment("next", [s.slice.pk], s.slice.pk, parent=0),
    },
    "model.services.experiments.add_seeds": lambda s, by: {"experiment": s.experiment(), "count": 1},
    "model.services.experiments.cancel_experiment": lambda s, by: {"experiment": s.experiment()},
    "model.services.experiments.delete_experiment": lambda s, by: {"experiment": s.experiment()},
    "model.services.judging.judge_again": lambda s, by: {"experiment": s.experiment()},
    "model.augmentations.asking.show_augmentations": lambda s, by: {
        "dataset": s.dataset, "wish": PicturesWish([s.slice.pk], "road11t", {"kind": "scratch"}, revision=0),
    },
    "model.searches.asking.create_search": lambda s, by: {
        "dataset": s.dataset, "new": NewSearch("next", [s.slice.pk], s.slice.pk, []),
    },
    "model.searches.asking.cancel_search": lambda s, by: {"search": s.settings_search("running")},
    "model.searches.asking.resume_search": lambda s, by: {"search": s.settings_search("cancelled")},
    "model.searches.asking.delete_search": lambda s, by: {"search": s.settings_search("cancelled")},
    "model.services.predicting.start_prediction": lambda s, by: {
        "checkpoint": s.checkpoint(), "dataset": s.dataset, "new": NewPrediction(),
    },
    "model.services.exports.start_export": lambda s, by: {"checkpoint": s.checkpoint(), "new": NewForm("onnx")},
    "model.measurements.asking.start_measurement": lambda s, by: {
        "project": s.project, "baseline": "road11t", "imgsz": 64, "batch": 1,
    },
    "model.services.exports.delete_form": lambda s, by: {"form": s.form()},
    "model.services.checkpoints.upload_checkpoint": lambda s, by: {
        "project": s.project, "name": "", "upload": too_large(),
    },
    "model.services.checkpoints.import_checkpoint": lambda s, by: {
        "project": s.project, "name": "", "path": "/nowhere",
    },
    "model.services.checkpoints.convert_again": lambda s, by: {"job": s.failed_conversion()},
}  # fmt: skip
