"""OmegaT's own classes read the files and match terms in the segments of a project."""

import json
import subprocess
from pathlib import Path

import pytest

from glossary.exchange.formats import export, find_format
from glossary.exchange.selection import Selection, Wanted, usable
from tests.exchange.test_lines import TRADITIONAL, Hostile, parsed

SEGMENTS = ("人民法院对其取保候审。", "檢察院決定取保候審。")
GROOVY = Path(__file__).with_name("omegat.groovy")


def opened(folder, files, segments, source, target):
    """What OmegaT makes of glossary files in a project: {file: {"read": rows, "matches": {segment: matches}}}."""
    for part in ("glossary", "source", "target", "tm/auto", "dictionary", "omegat"):
        (folder / part).mkdir(parents=True)
    for name, data in files.items():
        (folder / "glossary" / name).write_bytes(data)
    (folder / "source" / "text.txt").write_text("\n\n".join(segments), encoding="utf-8")
    words = ["java", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-cp", "/usr/share/omegat/OmegaT.jar"]
    words += ["groovy.ui.GroovyMain", str(GROOVY), str(folder), source, target]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


def file(glossary, name, wanted, folder):
    path = folder / name
    with path.open("wb") as out:
        export(glossary, name, wanted, out)
    return path.read_bytes()


@pytest.fixture(scope="module")
def files(real, mini, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    with (folder / "hostile").open("wb") as out:
        find_format("omegat").write(Hostile(mini, TRADITIONAL), out)
    return {
        "simplified.utf8": file(real, "omegat", Wanted(), folder),
        "traditional.utf8": file(real, "omegat", Wanted(script="zh-Hant"), folder),
        "terms.tbx": file(real, "tbx2008", Wanted(), folder),
        "hostile.utf8": (folder / "hostile").read_bytes(),
    }


@pytest.fixture(scope="module")
def project(files, tmp_path_factory):
    return opened(tmp_path_factory.mktemp("project"), files, SEGMENTS, "zh-CN", "en-US")


@pytest.fixture(scope="module")
def other_way(files, tmp_path_factory):
    some = {"terms.tbx": files["terms.tbx"]}
    return opened(tmp_path_factory.mktemp("other"), some, ["He was released on bail pending trial."], "en-US", "zh-CN")


def matched(project, name, segment):
    """{source: {target: comment}} that the pane shows for a segment."""
    return {
        source: dict(zip(targets, comments, strict=True))
        for source, targets, comments in project[name]["matches"][segment]
    }


@pytest.mark.parametrize("name", ["simplified.utf8", "traditional.utf8", "hostile.utf8"])
def test_the_translator_has_every_line_of_the_glossary(project, files, name):
    lines = [[cell.strip() for cell in row] for row in parsed("omegat", files[name])]
    assert [[cell.strip() for cell in row] for row in project[name]["read"]] == lines
    assert len(lines) > 20


def test_a_term_with_a_number_sign_or_a_rare_character_is_there(project):
    sources = {source.strip() for source, _target, _comment in project["hostile.utf8"]["read"]}
    assert "#x" in sources
    assert any("𠮷" in source for source in sources)


@pytest.mark.parametrize(
    ("name", "segment", "form"),
    [("simplified.utf8", SEGMENTS[0], "取保候审"), ("traditional.utf8", SEGMENTS[1], "取保候審")],
)
def test_the_translator_sees_the_renderings_of_a_term_in_the_segment_and_whose_they_are(project, name, segment, form):
    shown = matched(project, name, segment)[form]
    assert shown["release on bail or a guarantor pending trial"].startswith("preferred | editorial | near equivalence")
    assert shown["release on bail or a guarantor"].startswith("admitted | official-translation: ")
    assert "bail" not in shown


def test_each_script_needs_its_own_file_and_both_may_lie_in_one_folder(project):
    assert "取保候審" not in matched(project, "simplified.utf8", SEGMENTS[1])
    assert "取保候审" not in matched(project, "traditional.utf8", SEGMENTS[0])


def test_the_translator_has_every_pair_of_the_terminology_file(project, real):
    expected = set()
    for entry in Selection(real).entries():
        chinese = usable(entry, "zh-Hans") or usable(entry, "zh-Hant")
        english = usable(entry, "en") or [{"text": ""}]
        expected |= {(source["text"], target["text"]) for source in chinese for target in english}
    assert {(source, target) for source, target, _comment in project["terms.tbx"]["read"]} == expected


def test_the_terminology_file_says_which_rendering_is_preferred_though_omegat_sorts_them(project):
    shown = matched(project, "terms.tbx", SEGMENTS[0])["取保候审"]
    assert list(shown) == sorted(shown)
    for comment in shown.values():
        assert "release on bail or a guarantor pending trial: preferred, equivalence: near" in comment
        assert "bail pending trial: admitted, equivalence: partial" in comment
        assert "jurisdiction: CN" in comment


def test_the_terminology_file_serves_translation_into_chinese_too(other_way):
    shown = matched(other_way, "terms.tbx", "He was released on bail pending trial.")
    assert "取保候审" in shown["bail pending trial"]
