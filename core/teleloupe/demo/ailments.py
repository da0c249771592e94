"""One folder for each way in which a checksum can fail, made on purpose, and what each is meant to show."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Callable

import rfc8785
from msgspec import Struct

from teleloupe.demo import foundry
from teleloupe.demo.dice import Dice
from teleloupe.formats.toyfoundry.loom import woven_export
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.writing import export_csv, export_json
from teleloupe.sidecar import gnu_line

Files = dict[str, bytes]
NAME = "composite_export.json"


class Ailment(Struct, frozen=True):
    """A folder: its name, the verdict's word, a sentence for its reader, and its files by name."""

    folder: str
    word: str
    story: str
    files: Callable[[Dice], Files]


def ailments(dice: Dice) -> Files:
    """The files of every ailment by path."""
    return {f"{one.folder}/{name}": data for one in AILMENTS for name, data in one.files(dice).items()}


def older_version(dice: Dice) -> Files:
    """What the file of the ailment that needs a history was, and its checksum."""
    data = _export(dice, "older", 3)
    return {NAME: data, f"{NAME}.sha256": _sum(data, NAME)}


def _records(dice: Dice, name: str, rituals: int) -> list[Record]:
    weave = foundry.woven(*foundry.feeds(Dice(dice.below(1 << 32, "ailment", name)), 2, rituals))
    return woven_export(weave).records


def _export(dice: Dice, name: str, rituals: int = 5) -> bytes:
    return "".join(export_json(_records(dice, name, rituals))).encode()


def _signed(now: bytes, then: bytes) -> Files:
    """An export as it is now, with the checksum of what it was then."""
    return {NAME: now, f"{NAME}.sha256": _sum(then, NAME)}


def _sum(data: bytes, name: str) -> bytes:
    return f"{gnu_line(hashlib.sha256(data).hexdigest(), name)}\n".encode()


def _line_ends(dice: Dice) -> Files:
    data = _export(dice, "line-ends")
    return _signed(data, data.replace(b"\n", b"\r\n"))


def _final_newline(dice: Dice) -> Files:
    data = _export(dice, "final-newline")
    return _signed(data, data.rstrip(b"\n"))


def _mark(dice: Dice) -> Files:
    data = _export(dice, "mark")
    return _signed(data, codecs.BOM_UTF8 + data)


def _encoding(dice: Dice) -> Files:
    data = _export(dice, "encoding")
    return _signed(data, codecs.BOM_UTF16_LE + data.decode().encode("utf-16-le"))


def _canonical(dice: Dice) -> Files:
    data = _export(dice, "canonical")
    return _signed(data, rfc8785.dumps(json.loads(data)))


def _grown(dice: Dice) -> Files:
    _, feed = foundry.feeds(Dice(dice.below(1 << 32, "grown")), 2, 9)
    then = b"".join(feed.splitlines(keepends=True)[:6])
    name = "forge_rituals.jsonl"
    return {name: feed, f"{name}.sha256": _sum(then, name)}


def _older(dice: Dice) -> Files:
    return {NAME: _export(dice, "older", 6), f"{NAME}.sha256": older_version(dice)[f"{NAME}.sha256"]}


def _twin(dice: Dice) -> Files:
    records = _records(dice, "twin", 5)
    data, table = "".join(export_json(records)).encode(), "".join(export_csv(records)).encode()
    csv = NAME.replace(".json", ".csv")
    return {NAME: data, csv: table, f"{NAME}.sha256": _sum(data, NAME), f"{csv}.sha256": _sum(data, csv)}


def _moved(dice: Dice) -> Files:
    data, before = _export(dice, "moved"), "composite_export_old.json"
    return {NAME: data, f"{before}.sha256": _sum(data, before)}


def _missing(dice: Dice) -> Files:
    return {f"{NAME}.sha256": _sum(_export(dice, "missing"), NAME)}


def _unreadable(dice: Dice) -> Files:
    return {NAME: _export(dice, "unreadable"), f"{NAME}.sha256": b"error: Get-FileHash is not recognised\n"}


def _ambiguous(dice: Dice) -> Files:
    data = _export(dice, "ambiguous")
    return {NAME: data, f"{NAME}.sha256": _sum(data, NAME) + _sum(data + b"\n", NAME)}


def _unvouched(dice: Dice) -> Files:
    return {NAME: _export(dice, "unvouched")}


def _edited(dice: Dice) -> Files:
    mint, ritual = foundry.feeds(Dice(dice.below(1 << 32, "edited")), 2, 6)
    weave = foundry.woven(mint, ritual)
    then = "".join(export_json(woven_export(weave).records)).encode()
    now = then.replace(b'"units_processed": ', b'"units_processed": 1', 1)
    base = foundry.TELEMETRY
    return {
        f"{base}/forge_mint_alfa.jsonl": mint,
        f"{base}/forge_rituals.jsonl": ritual,
        f"{foundry.EXPORTS}/{NAME}": now,
        f"{foundry.EXPORTS}/{NAME}.sha256": _sum(then, NAME),
    }


def _mismatch(dice: Dice) -> Files:
    data = _export(dice, "mismatch")
    return _signed(data, data.replace(b'"completed"', b'"failed"', 1) + b"lost\n")


AILMENTS = (
    Ailment("line-ends", "line-endings", "summed with CRLF line ends, stored with LF", _line_ends),
    Ailment("final-newline", "final-newline", "summed before the final newline was added", _final_newline),
    Ailment("byte-order-mark", "bom", "summed with a byte order mark", _mark),
    Ailment("utf-16", "encoding", "summed as UTF-16, as PowerShell writes it", _encoding),
    Ailment("canonical-form", "canonical-form", "summed as canonical JSON, stored indented", _canonical),
    Ailment("grown", "truncated", "the feed has grown since it was summed", _grown),
    Ailment(
        "older-version", "older-version", "the checksum was not renewed with the file; git has the old one", _older
    ),
    Ailment("twin", "twin", "the CSV carries the sum of its JSON twin", _twin),
    Ailment("moved", "elsewhere", "the file was renamed, its checksum was not", _moved),
    Ailment("missing", "missing-artefact", "a checksum of a file that is not here", _missing),
    Ailment("unreadable", "unreadable-claim", "a checksum file with an error message in it", _unreadable),
    Ailment("ambiguous", "ambiguous-claim", "a checksum file with two digests for one file", _ambiguous),
    Ailment("edited", "regenerated", "a number was edited; the loom's own work has the sum", _edited),
    Ailment("unexplained", "mismatch", "nothing here explains the sum: changed, and no trace how", _mismatch),
    Ailment("unvouched", "none", "no checksum at all", _unvouched),
)
