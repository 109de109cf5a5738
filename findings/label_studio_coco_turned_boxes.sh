#!/usr/bin/env bash
# label-studio-sdk 2.1.2 turns a rectangle in percent units when it writes COCO: on an image that is not square the
# percent of x and of y are of different length, so the box around the turned rectangle is wrong in place and size.
# Seen: 200 × 100 pixels at (400, 100) of 800 × 400, turned by 30 degrees about that corner. The box around it is
# [350, 100, 223.2, 186.6] (left, top, width, height); the file has [300, 100, 273.2, 136.6]. No error, no warning.
# Run: findings/label_studio_coco_turned_boxes.sh; exits with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'label-studio-sdk==2.1.2' 2>"$folder/pip.log" || { cat "$folder/pip.log"; exit 2; }
cat >"$folder/look.py" <<'PY'
import json
import math
import sys
from importlib.metadata import version
from pathlib import Path

from label_studio_sdk.converter import Converter
from PIL import Image

folder = Path(sys.argv[1])
(folder / "images").mkdir()
Image.new("RGB", (800, 400)).save(folder / "images" / "a.jpg")
value = {"x": 50, "y": 25, "width": 25, "height": 25, "rotation": 30, "rectanglelabels": ["cat"]}
region = {"original_width": 800, "original_height": 400, "image_rotation": 0, "value": value, "id": "a"}
region |= {"from_name": "label", "to_name": "image", "type": "rectanglelabels"}
annotation = {"id": 1, "completed_by": 1, "result": [region], "was_cancelled": False, "created_at": "2026-01-01"}
tasks = [{"id": 1, "data": {"image": "a.jpg"}, "annotations": [annotation], "predictions": []}]
(folder / "tasks.json").write_text(json.dumps(tasks))
config = '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image">'
config += '<Label value="cat"/></RectangleLabels></View>'
converter = Converter(config, str(folder), download_resources=False)
images = str(folder / "images")
converter.convert_to_coco(str(folder / "tasks.json"), str(folder / "coco"), output_image_dir=images, is_dir=False)
(found,) = json.loads((folder / "coco" / "result.json").read_text())["annotations"]
angle = math.radians(30)
right = [400 - 100 * math.sin(angle), 100, 200 * math.cos(angle) + 100 * math.sin(angle)]
right.append(200 * math.sin(angle) + 100 * math.cos(angle))
print("label-studio-sdk", version("label-studio-sdk"), "writes", [round(side, 1) for side in found["bbox"]], end="")
print(", right is", [round(side, 1) for side in right])
sys.exit([round(side, 1) for side in found["bbox"]] != [300.0, 100.0, 273.2, 136.6])
PY
"$folder/venv/bin/python" "$folder/look.py" "$folder" 2>"$folder/err.log" || { cat "$folder/err.log"; echo "not as described"; exit 1; }
