"""Objects are looked up by their image; an index by object number alone cost every import a fifth of its writing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dataset", "0006_class_earlier_names")]

    operations = [migrations.RemoveIndex(model_name="annotation", name="annotation_by_object")]
