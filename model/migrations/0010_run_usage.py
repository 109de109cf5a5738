from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("model", "0009_search")]

    operations = [migrations.AddField("run", "usage", models.JSONField(null=True))]
