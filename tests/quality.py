"""How good recognition and revising are, against labels that people made: ``make quality``."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from glossary import Glossary
from tests.conftest import ROOT, built
from tests.labelled import marked, read

FOUND = ("deprecated", "other_jurisdiction", "missing")
"""Verdicts that accuse a translator: these must be right."""
PARAGRAPHS = {"zh": "annotate.jsonl", "en": "annotate-en.jsonl"}


@dataclass
class Score:
    """``right`` of those ``made`` and of those ``wanted``; ``faults`` tell each difference."""

    right: int = 0
    made: int = 0
    wanted: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def recognition(glossary: Glossary, lang: str = "zh") -> Score:
    """Places and entries of all terms in the labelled paragraphs. A paragraph on the law of another place says so."""
    score = Score()
    for label in read(PARAGRAPHS[lang]):
        text, wanted = marked(str(label["text"]))
        found = glossary.annotate(text, lang=lang, jurisdiction=str(label.get("jurisdiction", "")))
        made = {(match.start, match.end, match.holder.entry["id"]) for match in found}
        score.right += len(made & wanted)
        score.made += len(made)
        score.wanted += len(wanted)
        for sign, places in (("-", wanted - made), ("+", made - wanted)):
            score.faults += [
                f"{label['id']} {sign} {text[start:end]} {id}  …{text[max(0, start - 6) : end + 6]}…"
                for start, end, id in sorted(places)
            ]
    return score


def revising(glossary: Glossary) -> dict[str, Score]:
    """For each verdict, the labelled (pair, entry) that have it."""
    scores: dict[str, Score] = {}
    for label in read("check.jsonl"):
        pair = (str(label["source"]), str(label["target"]))
        made = {
            verdict.entry["id"]: verdict.verdict
            for verdict in glossary.check_translation(
                [pair],
                source_lang=str(label["source_lang"]),
                target_lang=str(label["target_lang"]),
                jurisdiction=str(label["jurisdiction"]),
            )
        }
        wanted = {item["entry"]: item["verdict"] for item in label["verdicts"]}  # type: ignore[attr-defined]
        for id in sorted(made.keys() | wanted.keys()):
            have, want = made.get(id, "none"), wanted.get(id, "none")
            for verdict in {have, want}:
                score = scores.setdefault(verdict, Score())
                score.right += have == want
                score.made += verdict == have
                score.wanted += verdict == want
                if have != want:
                    score.faults.append(f"{label['id']} {id}: {have}, labelled {want}  {pair[0]} / {pair[1]}")
    return scores


def accusations(scores: dict[str, Score]) -> float:
    """The precision of `FOUND` together."""
    right = sum(scores[verdict].right for verdict in FOUND if verdict in scores)
    made = sum(scores[verdict].made for verdict in FOUND if verdict in scores)
    return right / made if made else 1.0


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Glossary.open(built(Path(folder), ROOT / "data").database_url) as glossary,
    ):
        found, english = recognition(glossary), recognition(glossary, "en")
        scores = revising(glossary)
    if "--faults" in sys.argv:
        print("\n".join(found.faults + english.faults))
        print("\n".join(dict.fromkeys(fault for score in scores.values() for fault in score.faults)))
    for what, lang, score in (("annotate", "zh", found), ("annotate, English", "en", english)):
        paragraphs = f"{score.wanted} terms in {len(read(PARAGRAPHS[lang]))} paragraphs"
        print(f"{what}: precision {score.precision:.3f}, recall {score.recall:.3f} ({paragraphs})")
    for verdict, score in sorted(scores.items()):
        print(f"check {verdict}: precision {score.precision:.3f}, recall {score.recall:.3f} ({score.wanted})")
    print(f"check, verdicts that accuse: precision {accusations(scores):.3f} ({len(read('check.jsonl'))} pairs)")
    print("verdicts", dict(Counter(item["verdict"] for label in read("check.jsonl") for item in label["verdicts"])))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
