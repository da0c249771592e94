"""Bringing the files around an export up to date with it (Toyfoundry specification, section 7)."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from teleloupe import text
from teleloupe.formats.toyfoundry.conversions import integer_of
from teleloupe.formats.toyfoundry.flatten import LOOM_ORDER, has_lone_surrogate
from teleloupe.formats.toyfoundry.shapes import FIELDS, Record
from teleloupe.formats.toyfoundry.writing import Eol, encoded, sidecar_text

Digests = Mapping[str, str]  # file name -> digest in upper-case hex, as the producer writes it
_LONGEST = 10**4300 - 1
BATCH_LISTS = ("batch_contents", "canary_batches")

_records = msgspec.json.Decoder(list[Record])
_HEX = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")


class CannotRefresh(ValueError):
    """A document that a refresh would lose something of, with the reason in words."""


def metadata_root(content: bytes) -> dict[str, Any]:
    """The object of a metadata document, read as the producer reads it. Raises CannotRefresh."""
    root = _decoded(content)
    if not isinstance(root, dict):
        raise CannotRefresh("it is no JSON object")
    return root


def export_records(content: bytes) -> Sequence[Record | dict[str, Any]]:
    """The records of a JSON export in the loom's order, their values untouched. Raises CannotRefresh."""
    try:
        return sorted(_records.decode(content), key=LOOM_ORDER)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        records = _decoded(content)
    if not isinstance(records, list):
        raise CannotRefresh("it is no JSON array")
    return loom_ordered(records)


def loom_ordered(records: Sequence[Any]) -> Sequence[Record | dict[str, Any]]:
    """Decoded records of an export in the loom's order. Raises CannotRefresh where it could not write them."""
    for index, record in enumerate(records):
        if not isinstance(record, dict | Record):
            raise CannotRefresh(f"record {index} is no object")
        if isinstance(record, dict) and (missing := [field for field in FIELDS if field not in record]):
            raise CannotRefresh(f"record {index} lacks {', '.join(missing)}, which its CSV row needs")
        if any(isinstance(value := value_of(record, field), str) and has_lone_surrogate(value) for field in FIELDS):
            raise CannotRefresh(f"record {index} holds half a surrogate pair, which no CSV file can")
    try:
        return sorted(records, key=_loom_key)
    except TypeError:
        raise CannotRefresh("its batch ids, rituals or statuses are of types that cannot be sorted together") from None


def exported_manifest(root: dict[str, Any], digests: Digests, now: str) -> dict[str, Any]:
    """A manifest as an export refreshes it: its time, entries by `filename`, and checksums that are there."""
    manifest = copy.deepcopy(root)
    manifest["generated_at"] = now
    for entry in _entries(manifest):
        if (digest := _named(digests, entry.get("filename"))) is not None:
            entry["sha256"] = digest
    _update_present(manifest.get("checksums"), digests)
    return manifest


def exported_build_info(root: dict[str, Any], digests: Digests, now: str) -> dict[str, Any]:
    """A build info as an export refreshes it: its time, entries by the base name of `path`, and names in a map."""
    build_info = copy.deepcopy(root)
    build_info["timestamp"] = now
    for entry in _entries(build_info):
        path = entry.get("path")
        if isinstance(path, str) and (digest := _named(digests, path.rstrip("/").rpartition("/")[2])) is not None:
            entry["sha256"] = digest
    _update_present(build_info.get("artifacts"), digests)
    return build_info


def refreshed_metadata(
    root: dict[str, Any], time_key: str, digests: Digests, records: Sequence[Record | dict[str, Any]], now: str
) -> dict[str, Any]:
    """A metadata document brought up to date with records: digests, time, counts and lists that are there already."""
    document = copy.deepcopy(root)
    document[time_key] = now
    for entry in _entries(document):
        named = [_named(digests, _base_name(entry.get(key))) for key in ("filename", "path")]
        if "sha256" in entry and (digest := next(filter(None, named), None)):
            entry["sha256"] = digest
    _update_present(document.get("checksums"), digests)
    _update_present(document.get("artifacts"), digests)
    _update_counts(document, records)
    return document


def refreshed_sidecar(existing: bytes | None, sha256: str, eol: Eol) -> bytes:
    """A sidecar for a new digest in the style of the one that is there: layout, path, case and encoding stay."""
    found = text.decode(existing) if existing else None
    digests = {digest.lower() for digest in _HEX.findall(found.text)} if found else set()
    if not found or len(digests) != 1 or found.bad_offset >= 0:
        return encoded(sidecar_text(sha256), eol)
    renewed = _HEX.sub(lambda old: sha256 if old[0] == old[0].lower() else sha256.upper(), found.text)
    marks = {"utf-8": "utf-8-sig", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "": "utf-8"}
    return renewed.encode(marks[found.mark]) if "16" not in found.mark else ("\ufeff" + renewed).encode(found.mark)


def unit_count(records: Sequence[Record | dict[str, Any]]) -> int | None:
    """The sum of the units of records, text of an integer included; None where one does not convert.

    None as well for a sum of more digits than an integer is read with, since no document can state it.
    """
    units = [integer_of(value_of(record, "units_processed")) for record in records]
    total = 0 if None in units else sum(cast("list[int]", units))
    return None if None in units or abs(total) > _LONGEST else total


def batch_names(records: Sequence[Record | dict[str, Any]]) -> list[str]:
    """The distinct batch ids of records, sorted."""
    return sorted({str(value_of(record, "batch_id")) for record in records})


def value_of(record: Record | dict[str, Any], field: str) -> Any:
    """A field of a record, Struct or decoded; None where it is missing."""
    return record.get(field) if isinstance(record, dict) else getattr(record, field)


def _loom_key(record: Record | dict[str, Any]) -> tuple[Any, ...]:
    return value_of(record, "batch_id"), value_of(record, "ritual"), value_of(record, "status")


def _update_counts(document: dict[str, Any], records: Sequence[Record | dict[str, Any]]) -> None:
    """Counts and lists of batches; `batches` stays, as the producer leaves it."""
    counts = document.get("counts")
    if isinstance(counts, dict):
        units = unit_count(records)
        if "records" in counts:
            counts["records"] = len(records)
        if "units_total" in counts and units is not None:
            counts["units_total"] = units
    batches = batch_names(records)
    for key in BATCH_LISTS:
        if key in document:
            document[key] = batches
    if "batch_count" in document:
        document["batch_count"] = len(batches)


def _decoded(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise CannotRefresh(f"byte {fault.start} is not UTF-8") from None
    except (ValueError, RecursionError) as fault:
        raise CannotRefresh(f"it cannot be read: {str(fault)[:120].lower()}") from None


def _entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    listed = document.get("artifacts")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _update_present(listed: Any, digests: Digests) -> None:
    if isinstance(listed, dict):
        listed.update({name: digest for name, digest in digests.items() if name in listed})


def _named(digests: Digests, name: Any) -> str | None:
    return digests.get(name) if isinstance(name, str) else None


def _base_name(path: Any) -> str:
    return path.replace("\\", "/").rpartition("/")[2] if isinstance(path, str) else ""
