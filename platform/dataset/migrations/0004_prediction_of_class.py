"""Predictions of a class in the order of their images; the release before does not ask for either index by name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dataset", "0003_tags"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="prediction",
            name="prediction_by_class",
        ),
        migrations.AddIndex(
            model_name="prediction",
            index=models.Index(
                fields=["prediction_set", "label_class", "image"], include=("score",), name="prediction_of_class"
            ),
        ),
    ]
