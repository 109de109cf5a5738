"""The shapes of a ledger."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.people import PersonSerializer
from curate.comparisons.api import DifferenceSerializer, TableSerializer
from curate.evaluations.api import RunNameSerializer
from curate.history.api import PairToCompareSerializer, RunChangesSerializer, SettingChangeSerializer, WorthSerializer
from curate.ledger.times import STAGES
from curate.models import AutoCurate
from dataset.api.shapes import ObjectField, SliceBriefSerializer
from dataset.models import Revision
from jobs.models import Job
from label.models import Batch
from model.models import Run

SLICE_ROLES = [(role, role) for role in ("kept", "added", "removed", "validation")]
RUN_ROLES = [(role, role) for role in ("before", "run", "control", "repeat")]
STEPS = ["train", "judge", "train_control", "compare", "wait", "go_on"]


class NamedSerializer(serializers.Serializer):
    """A project or a dataset."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class BoundedSerializer(serializers.Serializer):
    """A figure with the ends of its 95 % interval, where one exists."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class LedgerFiguresSerializer(serializers.Serializer):
    """What an evaluation gave, and on what."""

    evaluation = serializers.IntegerField()
    revision = serializers.IntegerField()
    images = serializers.IntegerField()
    iou = serializers.FloatField()
    conf = serializers.FloatField(allow_null=True)
    evaluator = serializers.CharField()
    AP = BoundedSerializer()
    AP50 = BoundedSerializer()
    on_training_images = serializers.IntegerField()


class WeakestClassSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    name = serializers.CharField()
    AP = BoundedSerializer()
    boxes = serializers.IntegerField()


class DearestErrorSerializer(serializers.Serializer):
    error = serializers.CharField()
    delta_ap = serializers.FloatField(allow_null=True, help_text="What AP at the IoU would gain without it")
    count = serializers.IntegerField()


class ConfusedClassesSerializer(serializers.Serializer):
    labelled = serializers.CharField()
    predicted = serializers.CharField()
    labelled_id = serializers.IntegerField()
    predicted_id = serializers.IntegerField()
    boxes = serializers.IntegerField()


class NamedFactSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField(allow_null=True)


class WeakGroupSerializer(serializers.Serializer):
    """A group of images on which the detector is worse than on the rest."""

    q = serializers.CharField(allow_null=True)
    facts = NamedFactSerializer(many=True)
    measure = serializers.CharField()
    difference = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "class": serializers.CharField(allow_null=True)}  # a word of Python's


class EvaluationNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class WeaknessSerializer(serializers.Serializer):
    """What the diagnosis said that the iteration set out from."""

    evaluation = EvaluationNameSerializer()
    figures = LedgerFiguresSerializer(allow_null=True)
    smallest_shown = serializers.FloatField(allow_null=True, help_text="The smallest gain that its images can show")
    weakest = WeakestClassSerializer(many=True)
    costs = DearestErrorSerializer(many=True, allow_null=True, help_text="Null where its files are gone")
    confused = ConfusedClassesSerializer(many=True)
    weak_slices = WeakGroupSerializer(many=True)


class VerdictTotalsSerializer(serializers.Serializer):
    pending = serializers.IntegerField()
    accepted = serializers.IntegerField()
    corrected = serializers.IntegerField()
    rejected = serializers.IntegerField()


class ReviewerSerializer(serializers.Serializer):
    person = PersonSerializer()
    verdicts = serializers.IntegerField()
    seconds = serializers.FloatField(help_text="Of verdicts outside Label: looks × the median time of one")


class SearchSerializer(serializers.Serializer):
    """An auto-curate run that had a part in the iteration."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=AutoCurate.Kind.choices)
    params = ObjectField()
    revision = serializers.IntegerField(allow_null=True)
    source = serializers.CharField(allow_blank=True, help_text="The slice, else the query line, that it looked at")
    by = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField()
    slices = SliceBriefSerializer(many=True)
    suggestions = serializers.IntegerField()
    verdicts = VerdictTotalsSerializer()
    precision = BoundedSerializer(help_text="Accepted and corrected ones over decided ones")
    expected_precision = serializers.FloatField(allow_null=True)
    reviewers = ReviewerSerializer(many=True)


