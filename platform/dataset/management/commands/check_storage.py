"""Try the storage: write, read and remove a few bytes, and say in a sentence what is wrong."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from storage import blobs, s3
from storage.s3 import StorageUnavailable


class Command(BaseCommand):
    help = "Write, read and remove a few bytes where images are kept; with --create, make the bucket first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--create", action="store_true", help="make the bucket where it is not there")

    def handle(self, *args: Any, create: bool, **options: Any) -> None:
        bucket = s3.store()
        place = f"bucket {bucket.name} at {bucket.where()}" if bucket else f"folder {settings.STORAGE_ROOT}"
        try:
            if bucket and create:
                bucket.create()
            blob = blobs.put_bytes(b"Halfday was here.", suffix=".txt")
            if blobs.read(blob.key) != b"Halfday was here.":
                raise CommandError(f"The {place} gives back other bytes than were written.")
            blobs.delete(blob.key)
        except (StorageUnavailable, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The {place} can be written and read.")
