"""Processes of this machine: recognise one by pid file, stop one, run one as a lesser user."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path

import psutil

from embedded.failures import ServerFailed

SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107 on Linux, 103 on macOS
DATABASE_ACCOUNT = "halfday"  # Postgres refuses to run as root, so root lends it this account


def find(pid: int, marker: str) -> psutil.Process | None:
    """Return the live process `pid` if `marker` stands in its command line; a recycled pid gives None."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or marker not in " ".join(process.cmdline()):
            return None
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process


def has_ended(child: int) -> bool:
    """Whether the child process `child` of this process is over; reaps it."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True


def stop(process: psutil.Process, *, signals: list[int], patience: float = 20.0) -> None:
    """Send each signal in turn, waiting up to `patience` seconds after each, and SIGKILL at last."""
    for number in [*signals, signal.SIGKILL]:
        try:
            process.send_signal(number)
            process.wait(patience)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue


def package_folder(name: str) -> Path:
    """Where an installed package lies, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(f"The Python package {name} is not installed.", advice="Run: ./halfday up")
    return Path(next(iter(spec.submodule_search_locations)))


def socket_folder(folder: Path, name: str) -> Path:
    """Where the unix socket `name` goes: `folder`, or a temporary one where that path is too long for a socket."""
    if len(os.fsencode(folder / name)) <= SOCKET_PATH_LIMIT:
        return folder
    short = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"halfday-{short}"


def ensure_private(folder: Path, account: pwd.struct_passwd | None = None) -> None:
    """Make `folder` one that only this user, or `account`, can enter; refuse one that somebody else made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    owners = {os.geteuid()} | ({account.pw_uid} if account else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        advice = "Start Halfday as the user who owns it, or set HALFDAY_HOME to another folder."
        raise ServerFailed(f"{folder} belongs to another user.", advice=advice)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def marked(mark: str, value: str) -> list[psutil.Process]:
    """Processes whose environment holds `mark` = `value`, this one excepted."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(mark) == value:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def stop_all(found: list[psutil.Process], *, patience: float) -> None:
    """Ask all to end, and kill those that have not done so after `patience` seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        _, found = psutil.wait_procs(found, timeout=patience if number == signal.SIGTERM else 5)


def database_account() -> pwd.struct_passwd | None:
    """The account that Postgres runs as: None for the present user, another one when that is root."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(DATABASE_ACCOUNT)
    if shutil.which("useradd"):
        add = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", DATABASE_ACCOUNT]
        subprocess.run(add, check=False, capture_output=True)  # two first starts may race; the name decides
    try:
        return pwd.getpwnam(DATABASE_ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")


def let_others_reach(path: Path) -> None:
    """Let other users pass through the folders above `path` (search only: their contents stay unlisted)."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def let_others_read(folder: Path) -> None:
    """Open a folder of installed programs to other users, as a strict umask may have closed it."""
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IRGRP | stat.S_IROTH
        if mode & stat.S_IXUSR:
            wanted |= stat.S_IXGRP | stat.S_IXOTH
        if wanted != mode:
            path.chmod(wanted)


def become(account: pwd.struct_passwd | None) -> None:
    """Give up root for good in this process, in favour of `account`."""
    if account is None:
        return
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ["HOME"] = "/"
