"""A session's records written anew: contract order, exact seeds, scores as read (Clamp specification, section 10)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from teleloupe.formats import Product
from teleloupe.formats.clamp.shapes import CONTRACT_FIELDS, Body
from teleloupe.model import Document
from teleloupe.safe import compact

_HEADER = f"{','.join(CONTRACT_FIELDS)}\n"
FOLDER = "normalised"  # beside the session directory, never in it: the aggregator reads every .json there


def session_products(document: Document, _documents: Mapping[str, Document]) -> Iterator[Product]:
    """A session file normalised, and its records as JSON lines and CSV; nothing for one that is not read to its end."""
    body = document.body
    if type(body) is not Body or not (body.is_judged and body.has_records):
        return
    home = document.path.rpartition("/")[0].rpartition("/")[0]
    place = f"{home}/{FOLDER}/{document.name}" if home else f"{FOLDER}/{document.name}"
    records = [ordered(record) for record in document.records]
    top = {name: value for name, value in document.header.items() if name != "records"}
    yield Product(place, _text({**top, "records": records}))
    stem = place.removesuffix(".json")
    lines = [_text(with_seed_text(record)) for record in records]
    yield Product(f"{stem}.records.jsonl", b"".join(lines))
    yield Product(f"{stem}.records.csv", "".join([_HEADER, *map(_row, records)]).encode())


def ordered(record: Any) -> dict[str, Any]:
    """A record's fields, the contract's first and in its order, the others as they came."""
    found = record if isinstance(record, dict) else msgspec.to_builtins(record)
    if not isinstance(found, dict):
        return {"record": found}
    contract = {name: found[name] for name in CONTRACT_FIELDS if name in found}
    return contract | {name: value for name, value in found.items() if name not in contract}


def with_seed_text(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its seed also as decimal text and as sixteen hexadecimal digits, for readers that round."""
    seed = record.get("seed")
    if type(seed) is not int or seed < 0:
        return dict(record)
    return {**record, "seed_text": str(seed), "seed_hex": f"0x{seed:016x}"}


def _row(record: Mapping[str, Any]) -> str:
    """A CSV row of the contract's fields, texts and seeds quoted."""
    return f"{','.join(_cell(name, record.get(name)) for name in CONTRACT_FIELDS)}\n"


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name != "seed" and type(value) in (int, float):
        return compact(value)
    text = value if isinstance(value, str) else compact(value)
    guard = "'" if isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else ""
    quoted = text.replace('"', '""').encode("utf-8", "backslashreplace").decode()
    return f'"{guard}{quoted}"'


def _text(value: Any) -> bytes:
    """One line of JSON; text that UTF-8 cannot hold is escaped."""
    try:
        return msgspec.json.encode(value) + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode() + b"\n"
