"""The curator's rules: what must be true of the data besides being readable, each rule with a stable code."""
