"""The schema of attributes: what labels of a class may carry beside their box."""

from django.db import models

from dataset.attribute_rules import KINDS, AttributeRule
from dataset.models.images import Dataset, LabelClass


class Attribute(models.Model):
    """One attribute of a class of labels, or of every class where `label_class` is null; in the order of `position`.

    It says what may be chosen and what must be there. Values stand in the annotations, by name; what no attribute of
    the schema names is free. `default` is what new boxes begin with; with `same_as_last` the last value that the
    labeller gave goes before it. The columns are written by services/attributes.py.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="attributes")
    label_class = models.ForeignKey(LabelClass, on_delete=models.CASCADE, null=True, related_name="attributes")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS])
    values = models.JSONField(default=list)  # of a choice, in the order in which they are offered
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    required = models.BooleanField(default=False)
    default = models.JSONField(null=True)
    same_as_last = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "label_class", "name"], name="attribute_name_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> AttributeRule:
        return AttributeRule(
            self.name, self.kind, self.label_class_id, tuple(self.values), self.minimum, self.maximum, self.required
        )
