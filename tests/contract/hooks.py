"""What schemathesis cannot send by itself: one JSON text a line."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: schemathesis.SerializationContext, value: object) -> bytes:
    """The text as it is, else the value as one line."""
    return value.encode(errors="replace") if isinstance(value, str) else json.dumps(value).encode()
