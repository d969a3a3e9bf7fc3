"""Write the OpenAPI document's examples anew from the real data: ``python -m tests.examples``."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from api.examples import EDITS, FILE, REQUESTS
from glossary.settings import Settings
from glossary.store import keys
from tests.conftest import ROOT, built


def asked(client: TestClient, method: str, address: str, body: Any) -> Any:
    """The answer to an example's question."""
    if isinstance(body, str):
        return client.request(method, address, content=body.encode())
    return client.request(method, address, json=body)


def edited(client: TestClient, settings: Settings) -> dict[str, Any]:
    """The answers to the changes, by their names."""
    key = keys.create(settings.database_url, "anna", "admin", 1)
    sent = {"authorization": f"Bearer {key}", "if-match": "*"}
    return {
        name: client.request(method, address, json=body, headers=sent).raise_for_status().json()
        for name, (method, address, body) in EDITS.items()
    }


def undated(answer: Any) -> Any:
    """Without the moments at which something was done."""
    return json.loads(re.sub(r'"\d{4}-\d\d-\d\dT[0-9:]{8}Z"', '"…"', json.dumps(answer)))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = built(Path(folder), ROOT / "data")
        _write(settings)


def _write(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        found = {
            name: asked(client, method, address, body).raise_for_status().json()
            for name, (method, address, body) in REQUESTS.items()
        }
        found |= edited(client, settings)
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
