"""Names sort as people read them; the wheel's Postgres has no ICU, so a function says what is compared.

The rule is science/natural_order.py's. The index serves the grid's pages in the order of keys. The release
before does not know of either, and keeps its own order.
"""

import django.db.models.functions
from django.db import migrations, models

import accounts.natural_names

FUNCTION = r"""
CREATE OR REPLACE FUNCTION natural_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(
    regexp_replace(
        regexp_replace(
            CASE
                WHEN octet_length(name) = length(name) THEN lower(name COLLATE "C")
                ELSE lower(
                    normalize(regexp_replace(normalize(name, NFD), '[\u0300-\u036f]', '', 'g'), NFC) COLLATE "default"
                ) COLLATE "C"
            END,
            '[0-9]+', '00000000000000000000\&', 'g'
        ),
        '[0-9]*([0-9]{20})', '\1', 'g'
    ),
    600
)
"""


class Migration(migrations.Migration):
    dependencies = [("dataset", "0010_attributes")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION natural_name(text)"),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                models.F("dataset"),
                django.db.models.functions.Collate(accounts.natural_names.NaturalName("key"), "C"),
                models.F("id"),
                name="image_by_name",
            ),
        ),
    ]
