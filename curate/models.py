"""What Curate adds to the nouns: evaluations, comparisons, auto-curate runs and their suggestions, embeddings."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import HalfVectorField

from dataset.models import Dataset, Image, Manifest, PredictionSet, RealField


class AutoCurate(models.Model):
    """One run of an auto-curate kind: what it was asked, and what it found."""

    class Kind(models.TextChoices):
        SPLIT = "split"
        MISLABELS = "mislabels"
        EDGE_CASES = "edge_cases"
        LABEL_SELECTION = "label_selection"
        RARE_CLASSES = "rare_classes"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="auto_curates")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    params = models.JSONField(default=dict)
    source = models.JSONField(default=dict)  # the slices or query it looked at, and the revision
    slice_ids = models.JSONField(default=list)  # the slices it made
    report = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    PICKS = "picks"  # of the report: images with reasons, in the order in which they were chosen

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def picked_ids(self) -> list[int]:
        """The images that the run chose, in its order; none where it is of a kind that chooses none."""
        return [pick["image"] for pick in self.report.get(self.PICKS, [])]


class Suggestion(models.Model):
    """What an auto-curate run proposes for one object or place, why, and the verdict that a person gave."""

    class Kind(models.TextChoices):
        WRONG_CLASS = "wrong_class"
        MISSING = "missing"
        SPURIOUS = "spurious"
        BADLY_DRAWN = "badly_drawn"

    class Verdict(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        CORRECTED = "corrected"  # something was wrong here, but not as proposed
        REJECTED = "rejected"

    id = models.BigAutoField(primary_key=True)
    auto_curate = models.ForeignKey(AutoCurate, on_delete=models.CASCADE, related_name="suggestions")
    image = models.ForeignKey(Image, on_delete=models.CASCADE)
    annotation_id = models.BigIntegerField(null=True)  # the version judged; null where an object is missing
    object_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    score = RealField()
    parts = models.JSONField(default=dict)
    reason = models.TextField()
    reason_code = models.CharField(max_length=40)
    reason_params = models.JSONField(default=dict)
    given = models.JSONField(null=True)  # {"class_id", "box"} as labelled
    proposed = models.JSONField(null=True)  # {"class_id", "box"} as proposed
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["auto_curate", "-score", "id"], name="suggestion_by_score"),
            models.Index(fields=["image", "auto_curate"], name="suggestion_by_image"),
        ]


class Evaluation(models.Model):
    """A prediction set against the labels of a revision, at thresholds, by a named version of the evaluator.

    `figures`, `per_class` … are JSON for the page; `location` is the .npz with the matches at ten IoU thresholds, from
    which any subset or resample is computed again without matching anew.

    An evaluation looked at from another operating point is a row of its own that is `of` the first: it has match rows
    to open boxes by, and no figures. It is made where somebody opens a mark, and not listed.
    """

    class Rows(models.TextChoices):
        """By which rules the match rows explain what is wrong."""

        VERDICTS = "verdicts"  # at one confidence, for people to look at
        BUDGET = "budget"  # TIDE's, at all confidences: what the error budget is made from

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="evaluations")
    prediction_set = models.ForeignKey(PredictionSet, on_delete=models.CASCADE, related_name="evaluations")
    manifest = models.ForeignKey(Manifest, on_delete=models.RESTRICT)  # the images and labels judged on
    revision = models.PositiveIntegerField()
    iou = models.FloatField(default=0.5)
    conf = models.FloatField(null=True)  # null until computed: the confidence of the best mean F1
    evaluator = models.CharField(max_length=20, default="halfday-1")  # what made it; `create` names the current
    figures = models.JSONField(null=True)
    per_class = models.JSONField(null=True)
    interval = models.JSONField(null=True)
    interval50 = models.JSONField(null=True)
    intervals = models.JSONField(null=True)  # of AP75 and AR100; null of evaluations from before these had one
    confusion = models.JSONField(null=True)
    curves = models.JSONField(null=True)
    counts = models.JSONField(null=True)
    weak_slices = models.JSONField(null=True)
    on_training_images = models.PositiveIntegerField(default=0)
    # Images of those asked for that are not labelled: nothing is known of them, so they are not in the manifest.
    unlabelled = models.PositiveIntegerField(default=0, db_default=0)
    of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="points")
    rows = models.CharField(max_length=8, choices=Rows.choices, default=Rows.VERDICTS, db_default=Rows.VERDICTS)
    location = models.CharField(max_length=300, blank=True)
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of", "rows", "iou", "conf"], condition=models.Q(of__isnull=False), name="evaluation_point_once"
            )
        ]


class Match(models.Model):
    """The verdict of one box at the evaluation's operating point.

    tp: an annotation and its prediction; fp: a prediction; fn: an annotation. Where the error is a confusion, both
    classes stand in both rows. A cell of the confusion matrix is a count of the rows with its two classes, without the
    false positives that have a labelled class: those stand in the cell by their false negative. Null means background.
    """

    class Verdict(models.TextChoices):
        TP = "tp"
        FP = "fp"
        FN = "fn"

    id = models.BigAutoField(primary_key=True)
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="matches"
    )
    image = models.ForeignKey(Image, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    verdict = models.CharField(max_length=2, choices=Verdict.choices)
    annotation_id = models.BigIntegerField(null=True)
    prediction_id = models.BigIntegerField(null=True)
    truth_class_id = models.BigIntegerField(null=True)
    predicted_class_id = models.BigIntegerField(null=True)
    iou = RealField(null=True)
    score = RealField(null=True)
    error = models.CharField(max_length=14, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["evaluation", "verdict", "truth_class_id", "predicted_class_id", "image"],
                name="match_by_verdict",
            ),
            models.Index(fields=["evaluation", "image"], name="match_by_image"),
        ]


class Comparison(models.Model):
    """Two evaluations on the same images: the difference b − a with its interval and verdict."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="comparisons")
    a = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="compared_as_a")
    b = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="compared_as_b")
    result = models.JSONField(null=True)
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="comparison_once")]


