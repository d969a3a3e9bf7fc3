"""The benchmark: what the glossary costs, as ratios against peers measured in the same run (`make bench`)."""

import os

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is measured is compiled once and not at every start, as anywhere else
