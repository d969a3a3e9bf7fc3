"""The application: `create_app` is what uvicorn is given by name."""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import fastapi_standalone_docs
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from api import (
    citations,
    editing,
    exports,
    health,
    imports,
    links,
    metrics,
    problems,
    record,
    rights,
    routes,
    schemas,
    texts,
)
from api.examples import EXAMPLES
from api.front import Front
from api.lifetime import lifespan
from api.opened import Opened
from api.pages import site
from api.visits import Door
from glossary import __version__
from glossary.model.columns import TITLE
from glossary.model.written import EntryPatch, WrittenEntry
from glossary.serving import Serving
from glossary.settings import Settings

_DESCRIPTION = """Chinese legal and policy terms as concept entries, each with citations that a machine has verified
against the text of the law, and renderings that say whose they are and how equivalent.

Reading is open to all and needs no key. Lists are `{"items": […], "next": cursor or null, "total": n}`; every error is
a problem document (RFC 9457) with a stable `code`; every read has an `ETag`. Data: CC BY 4.0. Code: MIT."""
_TAGS = [
    {"name": "look-up", "description": "Find entries from any form in any script."},
    {"name": "texts", "description": "Find the terms in running texts."},
    {"name": "exports", "description": "Take the glossary elsewhere."},
    {"name": "imports", "description": "Bring other glossaries in."},
    {"name": "entries", "description": "Whole entries and the subject fields that order them."},
    {"name": "editing", "description": "Change entries: drafts, review, publication. Needs a key."},
    {"name": "record", "description": "The past: revisions, changes, releases."},
    {"name": "citations", "description": "Entries and sources as styles and reference managers want them."},
    {"name": "sources", "description": "The documents that entries cite."},
    {"name": "about", "description": "Figures and health."},
]
_ASSETS = Path(fastapi_standalone_docs.__file__).parent / "static" / "swagger"


def create_app(settings: Settings | None = None, serving: Serving | None = None) -> Front:
    """The service for these settings (default: those of the environment)."""
    settings = settings or Settings.of()
    serving = serving or Serving.read()
    glossary = Opened(settings)
    app = FastAPI(
        title=TITLE,
        version=__version__,
        description=_DESCRIPTION,
        license_info={"name": "MIT (code), CC BY 4.0 (data)", "url": "https://creativecommons.org/licenses/by/4.0/"},
        contact={"name": "The glossary's curators"},
        servers=[{"url": "/", "description": "This server"}],
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        lifespan=lifespan,
    )
    app.state.glossary = glossary
    app.state.files = exports.Files()
    app.state.worker = texts.Worker(Opened(settings), 2 * serving.slot_wait)
    app.state.importer = texts.Worker(Opened(settings), serving.long_wait)
    app.state.planner = texts.Worker(Opened(settings), 2 * serving.slot_wait)
    app.state.editor = texts.Worker(Opened(settings), serving.long_wait)
    app.state.settings = settings
    app.state.serving = serving
    problems.add_handlers(app)
    app.include_router(routes.router)
    app.include_router(editing.router)
    app.include_router(record.router)
    app.include_router(texts.router)
    app.include_router(exports.router)
    app.include_router(imports.router)
    app.include_router(citations.router)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.mount("/docs/assets", StaticFiles(directory=_ASSETS))
    app.add_api_route("/docs", _docs, include_in_schema=False)
    pages = site.install(app)
    _describe(app)
    door = Door(serving)
    app.state.counts = door.counts
    return Front(app, glossary, partial(site.ready, pages, glossary), door)


async def _docs() -> HTMLResponse:
    """The OpenAPI document to read and try, from this server alone; of scripts in the page only its own is run."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="API of the glossary",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    script = bytes(page.body).partition(b"<script>")[2].partition(b"</script>")[0]
    digest = b64encode(sha256(script).digest()).decode()
    page.headers["content-security-policy"] = (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page


def _describe(app: FastAPI) -> None:
    """FastAPI's OpenAPI document, with our problem document where it would show its own error shape, and the examples
    as they are (FastAPI would drop their nulls)."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            made = document["components"]["schemas"]
            problem = schemas.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            made |= problem.pop("$defs") | {"Problem": problem}
            for shape in (
                schemas.Text,
                schemas.Translation,
                schemas.Segments,
                WrittenEntry,
                EntryPatch,
                schemas.Revert,
            ):
                schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
                made |= schema.pop("$defs", {}) | {shape.__name__: schema}
            made.pop("HTTPValidationError", None)
            made.pop("ValidationError", None)
            for path, method, operation in (
                (path, method, found) for path, item in document["paths"].items() for method, found in item.items()
            ):
                rights.describe(method.upper(), path, operation)
                links.describe(operation)
                editing.describe(operation)
                if operation["operationId"] == "export":
                    operation["responses"]["200"]["content"] = exports.contents()
                if operation["operationId"] in ("export", "metrics"):
                    continue
                success = next(status for status in operation["responses"] if status < "3")
                content = operation["responses"][success]["content"]["application/json"]
                content["example"] = EXAMPLES.get(operation["operationId"], {"status": "ok"})
            document["security"] = []  # reading needs no key
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