class Embedding(models.Model):
    """An image, or one version of one labelled object, as an encoder sees it: 1280 numbers of length 1.

    The column is stored in the row (PLAIN, see the migration): a search reads every vector of the dataset, and out of
    line that takes five times as long. There is no index on it; docs/embeddings.md says why.
    """

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, db_index=False, related_name="embeddings")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="embeddings")
    annotation_id = models.BigIntegerField(null=True)  # the version that was cut out; null: the whole image
    object_id = models.BigIntegerField(null=True)
    encoder = models.CharField(max_length=40)
    vector = HalfVectorField(dimensions=1280)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "encoder"], condition=models.Q(annotation_id=None), name="embedding_image_once"
            ),
            models.UniqueConstraint(
                fields=["annotation_id", "encoder"],
                condition=models.Q(annotation_id__isnull=False),
                name="embedding_object_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["dataset", "encoder"], condition=models.Q(annotation_id=None), name="embedding_of_images"
            ),
            models.Index(
                fields=["dataset", "encoder"],
                condition=models.Q(annotation_id__isnull=False),
                name="embedding_of_objects",
            ),
        ]


class EmbeddingMap(models.Model):
    """Where a dataset's images lie on a plane, neighbours near each other. Computing it again makes another one.

    `location` is the .npz with `image_ids` (N,) rising and `points` (N, 2) uint16: whole numbers, so that browser and
    server agree on what lies inside a line.
    """

    PLANE = 65535  # its width and height

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="embedding_maps")
    encoder = models.CharField(max_length=40)
    method = models.CharField(max_length=10)  # umap, or pca where there are too few images for it
    seed = models.PositiveIntegerField(default=0)
    image_count = models.PositiveIntegerField()
    location = models.CharField(max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class CopySearch(models.Model):
    """The newest search for copies among a dataset's images: what it looked at. Its pairs are in CopyPair."""

    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, related_name="copy_search")
    job_id = models.BigIntegerField()
    upto = models.BigIntegerField()  # the highest image id that there was: what has a higher one came later
    images = models.PositiveIntegerField()  # looked at
    unreadable = ArrayField(models.BigIntegerField(), default=list)  # ids: no thumbnail could be read or made
    with_embedding = models.PositiveIntegerField()
    signatures = models.CharField(max_length=300, default="", db_default="")  # where they are kept
    found_at = models.DateTimeField(auto_now_add=True)


class CopyPair(models.Model):
    """Two images that show the same, as the dataset's newest search found. Removed with either of them."""

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, db_index=False, related_name="copy_pairs")
    first = models.ForeignKey(Image, on_delete=models.CASCADE, db_index=False, related_name="+")
    second = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")  # its id is the higher one
    overlap = RealField()  # area that both show over the area that either shows
    agreement = RealField()  # part of their small parts that correlate
    pose = models.SmallIntegerField()  # place among science.duplicates.poses.CopyPose

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="copy_pair_once")]
        indexes = [models.Index(fields=["dataset", "id"], name="copy_pair_by_dataset")]
