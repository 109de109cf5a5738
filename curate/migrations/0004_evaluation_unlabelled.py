from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curate", "0003_evaluation_points")]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="unlabelled",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
