"""Which kind of Toyfoundry artefact a file is: content first, name second (specification, section 1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from teleloupe import jsontext, text
from teleloupe.formats.toyfoundry.shapes import CLERK_COLUMNS, FIELDS, WIDE_COLUMNS
from teleloupe.model import Detection
from teleloupe.sketch import Sketch

LINES_TRIED = 8  # a feed may begin with a broken line
ENTRIES_TRIED = 8  # and a rollup with an empty entry
EXPORT_STEM = "composite_export"  # makes an export of an empty array, wherever it stands in the name

_NAMES = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"^canary_clerk.*\.csv$", "clerk-csv"),
        (r"^canary_clerk.*\.json$", "clerk"),
        (r"composite_export.*\.csv$|^canary_batch.*\.csv$", "export-csv"),
        (r"composite_export.*\.json$|^canary_batch.*\.json$", "export"),
        (r"(quilt_rollup_all|composite_rollup).*\.json$", "rollup"),
        (r"(quilt_rollup|mint_rollup).*\.json$", "mint-rollup"),
        (r"^build_info.*\.json$", "build-info"),
        (r"^export_manifest.*\.json$", "manifest"),
        (r"^forge_mint.*\.jsonl$|_mint\.jsonl$", "mint-feed"),
        (r"^forge_ritual.*\.jsonl$|_rituals?\.jsonl$", "ritual-feed"),
    )
)
_WORDS = ("canary_", "composite_", "quilt_", "mint", "build_info", "export_", "_ritual")  # one is in each of them
_EXPORT_FIELDS = frozenset(FIELDS)
_ENOUGH_FIELDS = 4  # of the six; the first record of an export may lack some


def detect(sketch: Sketch) -> Detection | None:
    """The kind of a file and why, or None when it is no Toyfoundry telemetry."""
    found = _BY_ROOT.get(sketch.root, _nothing)(sketch)
    if found is None and sketch.name.endswith(".jsonl"):
        found = _feed(sketch)
    return found or named(sketch.name)


def named(name: str) -> Detection | None:
    """The kind that a file's name suggests."""
    lowered = name.lower()
    if name.isascii() and not any(word in lowered for word in _WORDS):
        return None
    for pattern, kind in _NAMES:
        if pattern.search(name):
            return Detection(kind, f"named like a {kind}", is_certain=False)
    return None


def kind_of_header(cells: list[str]) -> str | None:
    """The kind of CSV file with exactly this header row (section 2.6)."""
    return _HEADERS.get(tuple(cells))


def _array(sketch: Sketch) -> Detection | None:
    keys = sketch.first.keys()
    if {"schema_version", "batch_id"} <= keys:
        return Detection("export", "root array; first object has schema_version and batch_id")
    if {"operation_id", "event_metadata"} <= keys:
        return Detection("wide", "root array; first object has operation_id and event_metadata")
    if {"operation", "units", "timestamp"} <= keys:
        return Detection("clerk", "root array; first object has operation, units and timestamp")
    if len(_EXPORT_FIELDS & keys) >= _ENOUGH_FIELDS:
        return Detection("export", "root array; first object has most fields of an export record")
    if EXPORT_STEM in sketch.name.lower() and sketch.content[1:].lstrip().startswith(b"]"):
        return Detection("export", "empty root array under the name of an export", is_certain=False)
    return None


def _object(sketch: Sketch) -> Detection | None:
    members = sketch.members
    if "$schema" in members:
        return _schema(sketch)
    if "manifest_version" in members:  # as browser extensions have it too
        is_certain = "artifacts" in members or "order_id" in members
        return Detection("manifest", "root object with manifest_version", is_certain=is_certain)
    if "files" in members and "checksums" in members:
        return Detection("manifest", "root object with files and checksums")
    return _build_info(sketch) or _rollup(sketch)


def _schema(sketch: Sketch) -> Detection | None:
    """Schemas are published for much else, so only those of the quilt are certain."""
    told = f"{sketch.get('$id')} {sketch.get('title')}".lower()
    if "toyfoundry" in told or "quilt" in told:
        return Detection("schema", "root object with $schema, about the quilt")
    return Detection("schema", "root object with $schema", is_certain=False)


def _build_info(sketch: Sketch) -> Detection | None:
    members = sketch.members
    if "build_id" in members:
        return Detection("build-info", "root object with build_id")
    if "artifacts" in members and ("retention_days" in members or "rollback_plan" in members):
        return Detection("build-info", "root object with artifacts and retention_days or rollback_plan")
    if "schema" in members and sketch.get("schema") == "build-info@1.0":
        return Detection("build-info", "root object with schema build-info@1.0")
    return None


def _rollup(sketch: Sketch) -> Detection | None:
    objects = [name for name in islice(sketch.members, ENTRIES_TRIED) if sketch.may_be_object(name)]
    if not objects or (b'"rituals"' not in sketch.content and b'"mint_runs"' not in sketch.content):
        return None
    entries = [sketch.get(name) for name in objects]
    if any(isinstance(entry, dict) and "rituals" in entry for entry in entries):
        return Detection("rollup", "root object; its values are objects with rituals")
    if any(isinstance(entry, dict) and "mint_runs" in entry for entry in entries):
        return Detection("mint-rollup", "root object; its values are objects with mint_runs")
    return None


def _feed(sketch: Sketch) -> Detection | None:
    """The first line that can be read and is one of the two decides."""
    for line in islice(filter(str.strip, _first_lines(sketch)), LINES_TRIED):
        value: Any = jsontext.read(line).value
        keys = value.keys() if isinstance(value, dict) else frozenset()
        if "alfa_id" in keys and keys & {"output_path", "seed", "recipe_name"}:
            return Detection("mint-feed", "lines with alfa_id and output_path, seed or recipe_name")
        if "ritual" in keys and "metadata" in keys:
            return Detection("ritual-feed", "lines with ritual and metadata")
    return None


def _first_lines(sketch: Sketch) -> list[str]:
    head = sketch.content[: 64 * 1024].decode("utf-8", "replace")
    return text.lines(head)


def _table(sketch: Sketch) -> Detection | None:
    cells = sketch.first_line.strip().replace('"', "").split(",")
    if kind := kind_of_header(cells):
        return Detection(kind, f"the header row of a {kind}")
    if len(cells) >= _ENOUGH_FIELDS and _EXPORT_FIELDS.issuperset(cells):
        return Detection("export-csv", "a header row with the names of an export")
    return None


def _nothing(_sketch: Sketch) -> Detection | None:
    return None


_CLERK = tuple(found.name for found in CLERK_COLUMNS)
_HEADERS = {
    FIELDS: "export-csv",
    _CLERK: "clerk-csv",
    _CLERK[:-1]: "clerk-csv",  # before batches were named
    tuple(found.name for found in WIDE_COLUMNS): "wide-csv",
}
_BY_ROOT: dict[str, Callable[[Sketch], Detection | None]] = {
    "array": _array,
    "object": _object,
    "lines": _feed,
    "text": _table,
}
