"""Write the OpenAPI document's examples anew from the real data: ``python -m tests.examples``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from api.examples import FILE, REQUESTS
from tests.conftest import ROOT, built


def asked(client: TestClient, method: str, address: str, body: Any) -> Any:
    """The answer to an example's question."""
    if isinstance(body, str):
        return client.request(method, address, content=body.encode())
    return client.request(method, address, json=body)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, TestClient(create_app(built(Path(folder), ROOT / "data"))) as client:
        found = {
            name: asked(client, method, address, body).raise_for_status().json()
            for name, (method, address, body) in REQUESTS.items()
        }
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
