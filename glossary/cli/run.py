"""Commands that make the database and serve it: ``build``, ``serve``."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from glossary.cli.common import OK, WOULD_LOSE, Command, settings_of
from glossary.errors import InvalidValue
from glossary.settings import Settings, place_of

GRACE = 8
"""Seconds that a server which was told to stop gives to what was begun."""


def _serve_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    made.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    made.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default 1)")
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

    from glossary.model.package import read_package
    from glossary.store.build import build

    package = read_package(settings.data)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=len(package.entries))

        def progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return build(package, settings.database_url, progress, reason=reason, discard=discard, if_missing=if_missing)


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from glossary.store.reader import is_made
    from glossary.store.start import check_start

    settings = settings_of(options)
    if not 0 <= options.port <= 65535:
        raise InvalidValue("--port", options.port, "give a number from 0 to 65535")
    if options.workers < 1:
        raise InvalidValue("--workers", options.workers, "give a number from 1 on")
    settings.address("")
    _free(options.host, options.port)
    if options.build or not is_made(settings.database_url):
        _built_apart(settings, "--if-missing" if not options.build else "")
    check_start(settings.database_url)
    signal.signal(signal.SIGTERM, _ended)
    os.environ["GLOSSARY_DATABASE_URL"] = settings.database_url
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        reload=options.reload,
        http="api.turns:InTurn",
        proxy_headers=False,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_worker_healthcheck=30,
    )
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
}
