"""Order by name as people read names, in the database; the rule is science/natural_order.py's."""

from __future__ import annotations

from django.db.models import Func, TextField
from django.db.models.functions import Collate


class NaturalName(Func):
    """What Postgres compares in place of a name: `natural_name()`, by code point."""

    function = "natural_name"
    arity = 1
    output_field = TextField()


def by_name(field: str = "name") -> Collate:
    """For `order_by`; names that read alike are left to what follows."""
    return Collate(NaturalName(field), "C")
