"""Exports over HTTP and on the command line: every format, with the manners of every read."""

import csv
import io
import json
import zipfile

import pytest

from api.exports import Files
from glossary import Glossary
from glossary.cli import main
from glossary.exchange.formats import MODULES, choosing, find_format
from glossary.exchange.selection import Wanted
from glossary.model.package import read_package
from glossary.store.build import build
from tests.conftest import ROOT
from tests.model.test_package import break_cell


@pytest.mark.parametrize("name", MODULES)
def test_every_format_is_a_file_with_its_name_and_tag(client, name):
    answer = client.get(f"/v1/exports/{name}")
    made = find_format(name)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="glossary-{name}.{made.extension}"'
    assert answer.headers["content-type"].partition(";")[0] == made.media_type.partition(";")[0]
    assert answer.headers.get("glossary-drops", "") == ", ".join(made.drops)
    assert len(answer.content) == int(answer.headers["content-length"]) > 100
    again = client.get(f"/v1/exports/{name}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/v1/exports/{name}").content == answer.content


def test_a_download_goes_on_where_it_broke_off_and_a_range_that_is_none_is_passed_over(client):
    whole = client.get("/v1/exports/csv")
    size, tag = len(whole.content), whole.headers["etag"]
    rest = client.get("/v1/exports/csv", headers={"range": "bytes=100-", "if-range": tag})
    assert (rest.status_code, rest.content) == (206, whole.content[100:])
    assert rest.headers["content-range"] == f"bytes 100-{size - 1}/{size}"
    assert (
        client.get("/v1/exports/csv", headers={"range": "bytes=100-", "if-range": '"other"'}).content == whole.content
    )
    for broken in ("", "bytes", "bytes=", "bytes=x-y", "bytes=5-2", "words=1-2", "bytes=" + "1-2," * 200):
        answer = client.get("/v1/exports/csv", headers={"range": broken})
        assert (answer.status_code, answer.content) == (200, whole.content), broken
    beyond = client.get("/v1/exports/csv", headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "no-such-part")
    assert beyond.headers["content-range"] == f"bytes */{size}"
    since = client.get("/v1/exports/csv", headers={"if-modified-since": whole.headers["last-modified"]})
    assert (since.status_code, since.content) == (304, b"")


def test_filters_choose_a_part(client):
    lines = client.get("/v1/exports/jsonl?jurisdiction=HK").text.splitlines()
    assert {json.loads(line)["jurisdiction"] for line in lines} == {"HK"}
    whole = client.get("/v1/exports/jsonl").text.splitlines()
    assert 0 < len(lines) < len(whole)
    cited = client.get("/v1/exports/jsonl?source=drug-rehabilitation-regulations-2018").text.splitlines()
    ids = {json.loads(line)["id"] for line in cited}
    assert "dong-tai-guan-kong" in ids and "bao-shi" not in ids


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/exports/pdf", 422),
        ("/v1/exports/csv?nothing=1", 422),
        ("/v1/exports/csv?domain=nowhere", 404),
        ("/v1/exports/csv?source=nowhere", 404),
        ("/v1/exports/csv?review=x", 422),
        ("/v1/exports/csv?script=zh-Hans", 409),
        ("/v1/exports/multiterm?script=zh-Hant", 409),
        ("/v1/exports/jsonl?target=en", 409),
    ],
)
def test_a_wrong_wish_is_a_problem_document(client, address, status):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_file_and_its_key_are_of_one_state(copy, own):
    url = own
    files = Files()
    with Glossary.open(url) as glossary:
        first = files.file(glossary, "omegat", Wanted())
        assert files.file(glossary, "omegat", Wanted()) == first
        break_cell(copy, "terms.csv", "zui-fan,en,convicted offender", "zui-fan,en,convicted person")
        build(read_package(copy), url)
        second = files.file(glossary, "omegat", Wanted())
    assert first.key != second.key and first.updated_at < second.updated_at
    assert b"convicted person" in second.path.read_bytes() and b"convicted person" not in first.path.read_bytes()


def test_the_command_writes_the_same_bytes(mini_settings, monkeypatch, tmp_path, capsys, client):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    file = tmp_path / "g.zip"
    assert main(["export", "csv", "-o", str(file)]) == 0
    assert file.read_bytes() == client.get("/v1/exports/csv").content
    with zipfile.ZipFile(file) as archive:
        rows = list(csv.reader(io.TextIOWrapper(archive.open("terms.csv"), encoding="utf-8", newline="")))
    assert rows[0][:3] == ["entry", "lang", "text"]
    capsys.readouterr()
    for words in (["export", "pdf"], ["export", "csv", "-o", str(tmp_path)], ["export", "csv", "-o", "/nowhere/x"]):
        assert main(words) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.zip"]


def test_every_format_is_in_the_docs_with_what_it_leaves_out():
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    for name in MODULES:
        made = find_format(name)
        assert f"| `{name}` | {made.about} | {', '.join(made.drops) or 'nothing'} |" in text, name


@pytest.mark.parametrize("choice", ["script", "target"])
def test_a_choice_makes_another_file_of_the_formats_that_have_it_and_is_refused_by_the_others(client, choice):
    value = {"script": "zh-Hant", "target": "de"}[choice]
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8").replace("\n", " ")
    assert f"is for {', '.join(f'`{name}`' for name in choosing(choice))}" in text
    for name in MODULES:
        answer = client.get(f"/v1/exports/{name}?{choice}={value}")
        if name in choosing(choice):
            assert answer.content != client.get(f"/v1/exports/{name}").content, name
        else:
            assert answer.status_code == 409, name
            assert "leave it out, or take one of" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["omegat", "--status", "deprecated"], "no entry fits, and none is in the file: choose less"),
        (["omegat", "--jurisdiction", "HK"], "no entry fits, and none is in the file: --script zh-Hant has some"),
        (["xlsx", "--status", "superseded"], "no entry fits, and none is in the file: choose less"),
        (["anki", "--jurisdiction", "HK"], ""),
        (["sqlite"], ""),
    ],
)
def test_the_command_says_where_no_entry_fits(place, tmp_path, capsys, asked, said):
    assert main(["export", *asked, "--output", str(tmp_path / "out"), "--database", place.database_url]) == 0
    told = capsys.readouterr().err
    assert told.startswith(said) and bool(told) == bool(said)


def test_the_command_refuses_a_choice_that_a_format_does_not_have(place, tmp_path, capsys):
    asked = ["export", "csv", "--script", "zh-Hant", "-o", str(tmp_path / "out"), "--database", place.database_url]
    assert main(asked) == 2
    assert "script cannot be 'zh-Hant': csv has no choice of it" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
