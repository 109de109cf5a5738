"""Classes remember what they were called before; the release before neither reads nor writes that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataset", "0005_label_states")]

    operations = [
        migrations.AddField(
            model_name="labelclass",
            name="earlier_names",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
