"""Citations over HTTP and on the command line."""

import json

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from glossary.cite.formats import FORMATS
from glossary.cite.styles import STYLES
from glossary.cli import main
from tests.conftest import ROOT

ENTRY = "/v1/entries/qu-bao-hou-shen/citation"
SOURCE = "/v1/sources/criminal-procedure-law-2018/citation"


def test_a_citation_has_every_shape(client):
    made = client.get(SOURCE, params={"locator": "art. 67(2)", "style": "bluebook"}).json()
    assert made["text"].endswith("art. 67(2) (China).") and made["style"] == "bluebook"
    for shape, kind in (("text", "text/plain"), ("html", "text/html"), ("markdown", "text/markdown")):
        alone = client.get(SOURCE, params={"locator": "art. 67(2)", "style": "bluebook", "as": shape})
        assert alone.text == made[shape] + "\n"
        assert alone.headers["content-type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize("style", STYLES)
def test_every_style_answers_for_entries_and_sources(client, style):
    for address in (ENTRY, SOURCE):
        made = client.get(address, params={"style": style}).json()
        assert made["text"] and made["style"] == style
        assert (made["in_text"] is None) == (STYLES[style].in_text is None)
    assert client.get(ENTRY, params={"style": style}).json()["version"] == "r1"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_media_type(client, name):
    for address in (ENTRY, SOURCE):
        answer = client.get(address, params={"format": name})
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(FORMATS[name].media_type)


def test_a_synonym_of_a_style_is_known(client):
    assert client.get(SOURCE, params={"style": "falü-yinzhu"}).json()["style"] == "faxue-yinzhu"


def test_a_citation_is_a_read_like_any_other(client):
    for address in (ENTRY, SOURCE, f"{SOURCE}?as=text", f"{ENTRY}?format=ris"):
        answer = client.get(address)
        again = client.get(address, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert answer.headers["cache-control"] == "public, no-cache" and answer.headers["last-modified"]
        head = client.head(address)
        assert (head.content, head.headers["content-length"]) == (b"", answer.headers["content-length"])
        assert client.get(address).content == answer.content


ERRORS = [
    (ENTRY + "?style=harvard", 422, "faxue-yinzhu"),
    (ENTRY + "?format=endnote", 422, "csl-json"),
    (ENTRY + "?style=apa&lang=zh", 409, "apa has en"),
    (ENTRY + "?as=pdf", 422, "markdown"),
    (ENTRY + "?locator=p.%201", 422, "no parameter"),
    (ENTRY + "?format=ris&style=apa", 409, "a format takes none"),
    (ENTRY + "?accessed=2026-02-30", 422, "write it as YYYY-MM-DD"),
    (ENTRY + "?accessed=", 422, "write it as YYYY-MM-DD"),
    (ENTRY + "?accessed=%D9%A2026-02-30", 422, "accessed"),
    (SOURCE + "?locator=somewhere", 422, "art. 67"),
    (SOURCE + "?locator=%00", 422, "art. 67"),
    (SOURCE + "?locator=" + "x" * 61, 422, "60"),
    ("/v1/entries/nobody/citation", 404, "nobody"),
    ("/v1/sources/nothing/citation", 404, "nothing"),
    ("/v1/entries/qiang-zhi-jie-du/citation", 410, "qiang-zhi-ge-li-jie-du"),
]


@pytest.mark.parametrize(("address", "status", "said"), ERRORS)
def test_a_wrong_wish_is_a_problem_that_says_what_there_is(client, address, status, said):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in json.dumps(answer.json())


def test_the_public_address_is_the_one_of_the_settings(mini_settings):
    settings = mini_settings._replace(base_url="https://glossary.example.org/")
    with TestClient(create_app(settings)) as client:
        assert (
            client.get(ENTRY).json()["address"] == "https://glossary.example.org/v1/entries/qu-bao-hou-shen/revisions/1"
        )


@pytest.fixture
def command(mini_settings, monkeypatch, capsys):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    monkeypatch.delenv("GLOSSARY_BASE_URL", raising=False)

    def run(*words):
        code = main(["cite", *words])
        return code, *capsys.readouterr()

    return run


def test_the_command_prints_what_the_service_answers(command, client):
    for style in STYLES:
        code, out, _ = command("criminal-procedure-law-2018", "--style", style, "--locator", "art. 67(2)")
        answer = client.get(SOURCE, params={"style": style, "locator": "art. 67(2)", "as": "text"})
        assert (code, out) == (0, answer.text)
    for name in FORMATS:
        assert command("qu-bao-hou-shen", "--format", name)[1] == client.get(ENTRY, params={"format": name}).text
    assert json.loads(command("qu-bao-hou-shen", "--json")[1]) == client.get(ENTRY).json()
    assert command("qu-bao-hou-shen", "--style", "mla", "--as", "html")[1].startswith("“Qubao")


def test_notes_go_to_stderr(command):
    code, out, err = command("criminal-procedure-law-2018", "--style", "bluebook")
    assert code == 0 and "machine" not in out and err == "glossary: The pinyin was made by machine.\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nobody"], 3),
        (["\ud800"], 3),
        (["qiang-zhi-jie-du"], 3),
        (["qu-bao-hou-shen", "--style", "x"], 2),
        (["qu-bao-hou-shen", "--locator", "p. 1"], 2),
        (["criminal-procedure-law-2018", "--locator", "somewhere"], 2),
        (["qu-bao-hou-shen", "--accessed", "today"], 2),
        (["qu-bao-hou-shen", "--format", "x"], 2),
        (["qu-bao-hou-shen", "--format", "ris", "--lang", "zh"], 2),
        (["qu-bao-hou-shen", "--as", "x"], 2),
    ],
)
def test_a_wrong_word_is_one_line_and_a_code(command, words, code):
    found, out, err = command(*words)
    assert (found, out, err.count("\n")) == (code, "", 1)


@pytest.mark.parametrize(
    ("address", "locator"),
    [("/v1/sources/criminal-procedure-law-2018", "art. 67(2)"), ("/v1/sources/lin-sun-amon-2022", "p. 138")],
)
def test_every_style_is_in_the_docs_with_what_it_gives(real_client, address, locator):
    text = (ROOT / "docs" / "citing.md").read_text(encoding="utf-8")
    for name, style in STYLES.items():
        assert f"| `{name}` | {style.title} |" in text, name
        made = real_client.get(f"{address}/citation", params={"style": name, "locator": locator}).json()
        shown = made["markdown"] + (f" In the text: {made['in_text']}" if made["in_text"] else "")
        assert f"- `{name}`: {shown}\n" in text, shown


def test_every_format_is_in_the_docs():
    text = (ROOT / "docs" / "citing.md").read_text(encoding="utf-8")
    for name, format in FORMATS.items():
        assert f"| `{name}` | {format.title} |" in text, name