class LabellerSerializer(serializers.Serializer):
    person = PersonSerializer(allow_null=True)
    tasks = serializers.IntegerField(help_text="Handed in, done or skipped")
    changed = serializers.IntegerField(help_text="Whose boxes differ from what they started from")
    seconds = serializers.FloatField(help_text="With the editor in use")


class LabelWorkSerializer(serializers.Serializer):
    """A batch that was first merged in the iteration."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Batch.State.choices)
    auto_curate = serializers.IntegerField(allow_null=True)
    images = serializers.IntegerField()
    done = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    merged_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField()
    people = LabellerSerializer(many=True)


class KindCountsSerializer(serializers.Serializer):
    relabelled = serializers.IntegerField()
    moved = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()


class LedgerRevisionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Revision.Kind.choices)
    message = serializers.CharField(allow_blank=True)
    author = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    batch = serializers.IntegerField(allow_null=True)
    counts = KindCountsSerializer()


class NetChangesSerializer(KindCountsSerializer):
    """Labels that are not what they were; what was changed and changed back does not count."""

    labels = serializers.IntegerField()
    images = serializers.IntegerField()


class ChangedLabelsSerializer(serializers.Serializer):
    training = NetChangesSerializer()
    validation = NetChangesSerializer()


class UsedSliceSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=SLICE_ROLES)
    id = serializers.IntegerField()
    name = serializers.CharField()
    images = serializers.IntegerField()
    origin = serializers.CharField()
    auto_curate = serializers.IntegerField(allow_null=True)
    evaluation = serializers.IntegerField(allow_null=True)
    q = serializers.CharField(allow_null=True)


class LedgerRunSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=RUN_ROLES)
    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    baseline = serializers.CharField()
    weights = serializers.ChoiceField(choices=Run.Weights.choices)
    seed = serializers.IntegerField()
    epochs = serializers.IntegerField(allow_null=True)
    imgsz = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField()
    images = serializers.IntegerField(allow_null=True)
    boxes = serializers.IntegerField(allow_null=True)
    differs = SettingChangeSerializer(many=True, help_text="Settings in which it differs from the iteration's run")
    started_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    figures = LedgerFiguresSerializer(allow_null=True)


class GainSerializer(serializers.Serializer):
    """The run minus another, as their comparison says; or the two evaluations that could be compared."""

    over = RunNameSerializer()
    comparison = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=Job.State.choices, allow_null=True)
    pair = PairToCompareSerializer(allow_null=True)
    same_labels = serializers.BooleanField(allow_null=True)
    images = serializers.IntegerField(allow_null=True)
    groups = serializers.ChoiceField(choices=["image", "sequence"], allow_null=True)
    units = serializers.IntegerField(allow_null=True)
    smallest_detectable = serializers.FloatField(allow_null=True)
    mAP = DifferenceSerializer(allow_null=True)  # noqa: N815  as it is called
    mAP50 = DifferenceSerializer(allow_null=True)  # noqa: N815
    table = TableSerializer(allow_null=True, help_text="Both on both sets of labels, where these differ")


class GainsSerializer(serializers.Serializer):
    """Over what: null where the iteration has none. `root` is the first run of the line, where that is another."""

    control = GainSerializer(allow_null=True)
    before = GainSerializer(allow_null=True)
    root = GainSerializer(allow_null=True)


class GainOverSeedsSerializer(BoundedSerializer):
    """The mean difference to the control over training seeds; the interval by Student's t."""

    seeds = serializers.ListField(child=serializers.IntegerField())


class TimesSerializer(serializers.Serializer):
    """Wall-clock time is from the first beginning to the last end, pauses included."""

    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    wall_seconds = serializers.FloatField()
    machine_seconds = serializers.FloatField()
    human_seconds = serializers.FloatField()


class StageTimesSerializer(TimesSerializer):
    stage = serializers.ChoiceField(choices=STAGES)


class LedgerTimesSerializer(TimesSerializer):
    stages = StageTimesSerializer(many=True)


class NextStepSerializer(serializers.Serializer):
    step = serializers.ChoiceField(choices=STEPS)
    link = serializers.CharField(help_text="The front end's address")


