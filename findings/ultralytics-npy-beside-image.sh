#!/usr/bin/env bash
# ultralytics-opencv-headless 8.4.190 (AGPL-3.0): training takes `a.npy` that lies beside `a.jpg` for the image's decoded
# pixels, whoever wrote it, and writes over it or deletes it, although no cache was asked for (cache=False).
#
# Expected: with cache=False, files of the data set are read only, and `a.npy` (a depth map, features, a mask …) means nothing.
# Seen:     1. an array of 3 channels and 8 bits is trained on in the place of the picture
#           2. an array of other channels or of 16 bits is overwritten with the picture's pixels
#           3. a file that is no array is deleted
# Where:    ultralytics/data/base.py, BaseDataset.load_image, which looks only at the name and the time of change.
#
# Needs Python 3.11 or newer; installs into a temporary folder. With PYTHON=… it uses that interpreter's packages instead.
# Exit code 0: it is so. Otherwise the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet ultralytics-opencv-headless==8.4.190
    python="$work/venv/bin/python"
fi
export YOLO_CONFIG_DIR="$work/settings" YOLO_OFFLINE=true
cd "$work"
"$python" - <<'PYTHON'
import importlib.metadata
import os
from pathlib import Path

import cv2
import numpy as np

version = importlib.metadata.version("ultralytics-opencv-headless")
print("ultralytics-opencv-headless", version)
assert version == "8.4.190", "this is about 8.4.190"

from ultralytics.cfg import get_cfg
from ultralytics.data.dataset import YOLODataset

folder = Path("set/images")
folder.mkdir(parents=True)
Path("set/labels").mkdir()
given = {
    "a": np.full((64, 64, 3), 7, np.uint8),  # somebody's array of the picture's shape
    "b": np.arange(64 * 64, dtype=np.uint16).reshape(64, 64),  # somebody's depth map
    "c": None,  # somebody's file that is no array
}
for name, array in given.items():
    cv2.imwrite(str(folder / f"{name}.png"), np.full((64, 64, 3), 200, np.uint8))
    Path(f"set/labels/{name}.txt").write_text("0 0.5 0.5 0.5 0.5\n")
    if array is None:
        (folder / f"{name}.npy").write_bytes(b"features of a tool of ours")
    else:
        np.save(folder / f"{name}.npy", array)
    os.utime(folder / f"{name}.npy", (2e9, 2e9))  # later than the picture

images = YOLODataset(
    img_path=str(folder), imgsz=64, cache=False, augment=False, hyp=get_cfg(), data={"names": {0: "x"}, "channels": 3}
)
means = {Path(path).stem: float(images.load_image(place)[0].mean()) for place, path in enumerate(images.im_files)}
print("mean of the pixels that are trained on, where all pictures are 200:", means)
depth = np.load(folder / "b.npy")
print("b.npy was (64, 64) uint16 and is", depth.shape, depth.dtype)
print("c.npy is", "there" if (folder / "c.npy").exists() else "gone")
assert means == {"a": 7.0, "b": 200.0, "c": 200.0}
assert depth.shape == (64, 64, 3) and depth.dtype == np.uint8
assert not (folder / "c.npy").exists()
print("It is so.")
PYTHON
