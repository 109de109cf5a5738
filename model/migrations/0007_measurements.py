from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("model", "0006_endpoints")]

    operations = [
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("baseline", models.CharField(max_length=60)),
                ("device", models.CharField(max_length=120)),
                ("imgsz", models.PositiveIntegerField()),
                ("batch", models.PositiveIntegerField()),
                ("trained_per_second", models.FloatField(null=True)),
                ("predicted_per_second", models.FloatField(null=True)),
                ("memory", models.BigIntegerField(null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("measured_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("baseline", "device", "imgsz", "batch"), name="measurement_once")
                ],
            },
        ),
    ]
