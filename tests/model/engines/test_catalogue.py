"""The list of baselines."""

import ast
from pathlib import Path

from model.engines import architecture, architectures, present_name

ENGINES = Path(__file__).parents[3] / "model" / "engines"


def test_it_works():
    names = [a.name for a in architectures()]
    assert len(set(names)) == len(names)
    assert {"road11t", "yolo26n", "yolo11x", "yolov6l6", "plain-l", "rtdetr-l"} <= set(names)
    assert architecture("yolo26m").title == "YOLO26-M"
    assert architecture("yolo26m").pretrained == "yolo26m.pt"
    assert architecture("yolov6l6").title == "YOLOv6-L6"
    assert architecture("yolov6l6").pretrained == "yolov6l6.pt"
    assert architecture("plain-l").pretrained == ""
    assert architecture("no such") is None


def test_another_network_no_longer_bears_meituans_name():
    assert architecture("yolov6l") is None
    assert present_name("yolov6l") == "plain-l"
    assert all(a.engine == "yolov6" for a in architectures() if "yolov6" in a.name.lower() + a.title.lower())


def test_larger_sizes_cost_more():
    for family in ("YOLO26", "YOLO11", "YOLOv6", "RT-DETRv2", "D-FINE", "DEIMv2"):
        sizes = [a for a in architectures() if a.family == family]
        assert [a.gflops for a in sizes] == sorted(a.gflops for a in sizes)
        assert [a.parameters for a in sizes] == sorted(a.parameters for a in sizes)


def test_ultralytics_is_imported_in_its_folder_alone():
    root = ENGINES.parents[1]
    folders = ("platform", "curate", "label", "model", "demo", "client", "benchmarks")
    for path in (p for folder in folders for p in (root / folder).rglob("*.py")):
        inside = ENGINES / "ultralytics" in path.parents
        assert inside or "ultralytics" not in _imported(path), path


def test_transformers_is_imported_in_its_folder_alone():
    """And never in what the list of baselines needs, nor in what looks at a file that somebody brought."""
    root = ENGINES.parents[1]
    for path in (
        p for folder in ("platform", "curate", "label", "model", "demo") for p in (root / folder).rglob("*.py")
    ):
        inside = ENGINES / "transformers" in path.parents and path.name not in ("baselines.py", "foreign.py")
        assert inside or "transformers" not in _imported(path), path


def test_who_suppresses_overlaps():
    assert architecture("yolo11n").nms
    assert not architecture("yolo26n").nms
    assert not architecture("rtdetr-l").nms
    assert not architecture("dfine-s").nms


def _imported(path):
    """Top-level names that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names
