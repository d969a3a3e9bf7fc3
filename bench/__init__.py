"""The benchmark: what the glossary costs, as ratios against peers measured in the same run (`make bench`)."""

import os

# What is measured is compiled once and not at every start, as it is wherever nobody forbids it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
