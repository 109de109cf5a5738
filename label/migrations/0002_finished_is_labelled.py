from django.db import migrations

# Whoever finished a task looked at its image: without a box there is nothing on it. What waits to be merged is told then.
FINISHED = """
    UPDATE dataset_image AS image SET labelled_since = finished.base
    FROM (SELECT image_id, min(base) AS base FROM label_task WHERE state = 'done' AND boxes IS NULL GROUP BY image_id)
        AS finished
    WHERE finished.image_id = image.id AND image.labelled_since IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("label", "0001_initial"), ("dataset", "0005_label_states")]

    operations = [migrations.RunSQL(FINISHED, migrations.RunSQL.noop)]
