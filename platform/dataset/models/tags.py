"""Tags: short words that people hang on images."""

from django.db import models

from dataset.models.images import Dataset, Image


class Tag(models.Model):
    """A word of a dataset's own, such as "check again". Tags have no history: they come and go."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class ImageTag(models.Model):
    """A tag on an image."""

    id = models.BigAutoField(primary_key=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="image_tags", db_index=False)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="image_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "image"], name="image_tag_once")]
