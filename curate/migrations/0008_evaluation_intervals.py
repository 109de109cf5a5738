from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curate", "0007_rare_classes"),
    ]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="intervals",
            field=models.JSONField(null=True),
        ),
    ]
