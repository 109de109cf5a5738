from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("model", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="unlabelled",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
