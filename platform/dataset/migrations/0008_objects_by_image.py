"""Objects are looked up by their image; an index by object number alone cost every import a fifth of its writing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dataset", "0007_values_that_can_be_kept")]

    operations = [migrations.RemoveIndex(model_name="annotation", name="annotation_by_object")]
