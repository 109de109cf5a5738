"""How a network's classes and a dataset's fit together."""

from model.class_names import ClassMapping, class_ids, class_mapping


def test_it_works() -> None:
    mapping = class_mapping(of_weights=["car", "dog", "Bus"], of_dataset=["bus", "car ", "rider"])
    assert mapping == ClassMapping(kept=["bus", "car "], new=["rider"], dropped=["dog"])


def test_weights_without_classes_keep_nothing() -> None:
    assert class_mapping(of_weights=[], of_dataset=["car"]) == ClassMapping(kept=[], new=["car"], dropped=[])


def test_class_ids_go_by_name_and_not_by_place() -> None:
    assert class_ids(["dog", "Car", "bus"], [(10, "car"), (11, "bus")]) == [None, 10, 11]
