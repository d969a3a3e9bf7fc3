"""Two tests keep the house standing: nothing imports upward, and nothing public is without a word in the docs."""

import ast
from pathlib import Path

from fastapi.routing import APIRoute

from api.app import create_app
from tests.conftest import ROOT

LAYERS = (
    ("glossary.errors",),
    ("glossary.text",),
    ("glossary.model",),
    ("glossary.forms",),
    ("glossary.settings", "glossary.checks", "glossary.cite", "glossary.store"),
    ("glossary.search", "glossary.recognise"),
    ("glossary.library", "glossary.plain", "glossary.record", "glossary.drafts", "glossary.as_of", "glossary.syncing"),
    ("glossary.exchange",),
    ("glossary",),
    ("glossary.cli", "glossary.__main__"),
    ("api",),
)
ONLY_IN_STORE = ("sqlmodel", "sqlalchemy", "alembic", "sqlite3", "psycopg")


def layer(module: str) -> int:
    best = max((name for names in LAYERS for name in names if module == name or module.startswith(name + ".")), key=len)
    return next(place for place, names in enumerate(LAYERS) if best in names)


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def modules():
    for package in ("glossary", "api"):
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, file


def test_nothing_imports_upward():
    known = {name for name, _ in modules()}
    for name, file in modules():
        for imported in imports(file) & known:
            if imported in ("glossary", "glossary.model") and name != imported:
                continue  # the package itself, beside one of its modules
            assert layer(imported) <= layer(name), f"{name} imports {imported}"


def test_the_database_is_opened_in_the_store_alone_and_http_is_unknown_to_the_library():
    for name, file in modules():
        roots = {imported.partition(".")[0] for imported in imports(file)}
        if not name.startswith("glossary.store"):
            assert not roots & set(ONLY_IN_STORE), name
        if name.startswith("glossary") and not name.startswith("glossary.cli"):
            assert not roots & {"fastapi", "starlette", "uvicorn", "api"}, name


def test_every_route_is_in_the_docs():
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    document = create_app().app.openapi()
    for path, item in document["paths"].items():
        for method in item:
            assert f"`{method.upper()} {path}`" in text, path
    from api.problems import _HTTP, STATUS

    for code in {code for _, code, _ in STATUS.values()} | {code for code, _ in _HTTP.values()} | {"internal-error"}:
        assert f"| `{code}` |" in text, code


def test_every_page_is_in_the_docs():
    text = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    for route in create_app().app.routes:
        if isinstance(route, APIRoute) and not route.include_in_schema and not route.path.startswith(("/zh", "/docs")):
            assert f"`{route.path}`" in text, route.path


def test_the_project_speaks_of_itself_alone():
    import re
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    places = re.compile(r"/(work|root|home|farm|tmp)/[a-z]")
    for name in listed:
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix in {".py", ".md", ".toml", ".json", ".yaml", ".txt", ""}
            and "requirements" not in name
        ):
            assert not places.search(path.read_text(encoding="utf-8")), name
