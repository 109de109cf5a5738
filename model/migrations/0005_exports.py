import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_answers_to_who_may_still_ask"),
        ("dataset", "0009_predicted_classes"),
        ("model", "0004_experiments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportedForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("onnx", "Onnx"),
                            ("openvino", "Openvino"),
                            ("torchscript", "Torchscript"),
                            ("tensorrt", "Tensorrt"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "precision",
                    models.CharField(choices=[("f32", "F32"), ("bf16", "Bf16")], default="f32", max_length=4),
                ),
                ("imgsz", models.PositiveIntegerField()),
                ("allowed_drop", models.FloatField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "Passed"), ("worse", "Worse"), ("unchecked", "Unchecked")],
                        max_length=10,
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=300)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.BigIntegerField(default=0)),
                ("facts", models.JSONField(null=True)),
                ("differences", models.JSONField(null=True)),
                ("job_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="forms", to="model.checkpoint"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "manifest",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="dataset.manifest"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="forms", to="accounts.project"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "checkpoint", "form", "precision", "imgsz"), name="exported_form_once"
                    )
                ],
            },
        ),
    ]
