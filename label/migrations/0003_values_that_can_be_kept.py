"""Working copies of boxes from before there was a gate; see dataset's migration of the same name."""

import importlib

from django.db import migrations

mend_column = importlib.import_module("dataset.migrations.0007_values_that_can_be_kept").mend_column


def mend_json(apps, schema_editor):
    mend_column(schema_editor.connection, "label_task", "boxes")


class Migration(migrations.Migration):
    dependencies = [("label", "0002_finished_is_labelled"), ("dataset", "0007_values_that_can_be_kept")]

    operations = [migrations.RunPython(mend_json, migrations.RunPython.noop)]