class LedgerSerializer(serializers.Serializer):
    """One iteration: from a run to the one that goes on from it, with all that lies between."""

    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    project = NamedSerializer()
    dataset = NamedSerializer()
    run = RunNameSerializer()
    before = RunNameSerializer(allow_null=True)
    control_of = RunNameSerializer(allow_null=True, help_text="Of a control: whose ledger to read instead")
    shared_control = serializers.BooleanField(help_text="The control is that of another run from the same one before")
    earlier = RunNameSerializer(many=True, help_text="Runs behind it that have ledgers too, the nearest first")
    weakness = WeaknessSerializer(allow_null=True)
    searches = SearchSerializer(many=True)
    batches = LabelWorkSerializer(many=True)
    revisions = LedgerRevisionSerializer(many=True)
    labels = ChangedLabelsSerializer()
    slices = UsedSliceSerializer(many=True)
    runs = LedgerRunSerializer(many=True)
    gains = GainsSerializer()
    seeds = GainOverSeedsSerializer(allow_null=True)
    time = LedgerTimesSerializer()
    next = NextStepSerializer()


@extend_schema_field(
    {"type": "array", "minItems": 3, "maxItems": 3, "items": {}, "description": "image, label before, label after"}
)
class EditField(serializers.JSONField):
    """`[place of the image, label before or null, label after or null]`, a label as `[class, x1, y1, x2, y2]`.

    Behind the five stands how it is ignored, where it is.
    """


class ReplayedSetSerializer(serializers.Serializer):
    name = serializers.CharField(allow_blank=True)
    images = serializers.ListField(child=serializers.IntegerField(), help_text="Places in `images`")


class LabelStateSerializer(serializers.Serializer):
    """A revision that runs used, and what became of the labels since the one before it in the list."""

    revision = serializers.IntegerField()
    edits = serializers.ListField(child=EditField())


class StartWeightsSerializer(serializers.Serializer):
    run = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()


class ReplayedRunSerializer(serializers.Serializer):
    """A training with everything that it was given."""

    role = serializers.ChoiceField(choices=RUN_ROLES)
    id = serializers.IntegerField()
    name = serializers.CharField()
    baseline = serializers.CharField()
    weights = serializers.ChoiceField(choices=Run.Weights.choices)
    start = StartWeightsSerializer(allow_null=True)
    parent = serializers.IntegerField(allow_null=True)
    control_of = serializers.IntegerField(allow_null=True)
    train = serializers.IntegerField(allow_null=True, help_text="A place in `sets`")
    validation = serializers.IntegerField(allow_null=True)
    train_hash = serializers.CharField(allow_null=True, help_text="Of the manifest: images, classes and labels")
    validation_hash = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField()
    seed = serializers.IntegerField()
    settings = ObjectField()
    figures = LedgerFiguresSerializer(allow_null=True)


class ReplayedComparisonSerializer(serializers.Serializer):
    over = serializers.ChoiceField(choices=["control", "before", "root"])
    a = serializers.IntegerField(help_text="The run that stands for the earlier")
    b = serializers.IntegerField()
    same_labels = serializers.BooleanField(allow_null=True)
    mAP = DifferenceSerializer()  # noqa: N815
    mAP50 = DifferenceSerializer(allow_null=True)  # noqa: N815


class ReplaySerializer(serializers.Serializer):
    """What ./halfday replay works from."""

    classes = serializers.ListField(child=serializers.CharField())
    images = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=3, max_length=3),
        help_text="[key, SHA-256, digest of the labels at the first state], by key",
    )
    sets = ReplayedSetSerializer(many=True)
    states = LabelStateSerializer(many=True)
    runs = ReplayedRunSerializer(many=True)
    comparisons = ReplayedComparisonSerializer(many=True)


class LedgerFileSerializer(LedgerSerializer):
    """A ledger with what is needed to do it again elsewhere."""

    replay = ReplaySerializer()


class IterationSerializer(serializers.Serializer):
    """An iteration in a line."""

    run = RunNameSerializer()
    dataset = NamedSerializer()
    before = RunNameSerializer(allow_null=True)
    state = serializers.ChoiceField(choices=Job.State.choices)
    weakest = WeakestClassSerializer(many=True, help_text="By the diagnosis that it set out from")
    changes = RunChangesSerializer(allow_null=True)
    labels_changed = serializers.IntegerField(help_text="Labels of the training images that are not what they were")
    human_seconds = serializers.FloatField()
    over_control = WorthSerializer(allow_null=True, help_text="Null where there is no control")
    created_at = serializers.DateTimeField()
