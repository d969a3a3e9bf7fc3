"""The command line as its user meets it: exit codes, one line on stderr, JSON, and an answer at once."""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib

import pytest

from glossary.cli import EXIT_CODES, main, parser
from glossary.cli.markdown import seen
from glossary.cli.word import read_docx
from glossary.model.package import read_package
from glossary.store.reader import is_made
from tests.conftest import MINI, ROOT


@pytest.fixture
def at_mini(monkeypatch, mini_settings):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    monkeypatch.setenv("GLOSSARY_DATA", str(MINI))


def test_lookup_prints_headword_reading_rendering_and_why(at_mini, capsys):
    assert main(["lookup", "qbhs"]) == 0
    out = capsys.readouterr().out
    assert "取保候审  qǔbǎo hòushěn  [CN]  qu-bao-hou-shen" in out and "initials" in out


def test_lookup_takes_words_without_quotation_marks_and_says_how_many_more(at_mini, capsys):
    assert main(["lookup", "residential", "surveillance", "--limit", "1"]) == 0
    assert "监视居住" in capsys.readouterr().out
    assert main(["lookup", "bail", "--limit", "1"]) == 0
    assert "--offset 1 shows more" in capsys.readouterr().out


def test_lookup_as_json_has_the_shape_of_the_api(at_mini, capsys, client):
    assert main(["lookup", "bail", "--json", "--limit", "2"]) == 0
    assert json.loads(capsys.readouterr().out) == client.get("/v1/search?q=bail&limit=2").json()


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert (ended.value.code, capsys.readouterr().out) == (0, f"glossary {version}\n")


