"""Brightness, contrast and sharpness of images; null for those imported before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataset", "0001_initial")]

    operations = [
        migrations.AddField("image", "brightness", models.FloatField(null=True)),
        migrations.AddField("image", "contrast", models.FloatField(null=True)),
        migrations.AddField("image", "sharpness", models.FloatField(null=True)),
    ]
