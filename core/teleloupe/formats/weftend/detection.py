"""Which WeftEnd artefact a file is (section 9): by its `schema`, its name only where that cannot be read."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from teleloupe.formats.weftend.constants import (
    CONDUIT_PREFIX,
    FOREIGN,
    KIND_BY_NAME,
    KINDS,
    MAX_FILE_BYTES,
    PREFIX,
    STAGE_SUFFIX,
)
from teleloupe.model import Detection
from teleloupe.sketch import WHOLE_BYTES, Sketch

_TAIL_BYTES = 256
_TAIL_SCHEMA = re.compile(rb'"schema"\s*:\s*"(weftend\.[A-Za-z0-9._/-]{1,80})"\s*(?:,\s*"v"\s*:\s*0\s*)?\}\s*\Z')
_STEM = re.compile(r"weftend\.telemetry\.(\w+)/")
_KIND_BY_STEM = {match[1]: kind for schema, kind in KINDS.items() if (match := _STEM.match(schema))}


class _Root(msgspec.Struct):
    schema: Any = None


_roots = msgspec.json.Decoder(_Root)


def detect(sketch: Sketch) -> Detection | None:
    """Kind and reason; a version that is not known goes by the kind its name or its schema's stem suggests."""
    name = sketch.name
    if name.endswith(STAGE_SUFFIX):
        return None
    schema = _schema(sketch)
    if not schema.startswith(PREFIX):
        return _by_name(name)
    if schema in KINDS:
        return Detection(KINDS[schema], f"root object with schema {schema}")
    if name in KIND_BY_NAME or schema.startswith(CONDUIT_PREFIX):
        return Detection(
            claimed_kind(name, schema), f"claims to be a conduit artefact, of a schema that is not known: {schema[:80]}"
        )
    where = "lines of objects" if sketch.root == "lines" else "root object"
    return Detection(FOREIGN, f"{where} with schema {schema[:80]}, which is no conduit artefact")


def claimed_kind(name: str, schema: str) -> str:
    """The kind that a file claims to be by its name, else by its schema whatever the version; "" when neither tells."""
    match = _STEM.match(schema)
    return KIND_BY_NAME.get(name) or (_KIND_BY_STEM.get(match[1], "") if match else "")


def _by_name(name: str) -> Detection | None:
    kind = KIND_BY_NAME.get(name)
    return Detection(kind, f"named {name}", is_certain=False) if kind else None


def _schema(sketch: Sketch) -> str:
    """The root object's or first line's schema, "" when there is none to be read.

    Canonical text has it at its end, which the outline of a large file does not reach.
    """
    if sketch.root == "lines":
        return _text(sketch.first.get("schema"))
    if sketch.root != "object":
        return ""
    value = sketch.members.get("schema")
    if value is None and len(sketch.blob.data) > WHOLE_BYTES:
        return _schema_beyond(sketch)
    if isinstance(value, msgspec.Raw):
        value = sketch.get("schema") if b"\\" in bytes(value) else bytes(value).decode("utf-8", "replace").strip('"')
    return _text(value)


def _schema_beyond(sketch: Sketch) -> str:
    """The schema of a large file whose beginning does not show it, but perhaps that it is worth looking on."""
    data = sketch.blob.data
    if match := _TAIL_SCHEMA.search(data[-_TAIL_BYTES:]):
        return match[1].decode("ascii")
    if CONDUIT_PREFIX.encode() not in sketch.content or len(data) > MAX_FILE_BYTES:
        return ""
    try:
        return _text(_roots.decode(data).schema)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
