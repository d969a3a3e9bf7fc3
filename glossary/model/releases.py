"""Releases: the glossary frozen at a moment, so that what was cited can be found as it was.

A release is one file, ``data/releases/VERSION.jsonl.xz``. Its first line is the manifest (number, date, figures, the
SHA-256 of every entry's bytes and of the whole, what changed since the release before, and a seal over all of this and
over the manifest of the release before); each other line is the JSON of
an entry as it was sent then, if no earlier release has the same bytes. So the files together hold every release, and
a server that is built anew from them answers with the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from glossary.model.changes import changes
from glossary.model.document import encode
from glossary.model.problems import Problem

FOLDER = "releases"
VERSION = r"[0-9]{4}\.(0[1-9]|1[0-2])(\.[1-9][0-9]{0,2})?"
"""Year and month, and a number from the second release of a month on: 2026.11, 2026.11.1."""
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_ENDING = ".jsonl.xz"
_REMEDY = "restore the file from the repository: a release never changes"


class Release(NamedTuple):
    """``manifest`` as described above; ``bodies`` are the entries' JSON by SHA-256 that no earlier release has."""

    version: str
    manifest: dict[str, Any]
    bodies: dict[str, bytes]

    @property
    def card(self) -> dict[str, Any]:
        """The manifest with its changes counted and without the digests of its entries."""
        short = {name: value for name, value in self.manifest.items() if name not in ("entries", "changes")}
        told = Counter(change["action"] for change in self.manifest["changes"])
        return short | {"changes": {action: told[action] for action in ("added", "changed", "withdrawn")}}

    @property
    def manifest_sha256(self) -> str:
        """By which the release after it is sure of this one."""
        return digest(encode(self.manifest))


def in_order(version: str) -> tuple[int, ...]:
    """By which versions are sorted."""
    return tuple(map(int, version.split(".")))


