"""How the class list of weights fits a dataset's."""

from dataset.models import Dataset
from model.class_names import ClassChanges, class_changes
from model.models import Checkpoint
from model.services.training_data import trained_classes


def changes_of_classes(checkpoint: Checkpoint, dataset: Dataset) -> ClassChanges:
    """What becomes of the classes when a training on the newest labels goes on from these weights."""
    classes = [(one.name, one.earlier_names) for one in trained_classes(dataset, dataset.head_revision)]
    return class_changes(of_weights=checkpoint.classes, of_dataset=classes)
