"""A finer shape of an object beside its box; absent for most."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataset", "0011_names_as_people_read_them")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="shape",
            field=models.BinaryField(null=True),
        ),
        # Its head is read by itself, which a compressed value would not allow; the bytes are packed already.
        migrations.RunSQL(
            "ALTER TABLE dataset_annotation ALTER COLUMN shape SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                fields=["dataset", "image"], name="annotation_shaped", condition=models.Q(shape__isnull=False)
            ),
        ),
    ]
