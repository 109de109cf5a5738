from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curate", "0005_copies_found")]

    operations = [
        migrations.AddField(
            model_name="copysearch",
            name="signatures",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
    ]
