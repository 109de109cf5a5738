import dataset.models.annotations
from django.db import migrations, models

# Images with a box are labelled from the revision on that brought the first; of the others nothing was kept until now.
SINCE_FIRST_BOX = """
    UPDATE dataset_image AS image SET labelled_since = first.born
    FROM (SELECT image_id, min(born) AS born FROM dataset_annotation GROUP BY image_id) AS first
    WHERE first.image_id = image.id
"""
# What readers kept among the attributes becomes the column.
FLAGS_TO_COLUMN = """
    UPDATE dataset_annotation SET
        ignore = CASE WHEN attributes->'iscrowd' = 'true' OR attributes->'crowd' = 'true'
                        OR attributes->'group_of' = 'true' THEN 2 ELSE 1 END,
        attributes = NULLIF(attributes - ARRAY['iscrowd', 'crowd', 'group_of', 'difficult', 'ignored'], '{}'::jsonb)
    WHERE attributes->'iscrowd' = 'true' OR attributes->'crowd' = 'true' OR attributes->'group_of' = 'true'
       OR attributes->'difficult' = 'true' OR attributes->'ignored' = 'true'
"""


class Migration(migrations.Migration):
    dependencies = [("dataset", "0004_prediction_of_class")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="ignore",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "no"), (1, "region"), (2, "crowd"), (3, "anything")], db_default=0, default=0
            ),
        ),
        migrations.AddField(
            model_name="annotation",
            name="area",
            field=dataset.models.annotations.RealField(db_default=0.0, default=0),
        ),
        migrations.AddField(model_name="image", name="labelled_since", field=models.PositiveIntegerField(null=True)),
        migrations.RunSQL(SINCE_FIRST_BOX, migrations.RunSQL.noop),
        migrations.RunSQL(FLAGS_TO_COLUMN, migrations.RunSQL.noop),
    ]
