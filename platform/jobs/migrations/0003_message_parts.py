from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_titles"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="message_parts",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
