"""Until now whoever could make a project could import from every configured root: what worked goes on working."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def grant_every_root(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("accounts", "Project").objects.update(import_roots=["*"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations_tokens_that_end_and_import_roots"),
    ]

    operations = [migrations.RunPython(grant_every_root, migrations.RunPython.noop)]
