"""The lines of a feed, one by one where they must be (Toyfoundry specification, section 2.0)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from teleloupe import jsontext, text
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.reading import REFUSED, encoding_issues, fault_issues, type_name
from teleloupe.formats.toyfoundry.shapes import Mint, RitualEvent

_mints = msgspec.json.Decoder(Mint)
_rituals = msgspec.json.Decoder(RitualEvent)
_DEPTH_LIMIT = 50  # beyond, a line goes to the reader that bounds depth
_CAUSES_KEPT = 20
_HEAD_BYTES = 12  # of a line, up to its first value
_FLOOD = 1000  # broken lines after which the next ones are only counted


class LineReader:
    """Reads a feed by the block, in order; `findings` has what was wrong with the text."""

    def __init__(self, kind: str, findings: Findings) -> None:
        self.is_mint = kind == "mint-feed"
        self.findings = findings
        self.next_line = 1
        self.refused: list[str] = []  # the first causes that stop the producer
        self.refused_count = 0

    def runs(self, block: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
        """The usable lines of a block of whole lines: the number of a first line, and what it and the next ones hold.

        An entry is a Struct where its block is clean, else a decoded mapping.
        """
        entries = self._clean(block)
        if entries is not None:
            first, self.next_line = self.next_line, self.next_line + len(entries)
            yield first, entries
            return
        for raw in split_lines(block):
            number, self.next_line = self.next_line, self.next_line + 1
            if (entry := self.entry(raw, number)) is not None:
                yield number, (entry,)

    def entry(self, raw: bytes, number: int) -> Any:
        """What a line holds, a Struct where it is clean; None when it is blank or cannot be used, which is an issue."""
        if not raw.strip():
            return None
        if clean := self._clean(raw + b"\n"):
            return clean[0]
        place, decoded = f"line {number}", text.decode(raw)
        line = decoded.text.strip()
        if not line:
            return None
        if self.refused_count > _FLOOD and _is_broken(line):
            self.findings.add(rules.JSON_SYNTAX.issue(place, "the JSON text breaks"))
            self.refuse(place)
            return None
        issues = list(encoding_issues(decoded, place))
        reading = jsontext.read(line)
        issues += fault_issues(reading.faults, line, place)
        if not reading.broken and not isinstance(reading.value, dict):
            words = f"a line is an object, this is {type_name(reading.value)}"
            issues.append(rules.WRONG_ROOT.issue(place, words, expected="object", actual=type_name(reading.value)))
        self.findings.extend(issues)
        fatal = [issue for issue in issues if issue.rule in REFUSED]
        for issue in fatal:
            self.refuse(f"{issue.at}: {issue.message}")
        return reading.value if isinstance(reading.value, dict) and not fatal else None

    def refuse(self, cause: str) -> None:
        """Note something that stops the producer."""
        self.refused_count += 1
        if len(self.refused) < _CAUSES_KEPT:
            self.refused.append(cause)

    def _clean(self, block: bytes) -> list[Any] | None:
        """The lines of a block in which nothing is wrong with any line, none is blank and no key repeats."""
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            return None
        try:
            entries: list[Any] = (_mints if self.is_mint else _rituals).decode_lines(block)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        quotes = sum(map(_mint_quotes if self.is_mint else _ritual_quotes, entries))
        if not _is_one_a_line(block, len(entries)) or block.count(b'"') != quotes:
            return None
        return entries


def _is_one_a_line(block: bytes, count: int) -> bool:
    """Whether `count` objects stand on a line each: as many line feeds, and all but the last between two objects."""
    if block.count(b"\n") != count or not block.startswith(b"{"):
        return False
    end = b"}\r\n" if b"\r" in block else b"}\n"
    heads = (block[:_HEAD_BYTES], b"{")  # most lines begin as the first one, and a longer text is found sooner
    return block.endswith(end) and any(block.count(end + head) == count - 1 for head in heads)


def _is_broken(line: str) -> bool:
    """Whether a line is no JSON at all, told quickly."""
    try:
        json.loads(line)
    except ValueError:
        return True
    except RecursionError:
        return False
    return False


def split_lines(block: bytes) -> list[bytes]:
    """Lines without their ends; LF, CRLF and a lone CR end one."""
    found = re.split(rb"\r\n|\r|\n", block)
    return found[:-1] if found and not found[-1] else found


def _mint_quotes(entry: Mint) -> int:
    """How many quotes a line has at least; it has more where a key repeats (or a quote is escaped)."""
    return 24 + 2 * (entry.output_path is not None) + 2 * (entry.recipe_name is not None)


def _ritual_quotes(entry: RitualEvent) -> int:
    """As for a mint: four keys, three texts, and all that the metadata holds."""
    return 14 + _quotes_below(entry.metadata, _DEPTH_LIMIT)


def _quotes_below(value: Any, levels: int) -> int:
    """How many quotes a container has at least, at all levels; more than any line has where it nests too deep."""
    if not levels:
        return 1 << 40
    children, own = (value.values(), 2 * len(value)) if isinstance(value, dict) else (value, 0)
    for child in children:
        if isinstance(child, dict | list):
            own += _quotes_below(child, levels - 1)
        elif isinstance(child, str):
            own += 2
    return own
