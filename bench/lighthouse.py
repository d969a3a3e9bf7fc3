"""What Lighthouse says of the main pages: ``python -m bench.lighthouse`` (or `make lighthouse`).

A fresh glossary is built of the data and served as ever; Chromium is the system's. Each page is loaded as on a phone with
a slow network and a slow processor (Lighthouse's default), and as on a desktop. The score of each category is the median of
the runs; what keeps it below 100 is named.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.machine import ROOT
from glossary.model.package import read_package
from glossary.store.build import build
from tests.pages.conftest import chromium
from tests.serving import served

CLI = ROOT / "bench" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "search": "/",
    "results": "/?q=detention",
    "entry": "/entries/qu-bao-hou-shen",
    "text": "/annotate",
    "check": "/check",
    "Chinese entry": "/zh/entries/qu-bao-hou-shen",
}
SITES = {"phone": (), "desktop": ("--preset=desktop",)}
WANTED = 95


def main() -> int:
    """Prints a table; 1 where a score is below `WANTED`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="loads of each page (default 3)")
    parser.add_argument("--page", choices=PAGES, action="append", help="only this page (may be given again)")
    options = parser.parse_args()
    low = False
    print("| page | as on a | performance | accessibility | best practices | SEO | largest paint | layout shift |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'glossary.db'}"
        build(read_package(ROOT / "data"), url)
        with served(url) as port:
            for name in options.page or PAGES:
                for site, words in SITES.items():
                    address = f"http://127.0.0.1:{port}{PAGES[name]}"
                    urlopen(address).read()  # what a server does at its first request is not the page's
                    runs = [_seen(address, words) for _ in range(options.runs)]
                    scores = {
                        of: round(statistics.median(run["categories"][of]["score"] for run in runs) * 100)
                        for of in CATEGORIES
                    }
                    paint, shift = (
                        statistics.median(run["audits"][of]["numericValue"] for run in runs)
                        for of in ("largest-contentful-paint", "cumulative-layout-shift")
                    )
                    cells = " | ".join(str(scores[of]) for of in CATEGORIES)
                    print(f"| {name} | {site} | {cells} | {paint / 1000:.1f} s | {shift:.2f} |", flush=True)
                    low = low or min(scores.values()) < WANTED
                    for line in _below(runs[0]):
                        print("   ", line)
    return int(low)


def _seen(address: str, words: tuple[str, ...]) -> dict[str, Any]:
    command = [
        "node",
        str(CLI),
        address,
        "--output=json",
        "--quiet",
        "--chrome-flags=--headless=new --no-sandbox",
        *words,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": chromium()}, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr.strip().splitlines()[-1])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _below(run: dict[str, Any]) -> list[str]:
    """The audits that cost something."""
    return [
        f"{of}: {audit['title']} ({audit['score']}, {audit.get('displayValue', '')})"
        for of in CATEGORIES
        for weighed in run["categories"][of]["auditRefs"]
        if weighed["weight"] and (audit := run["audits"][weighed["id"]])["score"] not in (None, 1)
    ]


if __name__ == "__main__":
    raise SystemExit(main())
