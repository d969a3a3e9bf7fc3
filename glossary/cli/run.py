"""Commands that make the database and serve it: ``build``, ``serve``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import ceil
from typing import TYPE_CHECKING, Any

from glossary.cli.common import OK, WOULD_LOSE, Command, as_json, print_json, settings_of
from glossary.errors import InvalidValue
from glossary.settings import Settings, place_of

GRACE = 8
"""Seconds that a server which was told to stop gives to what was begun."""

if TYPE_CHECKING:
    from glossary.serving import Serving


def _serve_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("--host", help="address to listen on (else GLOSSARY_HOST, 127.0.0.1)")
    made.add_argument("--port", type=int, help="port to listen on (else GLOSSARY_PORT, 8000)")
    made.add_argument("--workers", type=int, metavar="N", help="processes (else GLOSSARY_WORKERS, 1)")
    made.add_argument("--build", action="store_true", help="build the database first, even if there is one")
    made.add_argument("--reload", action="store_true", help="start anew when the code changes")


def _build_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("--reason", default="", help="why, for the history of the entries that change")
    made.add_argument("--if-missing", action="store_true", help="leave a glossary that is there as it is")
    made.add_argument("--discard", action="store_true", help="lose what was imported into the database and is not in the data")  # fmt: skip


def _build(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    revision = _built(settings, options.reason, options.discard, options.if_missing)
    print(f"{place_of(settings.database_url)} is at revision {revision}")
    return OK


def _built(settings: Settings, reason: str, discard: bool, if_missing: bool) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from glossary.cli.stopping import until_stopped
    from glossary.store.build import build_folder

    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with until_stopped() as go_on, bar:
        task = bar.add_task("reading", total=None)

        def progress(step: str, done: int, total: int) -> None:
            go_on()
            bar.update(task, description=step, completed=done, total=total)

        return build_folder(
            settings.data, settings.database_url, progress, reason=reason, discard=discard, if_missing=if_missing
        )


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from glossary.store.reader import is_made
    from glossary.store.start import check_start

    settings = settings_of(options)
    if options.port is not None and not 0 <= options.port <= 65535:
        raise InvalidValue("--port", options.port, "give a number from 0 to 65535")
    if options.workers is not None and options.workers < 1:
        raise InvalidValue("--workers", options.workers, "give a number from 1 on")
    serving = _serving(options)
    settings.address("")
    _free(serving.host, serving.port)
    if options.build or not is_made(settings.database_url):
        _built_apart(settings, "--if-missing" if not options.build else "")
    check_start(settings.database_url)
    signal.signal(signal.SIGTERM, _ended)
    os.environ |= {"GLOSSARY_DATABASE_URL": settings.database_url, "GLOSSARY_WORKERS": str(serving.workers)}
    _more_files()
    _hear_of_deaths()
    with _counts(serving.workers):
        uvicorn.run(
            "api.app:create_app",
            factory=True,
            host=serving.host,
            port=serving.port,
            workers=serving.workers,
            reload=options.reload,
            http="api.turns:InTurn",
            timeout_keep_alive=ceil(serving.keep_alive),
            log_config=_logging(serving),
            proxy_headers=False,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            timeout_worker_healthcheck=30,
        )
    return OK


def _serving(options: argparse.Namespace) -> Serving:
    """How to serve, as flags and settings have it; the limits of requests are looked at before a process begins."""
    from glossary.serving import Limits, Serving, unknown_settings

    flags = {"host": options.host, "port": options.port, "workers": options.workers}
    Limits.read()
    for name in unknown_settings():
        print(f"glossary: there is no setting {name}: see `glossary settings`", file=sys.stderr)
    return Serving.read({name: value for name, value in flags.items() if value is not None})


def _logging(serving: Serving) -> dict[str, Any]:
    """What `logging.config.dictConfig` is told in each process; the application brings the handler."""
    to_stderr = {"handlers": ["stderr"], "level": serving.log_level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"()": "api.logs.handler", "kind": serving.log, "every": serving.log_reads}},
        "loggers": {"uvicorn": to_stderr, "glossary": to_stderr},
    }


@contextmanager
def _counts(workers: int) -> Iterator[None]:
    """A folder in which several processes tell each other what they have counted, for /metrics."""
    import tempfile

    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="glossary-counts-", ignore_cleanup_errors=True) as folder:
        os.environ["GLOSSARY_COUNTS_FOLDER"] = folder
        yield


def _more_files() -> None:
    """As many open files as the system allows: each connection is one."""
    with suppress(ImportError, OSError, ValueError):  # not everywhere, and not more than there are
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _hear_of_deaths() -> None:
    """Let a worker that is killed while it is asked whether it lives be missed at once.

    uvicorn (0.54) keeps the worker's end of their pipe open in the supervisor too, so that nothing says it is closed and
    the supervisor waits for all of `timeout_worker_healthcheck`: for a new worker, and before it hears a signal.
    """
    from uvicorn.supervisors.multiprocess import Process

    start = Process.start

    def start_and_let_go(worker: Process) -> None:
        start(worker)
        worker.child_conn.close()

    Process.start = start_and_let_go  # type: ignore[method-assign, assignment]


def _settings(options: argparse.Namespace) -> int:
    from glossary.serving import every_setting, unknown_settings

    found = every_setting(options.database, options.data)
    if options.json:
        print_json([setting._asdict() for setting in found])
    for setting in () if options.json else found:
        print(f"{setting.name}={setting.value}  ({setting.origin}) {setting.about}")
    for name in unknown_settings():
        print(f"glossary: there is no setting {name}", file=sys.stderr)
    return OK


def _ended(_number: int, _frame: object) -> None:
    """A server that was told to stop, and has, ended well; uvicorn would let the signal kill it in the end."""
    raise SystemExit(OK)


def _free(host: str, port: int) -> None:
    """Raise `InvalidValue` where nothing can listen there."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except (OSError, UnicodeError) as error:
        raise InvalidValue("--host and --port", f"{host}:{port}", f"nothing can listen there ({error})") from error


def _built_apart(settings: Settings, *words: str) -> None:
    """Build in a process of its own, so that the serving one never loads what only building needs."""
    import subprocess

    where = ["--database", settings.database_url, "--data", str(settings.data)]
    done = subprocess.run([sys.executable, "-m", "glossary", "build", *where, *filter(None, words)], check=False)
    if done.returncode == WOULD_LOSE:
        print("glossary: served as it is", file=sys.stderr)
    elif done.returncode:
        raise SystemExit(done.returncode)


COMMANDS = {
    "build": Command(_build, "Make the database from the data, all or nothing.", _build_arguments),
    "serve": Command(
        _serve, "Serve the glossary over HTTP; builds the database first if there is none.", _serve_arguments
    ),
    "settings": Command(_settings, "Every setting, its value and where that comes from.", as_json),
}
