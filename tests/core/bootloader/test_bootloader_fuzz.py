"""Hostile reports: any bytes give a document, in time that grows with their length and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from bootloader_machine import run_texts
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import formats
from teleloupe.formats.bootloader.evolution import evolution, generation_rows
from teleloupe.formats.bootloader.jsonwriter import json_of
from teleloupe.formats.bootloader.rules import RULES
from teleloupe.formats.bootloader.runs import relate
from teleloupe.formats.bootloader.textwriter import text_of
from teleloupe.model import Blob, Document

TEXT = run_texts(6, seed=3, failing=(4,))[5]
JSON = json_of(formats.load(Blob("gen_6.txt", TEXT, len(TEXT), 0, "")).body)
CODES = {rule.code for rule in RULES}
BITS = [
    b"-" * 80, b"\n", b"\r\n", b": ", b":\n", b"|", b"END OF REPORT", b"HEX DUMP:\n", b"INSTANCES: 2\n  x\n", b"\xff",
    b"[GEN 9000] 06:00:00.000 | EVOLVE | OK | x\n", b"Final Generation: 9\n", b"2147483647/0", b"0x", b"{", b"}", b'"',
    b",", b"9" * 30, b"\xed\xa0\x80", b"\xef\xbb\xbf", b"e9", b"1e999", b"null", b"[[[[", b"\\ud800", b"\0",
]  # fmt: skip
ROW = b"[GEN 0000] 06:00:00.000 | EVOLVE | OK | "


def load(data: bytes, name: str = "gen_6.txt") -> Document:
    return formats.load(Blob(name, data, len(data), 0, ""), "bootloader")


def mutated(original: bytes, data: st.DataObject) -> bytes:
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.sampled_from((0, 0, 1, 3, 80, 400)))
        content[at : at + cut] = data.draw(st.sampled_from(BITS) | st.binary(max_size=6))
    return bytes(content)


def exercise(document: Document) -> None:
    """Everything that takes a document of any state."""
    codes = {issue.code for issue in document.issues}
    assert codes <= CODES, codes
    assert document.format == "bootloader"
    relate({document.path: document, "x/gen_5.txt": load(TEXT, "x/gen_5.txt"), "x/gen_6.txt": document})
    generation_rows([document])
    evolution([document])
    json_of(document.body)
    text_of(document.body)
    for index in range(len(document.records)):
        document.record_at(index)


@given(st.data())
@pytest.mark.parametrize("original", [TEXT, JSON], ids=["text", "json"])
def test_any_mutation_gives_a_document(original: bytes, data: st.DataObject) -> None:
    exercise(load(mutated(original, data)))


@given(st.binary(max_size=300))
def test_any_bytes_give_a_document(data: bytes) -> None:
    exercise(load(data))


@given(st.data())
def test_what_is_written_reads_as_what_it_was_made_of(data: st.DataObject) -> None:
    document = load(mutated(TEXT, data))
    again = load(json_of(document.body))

    if document.is_complete and not {issue.severity for issue in document.issues} & {"error"}:
        kept = {
            name: value for name, value in document.header.items() if name not in ("unknown", "era", "trap", "duration")
        }
        assert {name: again.header.get(name) for name in kept} == kept


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "dashes without end": lambda n: b"OPCODE SEQUENCE:\n" + b"-" * n,
    "lines of dashes": lambda n: b"HEX DUMP:\n" + b"---\n" * (n // 4),
    "labels": lambda n: b"".join(b"L%d: x\n" % i for i in range(n // 8)),
    "one label": lambda n: b"Traps: x\n" * (n // 9),
    "sections without end": lambda n: b"HEX DUMP:\n" * (n // 10),
    "unknown sections": lambda n: b"X:\n---\n" * (n // 7),
    "blanks": lambda n: b"Final Generation: 1\n" + b" " * n + b"x\n",
    "empty lines": lambda n: b"Final Generation: 1\n" + b"\n" * n,
    "digits": lambda n: b"Final Generation: " + b"9" * n + b"\n",
    "history rows": lambda n: b"HISTORY LOG:\n---\n" + b"[GEN 0000] x | y | OK | z\n" * (n // 26) + b"---\n",
    "long history rows": lambda n: b"HISTORY LOG:\n---\n" + ROW + b"x | " * (n // 4) + b"\n---\n",
    "dump rows": lambda n: b"HEX DUMP:\n---\n" + b"0x0000  00 |.|\n" * (n // 15) + b"---\n",
    "one dump row": lambda n: b"HEX DUMP:\n---\n0x0000 " + b"00 " * (n // 3) + b"|.|\n---\n",
    "table rows": lambda n: b"DISASSEMBLY:\n---\nIDX\n---\n" + b"000 | 0x0000 | nop\n" * (n // 19) + b"---\n",
    "one table row": lambda n: b"DISASSEMBLY:\n---\nIDX\n---\n000 | 0x0000 | nop " + b"0x00 " * (n // 5) + b"\n---\n",
    "base64": lambda n: b"CURRENT KERNEL (BASE64):\n---\n" + b"gICAgICA" * (n // 8) + b"\n---\n",
    "base64 after a magic": lambda n: b"CURRENT KERNEL (BASE64):\n---\nAGFzbQEAAAAK" + b"gICA" * (n // 4) + b"\n---\n",
    "sections of a module": lambda n: b"CURRENT KERNEL (BASE64):\n---\nAGFzbQEAAAAB" + b"AAAA" * (n // 4) + b"\n---\n",
    "instances": lambda n: b"INSTANCES: 1\n" + b"  x\n" * (n // 4) + b"\nEND OF REPORT\n",
    "braces": lambda n: b"{" * n,
    "brackets": lambda n: b"[" * n,
    "objects": lambda n: b'{"a":' * (n // 5) + b"1" + b"}" * (n // 5),
    "json lines": lambda n: b"{\n" + b'"generation": 1\n' * (n // 16) + b"}",
    "json quotes": lambda n: b'{\n"trapCode": ' + b'"' * n + b"\n}",
    "json history": lambda n: b'{"history": [' + b"{}," * (n // 3) + b"1]}",
    "carriage returns": lambda n: b"Traps: x" + b"\r" * n + b"\n",
    "undecodable bytes": lambda n: b"Traps: x\n" + b"\xff" * n,
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_length_and_no_faster(kind: str) -> None:
    short, long = HOSTILE[kind](40_000), HOSTILE[kind](320_000)

    quick, slow = (min(timed(data) for _ in range(2)) for data in (short, long))

    assert slow < 40 * max(quick, 0.001), (quick, slow)


def timed(data: bytes) -> float:
    start = time.process_time()
    load(data)
    return time.process_time() - start
