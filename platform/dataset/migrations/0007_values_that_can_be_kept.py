"""Rows from before there was a gate: what cannot be read back, written as JSON or exported is mended.

Only such rows are written; the release before reads them as it reads all others.
"""

import json

from django.db import migrations

from accounts.values import mended

TIMES = """
    UPDATE dataset_image SET captured_at = NULL
    WHERE captured_at < '1000-01-01 00:00+00' OR captured_at > '9000-01-01 00:00+00'
"""
PLACES = """
    UPDATE dataset_image SET latitude = NULL, longitude = NULL
    WHERE NOT (coalesce(latitude, 0) BETWEEN -90 AND 90 AND coalesce(longitude, 0) BETWEEN -180 AND 180)
"""
# Long rows of digits, and more brackets than may be nested: few rows, of which Python finds those that matter.
SUSPECTS = """
    SELECT id, {column}::text FROM {table}
    WHERE {column} IS NOT NULL AND ({column}::text ~ '[0-9]{{19}}'
        OR length({column}::text) - length(translate({column}::text, '[{{', '')) > 64)
"""
COLUMNS = [("dataset_image", "metadata"), ("dataset_annotation", "attributes")]


def mend_json(apps, schema_editor):
    for table, column in COLUMNS:
        mend_column(schema_editor.connection, table, column)


def mend_column(connection, table, column):
    with connection.cursor() as cursor:
        cursor.execute(SUSPECTS.format(table=table, column=column))
        for row_id, text in cursor.fetchall():
            value = json.loads(text)
            if (better := mended(value)) is not value:
                cursor.execute(f"UPDATE {table} SET {column} = %s::jsonb WHERE id = %s", [json.dumps(better), row_id])


class Migration(migrations.Migration):
    dependencies = [("dataset", "0006_class_earlier_names")]

    operations = [
        migrations.RunSQL(TIMES, migrations.RunSQL.noop),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RunPython(mend_json, migrations.RunPython.noop),
    ]
