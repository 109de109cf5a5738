import dataset.models
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curate", "0004_evaluation_unlabelled"),
        ("dataset", "0006_class_earlier_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="CopySearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job_id", models.BigIntegerField()),
                ("upto", models.BigIntegerField()),
                ("images", models.PositiveIntegerField()),
                (
                    "unreadable",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("with_embedding", models.PositiveIntegerField()),
                ("found_at", models.DateTimeField(auto_now_add=True)),
                (
                    "dataset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copy_search", to="dataset.dataset"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CopyPair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("overlap", dataset.models.RealField()),
                ("agreement", dataset.models.RealField()),
                ("pose", models.SmallIntegerField()),
                (
                    "dataset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copy_pairs",
                        to="dataset.dataset",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dataset.image",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dataset.image"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["dataset", "id"], name="copy_pair_by_dataset")],
                "constraints": [models.UniqueConstraint(fields=("first", "second"), name="copy_pair_once")],
            },
        ),
    ]