def test_show_prints_all_of_an_entry(at_mini, capsys):
    assert main(["show", "qu-bao-hou-shen"]) == 0
    out = capsys.readouterr().out
    for part in (
        "取保候審",
        "Criminal Procedure Law",
        "art. 67 (verified)",
        "not machine-verified",
        "deprecated",
        "counterpart in 保釋",
    ):
        assert part in out
    assert main(["show", "qu-bao-hou-shen", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "qu-bao-hou-shen"


def test_stats_as_table_and_as_json(at_mini, capsys):
    assert main(["stats"]) == 0
    assert "entries by jurisdiction CN" in capsys.readouterr().out
    assert main(["stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"]["withdrawn"] == 1


def test_check_as_lines_and_as_json(at_mini, capsys):
    assert main(["check"]) == 0
    assert "no problems" in capsys.readouterr().out
    assert main(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"problems": [], "total": 0}


def test_build_says_where_and_which_revision(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'sub' / 'g.db'}"
    assert main(["build", "--database", url, "--data", str(MINI)]) == 0
    assert f"{tmp_path / 'sub' / 'g.db'} is at revision 1" in capsys.readouterr().out


FAILURES = [
    (["lookup", "zzzzzzz"], 3, "nothing matches"),
    (["lookup", "取保候审制度"], 3, "near it: 取保候审"),
    (["lookup", "x" * 201], 2, "at most 200"),
    (["lookup", "bail", "--limit", "0"], 2, "limit cannot be 0"),
    (["lookup", "bail", "--lang", "xx"], 2, "lang cannot be 'xx'"),
    (["show", "nobody"], 3, "no entry has the id"),
    (["show", "qiang-zhi-jie-du"], 3, "use qiang-zhi-ge-li-jie-du"),
    (["lookup", "bail", "--database", "sqlite:////nowhere/g.db"], 4, "glossary build"),
    (["lookup", "bail", "--database", "mysql://x"], 2, "sqlite:///"),
    (["check", "--data", "/nowhere"], 5, "there is no folder /nowhere: name that of the data package with --data"),
    (["build", "--data", "/nowhere"], 5, "there is no folder /nowhere"),
    (["verify", "--corpus", "/nowhere"], 5, "holds no law"),
    (["serve", "--port", "70000"], 2, "--port cannot be 70000"),
    (["serve", "--workers", "0"], 2, "--workers cannot be 0"),
    (["serve", "--host", "203.0.113.1"], 2, "nothing can listen there"),
    (["show", "\udcff"], 3, "no entry has the id"),
    (["build", "--database", "sqlite:////proc/x/y.db"], 4, "cannot be made"),
    (["build", "--database", "sqlite:///:memory:"], 2, "name a file"),
    (["lookup", "x", "--database", "sqlite:////x.db?a=1"], 2, "name a file"),
]


@pytest.mark.parametrize(("words", "code", "said"), FAILURES)
def test_an_error_is_one_line_on_stderr_and_an_exit_code(at_mini, capsys, words, code, said):
    assert main(words) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == (1 if said else 0)
    assert "Traceback" not in error


def test_one_bad_file_does_not_stop_the_others(at_mini, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("对其取保候审。", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\xff\xff\x80")
    (tmp_path / "c.docx").write_bytes(b"PK")
    assert main(["annotate", str(tmp_path), str(tmp_path / "none"), "--format", "csv"]) == 2
    told = capsys.readouterr()
    assert "取保候审" in told.out
    assert [name in line for name, line in zip(("none", "b.txt", "c.docx"), told.err.splitlines(), strict=True)] == [True] * 3  # fmt: skip


def test_a_folder_is_read_without_what_is_hidden_in_it_and_says_which_links_lead_nowhere(at_mini, tmp_path, capsys):
    """Files in hidden folders were read, subtitles were not, and a dead link was passed over without a word."""
    for name in (".git/a.txt", ".hidden.txt", "b/c.SRT", "d.vtt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("对其取保候审。", encoding="utf-8")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere")
    assert main(["annotate", str(tmp_path), "--format", "csv"]) == 2
    told = capsys.readouterr()
    found = [line.partition(",")[0] for line in told.out.splitlines()[1:]]
    assert found == [str(tmp_path / name) for name in ("b/c.SRT", "d.vtt")]
    assert re.fullmatch(r"glossary: .*dead\.txt.*it cannot be read.*\n", told.err)


MARKDOWN = """**强制**[隔离](http://a.cn/?x=拘留 "拘留")戒毒，*取保*候审<!-- 拘留 😀 -->，<https://a.cn/拘留>

* 强制隔离
* 戒毒

`**律师**` \\*律师\\* __取保候审__ ![律师](拘留.png) ***

[拘留]: https://a.cn/拘留
"""


def test_markdown_is_read_as_it_is_seen_with_places_in_the_file(at_mini, tmp_path, capsys):
    """Of **强制**隔离戒毒 only 戒毒 was found, and what stands in addresses and comments was counted."""
    file = tmp_path / "a.MD"
    file.write_text(MARKDOWN, encoding="utf-8")
    assert main(["annotate", str(file), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    stood = [(one["form"], MARKDOWN[one["start"] : one["end"]]) for one in found]
    assert stood == [
        ("强制隔离戒毒", '强制**[隔离](http://a.cn/?x=拘留 "拘留")戒毒'),
        ("取保候审", "取保*候审"),
        *[("律师", "律师")] * 2,
        ("取保候审", "取保候审"),
        ("律师", "律师"),
    ]
    in_utf16 = MARKDOWN.encode("utf-16-le")
    for one, (_, text) in zip(found, stood, strict=True):
        assert in_utf16[2 * one["start_utf16"] : 2 * one["end_utf16"]].decode("utf-16-le") == text


@pytest.mark.parametrize(
    "text",
    [
        "snake_case",
        "2 * 3",
        "a **",
        "***\n",
        "_ _ _",
        "取保____候审",
        "取保****候审",
        "[^1]: 见/",
        "~~~py",
        "f(x)[1](a b)",
    ],
)
def test_what_is_no_mark_of_markdown_stays(text):
    assert seen(text).text == text


@pytest.mark.parametrize(
    "text", ["<!--", "[", "](", "](a (", "*", "_", "`", "[x]: ", '](a "', "](<", "<a:", "]( " + " " * 9]
)
def test_markdown_that_never_ends_is_read_soon(text):
    """Each kind of beginning without its end, a hundred thousand times: what looks for the end from each would take hours."""
    assert len(seen(text * 100_000).text) <= len(text) * 100_000


def test_a_pipe_is_read_as_standard_input_is(at_mini, capsys):
    """`glossary annotate <(…)` was answered as if there were no such file."""
    read, write = os.pipe()
    os.write(write, "对其取保候审。".encode())
    os.close(write)
    assert main(["annotate", f"/dev/fd/{read}"]) == 0
    os.close(read)
    assert "取保候审" in capsys.readouterr().out


@pytest.mark.parametrize(("encoding", "said"), [("utf-16", "UTF-16"), ("gb18030", "GB18030"), ("big5", "Big5")])
def test_a_text_as_windows_saves_it_is_read_and_its_encoding_said(at_mini, tmp_path, capsys, encoding, said):
    file = tmp_path / "a.txt"
    file.write_text("對其取保候審的時候，" if encoding == "big5" else "对其取保候审的时候，", encoding=encoding)
    assert main(["annotate", str(file)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("2-6  取保候")
    assert f"a.txt: encoding: {said}" in told.err


def test_a_word_file_is_read_with_its_notes_and_nothing_twice(at_mini, tmp_path, capsys):
    """A text box stands in the file twice and was counted four times; a line break joined two words; notes were not read."""
    from docx import Document
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    box = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
    made = Document()
    paragraph = made.add_paragraph("on")
    paragraph.add_run().add_break()
    paragraph.add_run("bail\tnow")
    for xml in (
        f"<w:moveFrom {word}><w:r><w:t>moved</w:t></w:r></w:moveFrom>",
        f"<w:del {word}><w:r><w:delText>deleted</w:delText></w:r></w:del>",
        f"<w:ins {word}><w:r><w:t>, here</w:t></w:r></w:ins>",
        f"<w:r {word}><w:ruby><w:rt><w:r><w:t>bao</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>保</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        f'<w:r {word} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent><mc:Choice>{box}'
        f"</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    made.add_table(1, 1).cell(0, 0).text = "in a cell"
    note = f"<w:footnotes {word}><w:footnote><w:p><w:r><w:t>On bail.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    made.part.relate_to(Part(PackURI("/word/footnotes.xml"), kind, note.encode(), made.part.package), KIND.FOOTNOTES)
    made.save(tmp_path / "a.docx")
    assert read_docx(tmp_path / "a.docx") == "on\nbail\tnow, here保\n\nbox\n\nin a cell\n\nOn bail."


def test_paragraphs_whose_mark_is_deleted_are_one(tmp_path):
    """Of 强制隔离¶戒毒 with the mark deleted only the parts were found."""
    from docx import Document
    from docx.oxml import parse_xml

    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = Document()
    for text in ("强制", "隔离", "戒毒", "另"):
        made.add_paragraph(text)
    for number, change in ((0, "del"), (1, "moveFrom"), (3, "del")):
        mark = f"<w:pPr {word}><w:rPr><w:{change}/></w:rPr></w:pPr>"
        made.paragraphs[number]._p.insert(0, parse_xml(mark))
    made.save(tmp_path / "a.docx")
    assert read_docx(tmp_path / "a.docx") == "强制隔离戒毒\n\n另"


def test_what_is_translated_from_what_is_told_from_the_texts(at_mini, tmp_path, capsys):
    """An English text and its Chinese translation were said to hold no term."""
    english, chinese = tmp_path / "en.txt", tmp_path / "zh.txt"
    english.write_text("The lawyer came.\nHe was released on bail pending trial.\n", encoding="utf-8")
    chinese.write_text("律师来了。\n他被取保候审。\n", encoding="utf-8")
    for files, options in (
        ((english, chinese), []),
        ((chinese, english), []),
        ((english, chinese), ["--target-lang", "zh"]),
    ):
        main(["revise", *map(str, files), *options])
        assert re.fullmatch(r"2 segments: .*[12] (ok|admitted).*", capsys.readouterr().out.splitlines()[-1])


def test_texts_and_translations_of_any_length_are_read(at_mini, tmp_path, capsys):
    """The limits of the API stood in the library, and a file of more than a megabyte was refused without its name."""
    long, source, target = (tmp_path / name for name in ("long.txt", "source.txt", "target.txt"))
    long.write_text("对其取保候审。\n" * 50_000, encoding="utf-8")
    assert main(["annotate", str(long), "--format", "terms"]) == 0
    assert ",50000," in capsys.readouterr().out
    source.write_text("取保候审" + "，" * 5_000 + "\n" * 10_001, encoding="utf-8")
    target.write_text("bail" + "," * 5_000 + "\n" * 10_001, encoding="utf-8")
    assert main(["revise", str(source), str(target)]) == 1
    assert "10001 segments: 1 deprecated" in capsys.readouterr().out


def test_usage_errors_exit_with_two(capsys):
    for words in ([], ["nothing"], ["lookup"], ["lookup", "x", "--limit", "many"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_lookup_loads_nothing_that_it_does_not_need(mini_settings):
    script = (
        "import sys; from glossary.cli import main; main(['lookup', 'qbhs']);"
        "heavy = {'fastapi', 'sqlmodel', 'sqlalchemy', 'pydantic', 'opencc', 'pypinyin', 'rich', 'uvicorn', 'rapidfuzz'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    environment = os.environ | {"GLOSSARY_DATABASE_URL": mini_settings.database_url}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_output_that_is_not_read_to_its_end_is_no_error(mini_settings):
    environment = os.environ | {"GLOSSARY_DATABASE_URL": mini_settings.database_url}
    done = subprocess.run(
        f"{sys.executable} -m glossary show qu-bao-hou-shen --json | head -1", shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_describe_writes_the_descriptor_of_the_columns(copy, capsys):
    before = (copy / "datapackage.json").read_bytes()
    (copy / "datapackage.json").write_bytes(before.replace(b"Entry id", b"Other"))
    assert main(["describe", "--data", str(copy)]) == 0
    assert (copy / "datapackage.json").read_bytes() == before


def test_every_command_option_and_exit_code_is_documented():
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    commands = next(action for action in parser()._actions if hasattr(action, "choices") and action.choices)
    for name, command in commands.choices.items():
        assert f"`glossary {name}" in text, name
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or f"`{option}" in text, f"{name} {option}"
    for code, about in EXIT_CODES.items():
        assert f"| {code} | {about} |" in text


@pytest.fixture
def terms(tmp_path, monkeypatch):
    """A list of a translator, beside a glossary that is its own."""
    from tests.conftest import MINI, built

    monkeypatch.setenv("GLOSSARY_DATABASE_URL", built(tmp_path, MINI).database_url)
    file = tmp_path / "terms.csv"
    file.write_text("中文,English\n刑事拘留,criminal detention\n", encoding="utf-8")
    return file


def test_a_list_is_planned_then_brought_in_and_the_second_time_changes_nothing(terms, capsys):
    words = ["import", str(terms), "--domain", "criminal-procedure"]
    assert main([*words, "--dry-run"]) == 0
    planned = capsys.readouterr().out
    assert "+ entry xing-shi-ju-liu 刑事拘留" in planned and "nothing was saved" in planned
    assert main(["show", "xing-shi-ju-liu"]) == 3
    assert main([*words, "--author", "anna", "--reason", "a list"]) == 0
    assert main(["history", "xing-shi-ju-liu"]) == 0
    assert "created by anna: a list" in capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out.endswith("1 entry same; nothing changed\n")
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"entry": {"same": 1}}


def test_a_refused_row_is_shown_with_its_place_and_nothing_is_saved(terms, capsys):
    terms.write_text("中文,English\n刑事拘留,criminal detention\n重整,=1+1\n", encoding="utf-8")
    assert main(["import", str(terms), "--domain", "criminal-procedure"]) == 1
    out, error = capsys.readouterr()
    assert "terms.csv:3" in out and error.startswith("glossary: nothing was brought in") and error.count("\n") == 1
    assert main(["show", "xing-shi-ju-liu"]) == 3


@pytest.mark.parametrize("words", [["no-such.csv"], ["--map", "x", "terms"], ["--kind", "x", "terms"], ["--format", "x", "terms"], ["--domain", "x", "terms"]])  # fmt: skip
def test_an_import_that_cannot_be_is_one_line(terms, capsys, words):
    assert main(["import", *(str(terms) if word == "terms" else word for word in words)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_ctrl_c_ends_an_import_in_one_line_with_nothing_saved(terms, capsys):
    rows = "".join(f"新词{number},new word {number}\n" for number in range(5_000))
    terms.write_text(f"中文,English\n{rows}", encoding="utf-8")
    before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        assert main(["import", str(terms), "--domain", "criminal-procedure"]) == 130
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    out, error = capsys.readouterr()
    assert error.startswith("glossary: stopped: nothing was saved") and error.count("\n") == 1 and not out
    assert main(["lookup", "新词7"]) == 3


def test_ctrl_c_ends_a_build_in_one_line_with_nothing_saved(tmp_path, capsys, monkeypatch):
    def read(folder):
        os.kill(os.getpid(), signal.SIGINT)
        return read_package(folder)

    monkeypatch.setattr("glossary.store.build.read_package", read)
    url = f"sqlite:///{tmp_path}/g.db"
    assert main(["build", "--database", url, "--data", str(MINI)]) == 130
    out, error = capsys.readouterr()
    assert error.startswith("glossary: stopped: nothing was saved") and error.count("\n") == 1 and not out
    assert not is_made(url)


def test_ctrl_c_ends_any_command_in_one_line(at_mini, capsys, monkeypatch):
    def look_up(*_asked, **_filters):
        raise KeyboardInterrupt

    monkeypatch.setattr("glossary.library.Glossary.search", look_up)
    assert main(["lookup", "qbhs"]) == 130
    assert capsys.readouterr().err == "glossary: stopped\n"


def test_a_key_is_shown_once_and_listed_without_itself(terms, capsys):
    assert main(["keys", "create", "anna", "--role", "admin"]) == 0
    token = capsys.readouterr().out.strip()
    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert "anna: admin" in listed and token not in listed
    assert main(["keys", "revoke", "anna"]) == 0
    assert main(["keys", "revoke", "anna"]) == 2
    assert main(["keys", "create", "bert"]) == 2
