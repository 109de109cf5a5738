"""Searches for better settings, and the trials that they are made of."""

from django.conf import settings as django_settings
from django.db import models

from dataset.models import Dataset


class SettingsSearch(models.Model):
    """Which settings train best? The unchanged ones with several seeds first, then trials of others.

    Its state is its job's; what has been tried stands in its trials, of which a new job of it goes on.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="settings_searches")
    name = models.CharField(max_length=80)
    ranges = models.JSONField(default=list)  # see model.searches.ranges
    trials = models.PositiveIntegerField()  # planned
    repeats = models.PositiveIntegerField()  # trainings of the unchanged settings, each with a seed of its own
    minutes = models.FloatField(null=True)  # of training and judging; None: as long as the trials take
    prune = models.BooleanField(default=True)  # whether a trial below the median of the others ends early
    seed = models.PositiveIntegerField(default=0)  # of the first repeat, and of what is tried
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="settings_search_name_once")]

    def __str__(self) -> str:
        return self.name


class Trial(models.Model):
    """One training of a search: a repeat of the unchanged settings, or a trial of others.

    waiting ──→ running ──→ complete | pruned | failed

    The worker of the search's job alone moves it. One that is running when the worker dies is gone on with.
    """

    class Kind(models.TextChoices):
        REPEAT = "repeat"
        TRIAL = "trial"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        COMPLETE = "complete"
        PRUNED = "pruned"
        FAILED = "failed"

    search = models.ForeignKey(SettingsSearch, on_delete=models.CASCADE, related_name="tried")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    number = models.PositiveIntegerField()  # from 1, of its kind
    values = models.JSONField(default=dict)  # the settings searched for, as this one has them
    run = models.OneToOneField("Run", on_delete=models.SET_NULL, null=True, related_name="trial")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    curve = models.JSONField(default=list)  # the fast mAP after each epoch
    value = models.FloatField(null=True)  # mAP of its evaluation, 0..1
    seconds = models.FloatField(default=0)  # that it has taken, over all attempts
    problem = models.TextField(blank=True)  # why it failed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "kind", "number"], name="trial_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
