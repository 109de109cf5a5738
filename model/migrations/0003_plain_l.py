"""What ultralytics calls YOLOv6-L, and Meituan does not, is called plain-l from here on."""

from collections.abc import Callable
from typing import Any

from django.db import migrations


def renamed(before: str, after: str) -> Callable[[Any, Any], None]:
    def rename(apps: Any, schema_editor: Any) -> None:
        apps.get_model("model", "Run").objects.filter(baseline=before).update(baseline=after)
        apps.get_model("model", "Checkpoint").objects.filter(architecture=before).update(architecture=after)

    return rename


class Migration(migrations.Migration):
    dependencies = [("model", "0002_run_unlabelled")]

    operations = [
        migrations.RunPython(renamed("yolov6l", "plain-l"), renamed("plain-l", "yolov6l"), elidable=True),
    ]
