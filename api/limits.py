"""What one request may ask, read once when the process starts: the routes and the OpenAPI document are made with it."""

from __future__ import annotations

from typing import Final

from glossary.serving import Limits

LIMITS: Final = Limits.read()
