"""How a network's classes and a dataset's fit together."""

from model.class_names import ClassMapping, Renamed, class_changes, class_ids, class_mapping, renamed_names


def test_it_works() -> None:
    mapping = class_mapping(of_weights=["car", "dog", "Bus"], of_dataset=["bus", "car ", "rider"])
    assert mapping == ClassMapping(kept=["bus", "car "], new=["rider"], dropped=["dog"])


def test_weights_without_classes_keep_nothing() -> None:
    assert class_mapping(of_weights=[], of_dataset=["car"]) == ClassMapping(kept=[], new=["car"], dropped=[])


def test_class_ids_go_by_name_and_not_by_place() -> None:
    assert class_ids(["dog", "Car", "bus"], [(10, "car"), (11, "bus")]) == [None, 10, 11]


def test_a_changed_class_list_is_mapped_by_name_and_by_earlier_names() -> None:
    """Added, renamed, removed, in another order, and two merged into one."""
    found = class_changes(
        of_weights=["Car", "pedestrian", "van", "truck", "dog"],
        of_dataset=[("rider", []), ("person", ["pedestrian"]), ("car", []), ("lorry", ["van", "truck"])],
    )
    assert found.kept == ["car"]
    assert found.renamed == [Renamed("person", ["pedestrian"]), Renamed("lorry", ["truck", "van"])]
    assert (found.new, found.dropped, found.reordered) == (["rider"], ["dog"], True)


def test_renamed_classes_of_weights_are_called_as_they_are_now() -> None:
    assert renamed_names(["Car", "Pedestrian"], {"pedestrian": "person"}) == ["Car", "person"]
