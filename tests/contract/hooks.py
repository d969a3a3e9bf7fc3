"""What schemathesis cannot know by itself: one JSON text a line, and what is right for this glossary beside being right by the
schema.
"""

import itertools
import json
import re
from typing import Any

import schemathesis

_LINKED = re.compile(r'"[0-9a-f]{24}"')
_NUMBER = itertools.count()


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: schemathesis.SerializationContext, value: object) -> bytes:
    """The text as it is, else the value as one line."""
    return value.encode(errors="replace") if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.hook
def before_call(ctx: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Let half of the changes that the schema takes be such as the glossary may take: upon whatever is there, and of the words
    of the example. Made-up ones name no subject field and no source, and would seldom come further than the rules.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive or next(_NUMBER) % 2:
        return
    if "If-Match" in case.headers and not _LINKED.fullmatch(str(case.headers["If-Match"])):
        case.headers["If-Match"] = "*"
    if case.operation.definition.raw.get("operationId") in ("create_entry", "patch_entry"):
        content = case.operation.definition.raw["requestBody"]["content"]
        case.body = json.loads(json.dumps(content[case.media_type]["example"]))
        if case.operation.definition.raw["operationId"] == "patch_entry":
            case.body["usage_note"] = f"Note {next(_NUMBER)}."
        case.headers.pop("Idempotency-Key", None)
