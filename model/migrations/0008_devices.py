from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("model", "0007_measurements")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="devices",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
