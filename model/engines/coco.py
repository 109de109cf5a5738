"""COCO's 80 classes in the order of the published weights, whose files name none."""

COCO_CLASSES = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant",
    "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard",
    "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange", "broccoli",
    "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet",
    "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink",
    "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip


UNUSED = (0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83)  # of the numbers 0 to 90, which COCO gives to no class


def _by_number() -> tuple[str, ...]:
    """Names by COCO's own numbers, which some networks have as their 91 classes."""
    names = iter(COCO_CLASSES)
    return tuple(f"class {number}" if number in UNUSED else next(names) for number in range(91))


COCO_NUMBERS = _by_number()


def class_names_for(count: int) -> tuple[str, ...]:
    """Names of classes that a file does not tell; of 80 and of 91 they are COCO's."""
    known = {len(COCO_CLASSES): COCO_CLASSES, len(COCO_NUMBERS): COCO_NUMBERS}
    return known.get(count) or tuple(f"class {number}" for number in range(count))


def unnamed_classes(names: tuple[str, ...]) -> str:
    """What to say of classes that a file does not name; nothing of COCO's."""
    if names in (COCO_CLASSES, COCO_NUMBERS):
        return ""
    return f" Such files name no classes; here they are called {names[0]} to {names[-1]}."
