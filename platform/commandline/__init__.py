"""What `./halfday` can do: one line per command. Standard library only: runs before any set-up.

A command is a module with `main(arguments: list[str]) -> int`, run by the Python of the virtual environment with
`platform/` and the repository on its path. A part that adds a command adds one line here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """Where a command's `main` is, and what `--help` says of it."""

    module: str
    help: str


COMMANDS = {
    "demo": Command("commandline.demo", "replay the experiment on generated scenes, or on --data FOLDER"),
    "replay": Command("commandline.replay", "do an iteration again from its LEDGER.json, and say which figures differ"),
    "up": Command("commandline.up", "start the platform and stay in the foreground (Ctrl-C stops it)"),
    "dev": Command("commandline.dev", "like up, for changing the code: a saved file is seen within seconds"),
    "inspect": Command("commandline.inspect", "what an import of a folder or zip would bring, and why not all"),
    "test": Command("commandline.test", "run all tests; arguments go to pytest"),
    "check": Command(
        "commandline.check", "format, lint, types, OpenAPI …; --fix repairs, --changed looks at changed files"
    ),
    "evaluate": Command("commandline.evaluate", "COCO's figures of GT.json DT.json, without a server"),
    "compare": Command("commandline.compare", "GT.json A.json B.json: is B better, with interval and verdict"),
    "gate": Command(
        "commandline.gate", "GT.json NOW.json NEW.json --rules R.yaml, or --candidate ID: may it be promoted"
    ),
    "errors": Command("commandline.errors", "what each type of error costs in GT.json DT.json (TIDE)"),
    "query": Command("client.query", "the images that a query line finds: query DATASET 'line' [--count|--ids|--json]"),
    "improve": Command(
        "client.improve", "the next best step of DATASET and its machine's part: [--minutes 30] [--yes] [--once]"
    ),
    "experiment": Command(
        "client.experiment",
        "does more data help RUN? treatment and control over seeds: [--seeds 3] [--wait]; or show ID",
    ),
    "export": Command(
        "client.export", "CHECKPOINT as onnx, openvino or torchscript, checked against it: --form openvino [--out FILE]"
    ),
    "backup": Command("commandline.backup", "database and storage as one FILE, while the platform runs"),
    "restore": Command("commandline.restore", "fill a fresh HALFDAY_HOME from a backup, checked by hash"),
    "doctor": Command("commandline.doctor", "what is wrong with this installation, and how to mend it"),
    "manage": Command("commandline.manage", "Django's management commands, with the database running"),
}
