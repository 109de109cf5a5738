"""The engine on Hugging Face's transformers (Apache-2.0). Nothing outside this folder imports that library.

Networks and their losses are the library's, each built from values written here (`families`): nothing is ever
downloaded. Training loop, data, checkpoint format, prediction and conversion are ours.
"""

import os

# Before the library is first imported, in this process and its children: no hub, no telemetry, no advice.
os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    TRANSFORMERS_VERBOSITY="error",
    TRANSFORMERS_NO_ADVISORY_WARNINGS="1",
)