def digest(body: bytes) -> str:
    """SHA-256 of an entry's bytes, in hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


def made(
    version: str,
    date: str,
    note: str,
    figures: Mapping[str, Any],
    entries: Mapping[str, bytes],
    withdrawn: Mapping[str, str],
    before: Mapping[str, bytes],
    previous: str,
    known: Iterable[str],
    reasons: Mapping[str, str],
    previous_sha256: str = "",
) -> Release:
    """A release of these entries (JSON by id).

    ``before`` are those of the release ``previous`` (empty for the first), ``known`` the digests that any earlier release
    has, ``reasons`` why an entry changed, where somebody said so, ``previous_sha256`` of the manifest of the release before.
    """
    digests = {id: digest(body) for id, body in entries.items()}
    told = [
        _told(id, before.get(id, b""), entries.get(id, b""), withdrawn, reasons) for id in sorted({*entries, *before})
    ]
    manifest = {
        "version": version,
        "date": date,
        "previous": previous or None,
        "note": note or None,
        "counts": dict(figures),
        "digest": whole(digests),
        "entries": digests,
        "withdrawn": dict(withdrawn),
        "changes": [change for change in told if change] if previous else [],
    }
    had = set(known)
    return Release(
        version,
        sealed(manifest, previous_sha256),
        {digests[id]: body for id, body in entries.items() if digests[id] not in had},
    )


def _told(
    id: str, before: bytes, after: bytes, withdrawn: Mapping[str, str], reasons: Mapping[str, str]
) -> dict[str, Any] | None:
    """What happened to an entry since the release before; None where nothing did."""
    if before == after:
        return None
    told: dict[str, Any] = {"id": id, "action": "changed", "reason": reasons.get(id) or None, "changes": []}
    if not before:
        return told | {"action": "added"}
    if not after:
        return told | {"action": "withdrawn", "replaced_by": withdrawn.get(id)}
    return told | {"changes": changes(json.loads(before), json.loads(after))}


def whole(digests: Mapping[str, str]) -> str:
    """The SHA-256 of all: of a line ``id sha256`` for each entry, in the order of their ids."""
    return digest("".join(f"{id} {found}\n" for id, found in sorted(digests.items())).encode())


def sealed(manifest: Mapping[str, Any], previous: str) -> dict[str, Any]:
    """The manifest with two more fields at its end: ``previous_sha256``, of the manifest of the release before (null for
    the first), and ``seal``, the SHA-256 of the JSON of all other fields. So nothing in it can change unseen, nor in
    those before it.
    """
    made = dict(manifest) | {"previous_sha256": previous or None}
    return made | {"seal": digest(encode(made))}


def packed(release: Release) -> bytes:
    """The file."""
    lines = [encode(release.manifest), *(release.bodies[key] for key in sorted(release.bodies))]
    return lzma.compress(b"\n".join(lines), preset=9)


def file_of(folder: Path, version: str) -> Path:
    """Where a release lies in the data package."""
    return folder / FOLDER / f"{version}{_ENDING}"


def load_releases(folder: Path) -> tuple[tuple[Release, ...], list[Problem]]:
    """The releases of a data package in their order, and what is wrong with their files."""
    found: list[Release] = []
    problems: list[Problem] = []
    had: set[str] = set()
    files = [file for file in (folder / FOLDER).glob(f"*{_ENDING}") if re.fullmatch(VERSION, _version(file))]
    for file in sorted(files, key=lambda file: in_order(_version(file))):
        try:
            first, *bodies = lzma.decompress(file.read_bytes()).split(b"\n")
            manifest = json.loads(first)
            release = Release(manifest["version"], manifest, {digest(body): body for body in bodies})
            wrong = _wrong(release, file, had) or _unsealed(release, found[-1] if found else None)
        except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            wrong = f"cannot be read ({error})"
        if wrong:
            problems.append(Problem(f"{FOLDER}/{file.name}", 1, "", "release", wrong, _REMEDY))
        else:
            found.append(release)
            had |= release.bodies.keys()
    return tuple(found), problems


def _version(file: Path) -> str:
    return file.name.removesuffix(_ENDING)


def _wrong(release: Release, file: Path, had: set[str]) -> str:
    """What is wrong with a release, or nothing."""
    digests: dict[str, str] = release.manifest["entries"]
    dates = [json.loads(body)["updated_at"] for body in release.bodies.values()]
    lacking_parts = {"date", "previous", "note", "counts", "withdrawn", "changes"} - release.manifest.keys()
    if lacking_parts or not all(map(_MOMENT.fullmatch, [f"{release.manifest['date']}T00:00:00Z", *dates])):
        return "its manifest or its entries lack something"
    if release.version != _version(file):
        return f"says that it is {release.version}"
    if whole(digests) != release.manifest["digest"]:
        return "its digest is not that of its entries"
    lacking = set(digests.values()) - had - release.bodies.keys()
    return f"has no bytes for {len(lacking)} of its entries" if lacking else ""


def _unsealed(release: Release, before: Release | None) -> str:
    """What is wrong with the seal of a release, or nothing; one that follows a sealed one must be sealed."""
    manifest = release.manifest
    if "seal" not in manifest:
        return "has no seal" if before and "seal" in before.manifest else ""
    own = {name: value for name, value in manifest.items() if name not in ("seal", "previous_sha256")}
    if sealed(own, manifest.get("previous_sha256") or "") != manifest:
        return "its seal is not that of its manifest"
    if before is None or before.version != manifest["previous"]:
        return f"follows {manifest['previous']}, which is not there" if manifest["previous"] else ""
    if manifest["previous_sha256"] != before.manifest_sha256:
        return f"it was made after another {before.version} than the one that is there"
    return ""


_ACTIONS = {"added": "Added", "changed": "Changed", "withdrawn": "Withdrawn"}


def changelog(manifests: Iterable[Mapping[str, Any]]) -> str:
    """What changed from release to release, for people (Markdown); the manifests come newest first."""
    parts = ["# Changes of the data\n\nMade from the releases; do not edit.\n"]
    for manifest in manifests:
        counts = manifest["counts"]
        parts.append(f"\n## {manifest['version']} ({manifest['date']})\n\n")
        parts.append(f"{manifest['note']}\n\n" if manifest["note"] else "")
        parts.append(
            f"{counts['entries']['total']} entries, {counts['terms']['total']} terms, {counts['sources']} sources,"
            f" {counts['citations']['total']} citations ({counts['citations']['verified']} verified).\n"
        )
        for action, title in _ACTIONS.items():
            told = [change for change in manifest["changes"] if change["action"] == action]
            if told:
                parts.append(f"\n{title}: {len(told)}\n\n")
                parts += [f"- {_line(change)}\n" for change in told]
    return "".join(parts)


def _line(change: Mapping[str, Any]) -> str:
    fields = sorted({_field(path["path"]) for path in change["changes"]})
    told = f"`{change['id']}`" + (f": {', '.join(fields)}" if fields else "")
    if change.get("replaced_by"):
        told += f", use `{change['replaced_by']}`"
    return told + (f" ({change['reason']})" if change["reason"] else "")


def _field(path: list[str]) -> str:
    return {"definitions": f"definition {path[-1]}", "terms": " ".join(path[1:3])}.get(
        path[0], path[0].replace("_", " ")
    )
