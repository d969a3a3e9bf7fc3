"""The benchmark: what the glossary costs, as ratios against peers measured in the same run (`make bench`)."""

import os

# What is measured is compiled once and not at every start, and what it prints is written in blocks, as it is wherever nobody
# says otherwise.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.pop("PYTHONUNBUFFERED", None)
