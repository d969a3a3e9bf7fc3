"""The benchmark: what the glossary costs, as ratios against peers measured in the same run (`make bench`)."""
