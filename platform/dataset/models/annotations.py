"""Append-only annotations and the revisions that changed them."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Value

from dataset.importing.columns import Ignore
from dataset.models.images import Dataset, Image, LabelClass


class RealField(models.FloatField):
    """A four-byte float: boxes are float32 everywhere, and 20 million rows are worth the half."""

    def db_type(self, connection: object) -> str:
        return "real"


class Provenance(models.IntegerChoices):
    """Where an annotation's present state came from."""

    IMPORTED = 0, "imported"
    HUMAN = 1, "human"
    MODEL = 2, "model"


class Revision(models.Model):
    """A numbered, append-only change of a dataset's annotations."""

    class Kind(models.TextChoices):
        IMPORT = "import"
        LABEL = "label"
        MERGE = "merge"
        EDIT = "edit"
        CLASS_EDIT = "class_edit"
        REVERT = "revert"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    message = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    counts = models.JSONField(default=dict)  # added, changed, removed
    origin = models.JSONField(default=dict)  # e.g. {"batch": 3}, {"reverted_to": 4}
    summary = models.JSONField(null=True)  # changes by class and kind; counted when first asked for
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"r{self.number} of {self.dataset}"


class Annotation(models.Model):
    """One version of one box of one image; rows are added and closed, never rewritten.

    The labels at revision r are the rows with born ≤ r < died; current rows have no `died`. `object_id` is
    the same for all versions of one object. The box is xyxy pixels of the EXIF-upright image. What is ignored is
    neither object nor background to whoever judges or trains.
    Foreign keys are not checked by the database row by row: at 20 million rows the checks would cost more than the
    load; the services that write here check them set by set.
    """

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    image = models.ForeignKey(
        Image, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="annotations"
    )
    # From a sequence of its own (made in the first migration), so that a bulk load need not know the numbers.
    object_id = models.BigIntegerField(db_default=Func(Value("dataset_object_id"), function="nextval"))
    label_class = models.ForeignKey(LabelClass, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    x1 = RealField()
    y1 = RealField()
    x2 = RealField()
    y2 = RealField()
    attributes = models.JSONField(null=True)
    provenance = models.PositiveSmallIntegerField(choices=Provenance.choices)
    ignore = models.PositiveSmallIntegerField(
        choices=[(one.value, one.name.lower()) for one in Ignore], default=Ignore.NO, db_default=0
    )
    # Square pixels as the labels' file states it where that is not the box's own, such as a mask's; 0: the box's own.
    # Not NULL: a bulk load need not tell rows apart.
    area = RealField(default=0, db_default=0.0)
    # Packed (science.shapes.packed); NULL for most, which takes no byte: `died` is NULL for most already.
    shape = models.BinaryField(null=True)
    born = models.PositiveIntegerField()
    died = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["image", "born"], name="annotation_by_image"),
            models.Index(
                fields=["dataset", "label_class", "image"],
                name="annotation_current_by_class",
                condition=models.Q(died__isnull=True),
            ),
            # In this order a revision's births and deaths are merged object by object, a page at a time. There is no
            # index by object alone: whoever asks for objects knows their images, and each costs a load a fifth.
            models.Index(fields=["dataset", "born", "object_id"], name="annotation_by_birth"),
            # Has no entry where there are boxes alone, so that to ask for shapes costs nothing there.
            models.Index(
                fields=["dataset", "image"], name="annotation_shaped", condition=models.Q(shape__isnull=False)
            ),
            models.Index(
                fields=["dataset", "died", "object_id"],
                name="annotation_by_death",
                condition=models.Q(died__isnull=False),
            ),
        ]
