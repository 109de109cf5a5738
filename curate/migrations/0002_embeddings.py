"""Vectors of images and objects, and maps of them. Additive: the release before does not look at these tables."""

import django.db.models.deletion
import pgvector.django
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curate", "0001_initial"),
        ("dataset", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name="Embedding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("annotation_id", models.BigIntegerField(null=True)),
                ("object_id", models.BigIntegerField(null=True)),
                ("encoder", models.CharField(max_length=40)),
                ("vector", pgvector.django.HalfVectorField(dimensions=1280)),
                (
                    "dataset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="embeddings",
                        to="dataset.dataset",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="embeddings", to="dataset.image"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(annotation_id=None), fields=("image", "encoder"), name="embedding_image_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(annotation_id__isnull=False),
                        fields=("annotation_id", "encoder"),
                        name="embedding_object_once",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(annotation_id=None),
                        fields=["dataset", "encoder"],
                        name="embedding_of_images",
                    ),
                    models.Index(
                        condition=models.Q(annotation_id__isnull=False),
                        fields=["dataset", "encoder"],
                        name="embedding_of_objects",
                    ),
                ],
            },
        ),
        # In the row rather than out of line: a search reads them all, and so takes a fifth of the time.
        migrations.RunSQL("ALTER TABLE curate_embedding ALTER COLUMN vector SET STORAGE PLAIN", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="EmbeddingMap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("encoder", models.CharField(max_length=40)),
                ("method", models.CharField(max_length=10)),
                ("seed", models.PositiveIntegerField(default=0)),
                ("image_count", models.PositiveIntegerField()),
                ("location", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="embedding_maps",
                        to="dataset.dataset",
                    ),
                ),
            ],
        ),
    ]
