"""The schema of attributes of a dataset's classes."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [("checkbox", "checkbox"), ("choice", "choice"), ("number", "number"), ("text", "text")]


class Migration(migrations.Migration):
    dependencies = [("dataset", "0009_predicted_classes")]

    operations = [
        migrations.CreateModel(
            name="Attribute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("values", models.JSONField(default=list)),
                ("minimum", models.FloatField(null=True)),
                ("maximum", models.FloatField(null=True)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("required", models.BooleanField(default=False)),
                ("default", models.JSONField(null=True)),
                ("same_as_last", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attributes", to="dataset.dataset"
                    ),
                ),
                (
                    "label_class",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributes",
                        to="dataset.labelclass",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dataset", "label_class", "name"), name="attribute_name_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
