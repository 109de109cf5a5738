"""What is too large to be taken in. Without Django, for the command line; the settings repeat them."""

import os

MAX_IMAGE_PIXELS = int(os.environ.get("HALFDAY_MAX_IMAGE_PIXELS", "90000000"))  # more is a decompression bomb
MAX_UPLOAD_BYTES = int(os.environ.get("HALFDAY_MAX_UPLOAD_BYTES", str(20 * 1024**3)))  # of an archive, unpacked
