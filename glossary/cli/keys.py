"""The command for the keys of those who may write: ``keys``."""

from __future__ import annotations

import argparse

from glossary.cli.common import OK, Command, as_json, print_json, settings_of
from glossary.model.vocabulary import ROLES

_DAYS = 365


def _arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("action", choices=("create", "list", "revoke"), help="what to do")
    made.add_argument("name", nargs="?", default="", help="whose key it is, or what for; names are never used twice")
    made.add_argument("--role", default="", help=f"what the key may do: {', '.join(ROLES)}, each all that those before it may")  # fmt: skip
    made.add_argument("--days", type=int, default=_DAYS, help=f"how long it is valid (default {_DAYS})")


def _keys(options: argparse.Namespace) -> int:
    from glossary.store import keys

    url = settings_of(options).database_url
    if options.action == "create":
        token = keys.create(url, options.name, options.role, options.days)
        if options.json:
            print_json({"name": options.name, "role": options.role, "key": token})
        else:
            print(token)
        return OK
    if options.action == "revoke":
        keys.revoke(url, options.name)
        print(f"{options.name} is revoked")
        return OK
    found = keys.listed(url)
    if options.json:
        print_json([key._asdict() for key in found])
    for key in () if options.json else found:
        state = f"revoked {key.revoked}" if key.revoked else f"valid until {key.expires}"
        print(f"{key.name}: {key.role}, {state}, last used {key.used or 'never'}")
    return OK


COMMANDS = {
    "keys": Command(_keys, "Make, list and revoke the keys of those who may write.", _arguments),
}
