"""Ask for the brightness, contrast and sharpness of images that were imported before these were measured."""

from typing import Any

from django.core.management.base import BaseCommand

from dataset.models import Dataset
from dataset.services import image_facts


class Command(BaseCommand):
    help = "Start a job for every dataset with images that lack brightness, contrast and sharpness."

    def handle(self, *args: Any, **options: Any) -> None:
        for dataset in Dataset.objects.filter(images__brightness=None, images__isnull=False).distinct().order_by("pk"):
            job = image_facts.ask(dataset, author=None)
            self.stdout.write(f"{dataset.name}: job {job.pk}")
