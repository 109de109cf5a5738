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
    for family in ("YOLO26", "YOLO11", "YOLOv6"):
        sizes = [a for a in architectures() if a.family == family]
        assert [a.gflops for a in sizes] == sorted(a.gflops for a in sizes)
        assert [a.parameters for a in sizes] == sorted(a.parameters for a in sizes)


def test_ultralytics_is_imported_in_its_folder_alone():
    root = ENGINES.parents[1]
    folders = ("platform", "curate", "label", "model", "demo", "client", "benchmarks")
    for path in (p for folder in folders for p in (root / folder).rglob("*.py")):
        inside = ENGINES / "ultralytics" in path.parents
        assert inside or "ultralytics" not in _imported(path), path


def _imported(path):
    """Top-level names that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names
