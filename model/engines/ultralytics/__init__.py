"""The ultralytics engine (AGPL-3.0). Nothing outside this folder imports ultralytics.

We use its networks, losses and augmentation; the training loop, the checkpoint format, prediction and suppression are
ours.
Import it only in an engine process, whose environment keeps the library offline (`model.engines.environment`).
"""

from PIL import Image

_open = Image.open
import ultralytics.utils.patches  # noqa: E402, F401

Image.open = _open  # the library replaces it for the whole process, with one that runs pip on a file that is no picture
