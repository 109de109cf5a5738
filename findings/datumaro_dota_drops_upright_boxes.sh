#!/usr/bin/env bash
# datumaro 1.13.12 writes only turned boxes into DOTA: ordinary ones are left out, without an error or a warning, and
# their images get an empty label file, which says that nothing is there. (The other way round, turned boxes are missing
# from its COCO and VOC.) DOTA holds any four corners, so an upright box has a line there: "4 6 20 6 20 30 4 30 pot 0".
# Seen: two boxes in, one line out. Run: findings/datumaro_dota_drops_upright_boxes.sh; exits with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'datumaro==1.13.12' 2>"$folder/pip.log" || { cat "$folder/pip.log"; exit 2; }
cat >"$folder/look.py" <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from datumaro.components.annotation import Bbox, RotatedBbox
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image

folder = Path(sys.argv[1])
upright, turned = Bbox(4, 6, 16, 24, label=0), RotatedBbox(40, 20, 10, 4, 30, label=0)
pixels = np.zeros((48, 64, 3), np.uint8)
items = [
    DatasetItem(id=name, subset="train", media=Image.from_numpy(data=pixels), annotations=found)
    for name, found in (("both", [upright, turned]), ("upright", [upright]))
]
Dataset.from_iterable(items, categories=["pot"]).export(str(folder / "dota"), "dota", save_media=True)
lines = {path.stem: path.read_text().split("\n")[:-1] for path in sorted(folder.glob("dota/**/labelTxt/*.txt"))}
lines = {name: [line for line in found if line.strip()] for name, found in lines.items()}
print("datumaro", version("datumaro"), "writes", lines)
sys.exit([len(found) for found in lines.values()] != [1, 0])
PY
"$folder/venv/bin/python" "$folder/look.py" "$folder" 2>"$folder/err.log" || { cat "$folder/err.log"; echo "not as described"; exit 1; }
