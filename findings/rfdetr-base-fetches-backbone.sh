#!/usr/bin/env bash
# rfdetr 1.11.2 (Apache-2.0): RFDETRBase asks huggingface.co for DINOv2's weights while it is built, although it was told
# to take no weights. Nano does not.
#
# Expected: with pretrain_weights=None nothing is fetched, in any size.
# Seen:     RFDETRBase(pretrain_weights=None) looks for facebook/dinov2-small; without a network it fails, after retries of
#           a minute and a half, with an OSError that speaks of a missing file.
# Where:    rfdetr/models/backbone/dinov2.py: the weights are left out only where patch size or table of places differ from
#           DINOv2's own (the log says so); those of "base" are the same. pretrain_weights is of the detector's file alone.
#
# Needs Python 3.11 or newer; installs into a temporary folder. With PYTHON=… it uses that interpreter's packages instead.
# Nothing is fetched but the packages: names of hosts are noted, not looked up. Exit code 0: it is so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet rfdetr==1.11.2 transformers==5.24.0 torch==2.15.0 torchvision==0.29.2
    python="$work/venv/bin/python"
fi
export HF_HOME="$work/hub"
cd "$work"
"$python" - 2>/dev/null <<'PYTHON'
import importlib.metadata
import socket

version = importlib.metadata.version("rfdetr")
print("rfdetr", version)
assert version == "1.11.2", "this is about 1.11.2"


class Asked(BaseException):
    """Somebody wants to reach a host; no retries."""


def note(host, *_, **__):
    raise Asked(host if isinstance(host, str) else host.decode())


from rfdetr import RFDETRBase, RFDETRNano

socket.getaddrinfo = note
RFDETRNano(pretrain_weights=None)
print("RFDETRNano: built, nothing asked for")
try:
    RFDETRBase(pretrain_weights=None)
except Asked as asked:
    print("RFDETRBase: asks for", asked)
    assert "huggingface" in str(asked)
else:
    raise SystemExit("RFDETRBase was built: the behaviour has changed.")
print("It is so.")
PYTHON
