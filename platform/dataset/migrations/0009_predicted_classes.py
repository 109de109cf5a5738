"""Predictions by class and score are kept in one value for each class of a set, in place of an index of every row.

Filled from the rows, a second for one and a half million; the release before keeps working, with slower questions of that kind.
"""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
    INSERT INTO dataset_predictedclass (prediction_set_id, label_class_id, images, scores)
    SELECT prediction_set_id, label_class_id,
           string_agg(int8send(image_id), '' ORDER BY image_id, id),
           string_agg(float4send(score), '' ORDER BY image_id, id)
    FROM dataset_prediction GROUP BY 1, 2
"""
# What was packed is no smaller, and took longer than all else.
UNPACKED = """
    ALTER TABLE dataset_predictedclass ALTER images SET STORAGE EXTERNAL, ALTER scores SET STORAGE EXTERNAL
"""


class Migration(migrations.Migration):
    dependencies = [("dataset", "0008_objects_by_image")]

    operations = [
        migrations.CreateModel(
            name="PredictedClass",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("images", models.BinaryField()),
                ("scores", models.BinaryField()),
                (
                    "label_class",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="dataset.labelclass",
                    ),
                ),
                (
                    "prediction_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="classes",
                        to="dataset.predictionset",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="predictedclass",
            constraint=models.UniqueConstraint(fields=("prediction_set", "label_class"), name="predicted_class_once"),
        ),
        migrations.RunSQL(UNPACKED, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="prediction", name="prediction_of_class"),
    ]
