"""Issues and rounds of review. What was remarked on tasks before becomes issues with threads."""

import itertools

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import label.models

SEEDS = "UPDATE label_batch SET review_seed = floor(random() * 2147483647)::int"
# Whose work a task is was not written down; who saved it last is the nearest to it.
WORKERS = """
    UPDATE label_task SET workers = jsonb_build_array(saved_by_id)
    WHERE saved_by_id IS NOT NULL AND (changed OR state IN ('in_review', 'done'))
"""


def remarks_to_issues(apps, schema_editor):
    """Remarks about a place become an issue each; the others of a task, one issue with all of them as its thread."""
    comments = (
        apps.get_model("label", "Comment").objects.filter(issue=None).select_related("task").order_by("task", "pk")
    )
    for task, rows in itertools.groupby(comments, lambda row: row.task):
        loose = []
        for row in rows:
            if row.box is None:
                loose.append(row)
            else:
                open_issue(apps, task, [row])
        if loose:
            open_issue(apps, task, loose)
        issues = apps.get_model("label", "Issue").objects.filter(task=task).exclude(state="resolved")
        apps.get_model("label", "Task").objects.filter(pk=task.pk).update(open_issues=issues.count())


def open_issue(apps, task, remarks):
    """As the services would have left it: answered where somebody else spoke last, resolved on a finished task."""
    first, last = remarks[0], remarks[-1]
    state = "resolved" if task.state in ("done", "skipped") else "open"
    if state == "open" and last.author_id != first.author_id:
        state = "answered"
    rows = apps.get_model("label", "Issue").objects
    issue = rows.create(task=task, kind="other", state=state, box=first.box, author_id=first.author_id)
    rows.filter(pk=issue.pk).update(created_at=first.created_at)
    apps.get_model("label", "Comment").objects.filter(pk__in=[row.pk for row in remarks]).update(issue=issue)


def person(name):
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name=name, to=settings.AUTH_USER_MODEL
    )


def of_task(name):
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name=name, to="label.task")


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


KINDS = [("missing", "Missing"), ("wrong_class", "Wrong Class"), ("badly_drawn", "Badly Drawn"), ("other", "Other")]
STATES = [("open", "Open"), ("answered", "Answered"), ("resolved", "Resolved")]
VERDICTS = [
    ("waiting", "Waiting"), ("passed", "Passed"), ("sent_back", "Sent Back"), ("taken_back", "Taken Back"),
    ("skipped", "Skipped"), ("unreviewed", "Unreviewed"),
]  # fmt: skip
TEXT = models.TextField(db_default="", default="")


class Migration(migrations.Migration):
    dependencies = [
        ("label", "0009_assist"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("batch", "own_review", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "batch", "review_seed", models.PositiveIntegerField(db_default=0, default=label.models.new_seed)
        ),
        migrations.AddField("batch", "review_share", models.FloatField(db_default=1.0, default=1.0)),
        migrations.AddField(
            "batch",
            "review_shares",
            models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField("task", "held_until", models.DateTimeField(null=True)),
        migrations.AddField("task", "open_issues", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "task", "workers", models.JSONField(db_default=models.Value([], models.JSONField()), default=list)
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", key()),
                ("kind", models.CharField(choices=KINDS, default="other", max_length=11)),
                ("state", models.CharField(choices=STATES, default="open", max_length=8)),
                ("box_id", models.CharField(db_default="", default="", max_length=80)),
                ("box", models.JSONField(null=True)),
                ("round", models.PositiveIntegerField(db_default=0, default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("author", person("raised_issues")),
                ("resolved_by", person("resolved_issues")),
                ("task", of_task("issues")),
            ],
        ),
        migrations.AddField(
            "comment",
            "issue",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="remarks",
                to="label.issue",
            ),
        ),
        migrations.CreateModel(
            name="ReviewRound",
            fields=[
                ("id", key()),
                ("number", models.PositiveIntegerField()),
                ("handed_in_at", models.DateTimeField()),
                ("share", models.FloatField(null=True)),
                ("verdict", models.CharField(choices=VERDICTS, default="waiting", max_length=10)),
                ("mended", models.BooleanField(db_default=False, default=False)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", TEXT),
                ("boxes", models.JSONField(null=True)),
                ("handed_in_by", person("handed_in_rounds")),
                ("reviewer", person("decided_rounds")),
                ("task", of_task("rounds")),
            ],
        ),
        migrations.AddIndex("issue", models.Index(fields=["task", "state"], name="issue_by_task")),
        migrations.AddConstraint(
            "reviewround", models.UniqueConstraint(fields=("task", "number"), name="review_round_once")
        ),
        migrations.RunSQL(SEEDS, migrations.RunSQL.noop),
        migrations.RunSQL(WORKERS, migrations.RunSQL.noop),
        migrations.RunPython(remarks_to_issues, migrations.RunPython.noop),
    ]
