#!/usr/bin/env bash
# datumaro 1.13.12 reads CreateML's x and y as the box's top left corner. They are its middle: Apple, "Building an Object
# Detector Data Source": "the x and y coordinates of the bounding box's center"; Roboflow writes them so.
# Seen: a box of 20 × 10 pixels about (30, 20), which is [20, 15, 40, 25], comes in as [30, 20, 50, 30]: moved by half its
# width and height. No error, no warning. Run: findings/datumaro_createml_corner.sh; exits with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'datumaro==1.13.12' 2>"$folder/pip.log" || { cat "$folder/pip.log"; exit 2; }
mkdir -p "$folder/data/train"
cat >"$folder/data/train/_annotations.createml.json" <<'JSON'
[{"image": "a.jpg", "annotations": [{"label": "pot", "coordinates": {"x": 30, "y": 20, "width": 20, "height": 10}}]}]
JSON
cat >"$folder/look.py" <<'PY'
import sys
from importlib.metadata import version

from datumaro.components.dataset import Dataset
from PIL import Image

folder = sys.argv[1]
Image.new("RGB", (64, 48)).save(f"{folder}/train/a.jpg")
(box,) = [box.points for item in Dataset.import_from(folder, "roboflow_create_ml") for box in item.annotations]
print("datumaro", version("datumaro"), "reads", box, "- the middle is (30, 20), so right is [20, 15, 40, 25]")
sys.exit(box != [30.0, 20.0, 50.0, 30.0])
PY
"$folder/venv/bin/python" "$folder/look.py" "$folder/data" 2>"$folder/err.log" || { cat "$folder/err.log"; echo "not as described"; exit 1; }
