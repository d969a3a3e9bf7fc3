"""The layout of a prepared list, which building packs and asking unpacks."""

from __future__ import annotations

import struct

SCAN = 50
"""Prefixes that more keys have than this keep a prepared list of their best entries (table ``tops``)."""
KEPT = 50
"""Entries in a prepared list."""
ROW = struct.Struct("<iii")
"""One of them: rank and how, term, entry."""
HOW_BITS = 5
