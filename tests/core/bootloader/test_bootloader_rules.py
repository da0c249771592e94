"""Each rule of a single report, raised by the smallest edit of a clean one."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Literal

import pytest
from bootloader_machine import Machine, kernel, module, run_texts, written
from msgspec.structs import replace

from teleloupe import formats
from teleloupe.formats.bootloader.compression import compressed
from teleloupe.formats.bootloader.payload import encoded
from teleloupe.formats.bootloader.rendering import dump_lines
from teleloupe.model import GZIP_CUT, Blob, Document

CLEAN = run_texts(8, seed=3, failing=(4,))[7].decode()
ENTRY = "AGFzbQEAAAA="  # the shortest instance that begins like a module


def load(text: str | bytes, name: str = "gen_8.txt", packing: Literal["", "gzip"] = "", fault: str = "") -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return formats.load(Blob(name, data, len(data), 0, "", packing, fault))


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def edited(old: str, new: str) -> str:
    assert CLEAN.count(old) >= 1, old
    return CLEAN.replace(old, new, 1)


def without(first: str, last: str = "\n") -> str:
    start = CLEAN.index(first)
    return CLEAN[:start] + CLEAN[CLEAN.index(last, start) + len(last) :]


def section(label: str) -> str:
    """A section from its label to the label of the next one."""
    start = CLEAN.index(f"{label}:\n")
    return CLEAN[start : CLEAN.index("\n\n", start) + 2] if "\n\n" in CLEAN[start:] else CLEAN[start:-14]


def with_payload(payload: bytes) -> str:
    """The clean report with another payload in base64, size and dump alike."""
    start, end = CLEAN.index("HEX DUMP:"), CLEAN.index("DISASSEMBLY:")
    dashes = "-" * 80
    dump = "\n".join(["HEX DUMP:", dashes, *dump_lines(payload), dashes, "", ""])
    text = CLEAN[:start] + dump + CLEAN[end:]
    assert BASE64 in text
    return text.replace(BASE64, encoded(payload)).replace("Kernel Size: 92 ", f"Kernel Size: {len(payload)} ")


CLEAN_REPORT = list(Machine(3, (4,)).run(8))[7]
PAYLOAD = module(list(CLEAN_REPORT.instructions))
BASE64 = kernel(list(CLEAN_REPORT.instructions)).text

EDITS: dict[str, tuple[Callable[[], str | bytes], set[str]]] = {
    "nothing is edited": (lambda: CLEAN, set()),
    "a byte that is no UTF-8": (
        lambda: edited("Traps: ", "Uptime: ").encode().replace(b"overflow\n", b"overflow\xff\n", 1),
        {"QB001", "QB104"},
    ),
    "a byte order mark": (lambda: "\ufeff" + CLEAN, {"QB002"}),
    "CRLF": (lambda: CLEAN.replace("\n", "\r\n"), {"QB003"}),
    "mixed line ends": (lambda: CLEAN.replace("\n", "\r\n", 3), {"QB003"}),
    "nothing": (lambda: "", {"QB004"}),
    "blank lines only": (lambda: "\n \r\n\t\n", {"QB004"}),
    "another text": (lambda: "Dear diary,\ntoday was fine.\n", {"QB007"}),
    "no banner": (lambda: CLEAN.partition("\n")[2], {"QB008"}),
    "no closing line": (lambda: CLEAN[:-14], {"QB009"}),
    "no generation": (lambda: without("Final Generation"), {"QB101"}),
    "a generation in words": (lambda: edited("Generation: 8", "Generation: eight"), {"QB102"}),
    "a generation of 19 digits": (lambda: edited("Generation: 8", "Generation: " + "8" * 19), {"QB102"}),
    "a negative count": (lambda: edited("Attempted: 8", "Attempted: -8"), {"QB102"}),
    "a breakdown with a part missing": (lambda: edited("insert=2, ", ""), {"QB102"}),
    "a range without its end": (lambda: edited("68/92", "68/"), {"QB102"}),
    "a duration in words": (lambda: edited("7.235 ms", "long"), {"QB102"}),
    "a duration that is no number": (lambda: edited("7.235 ms", "nan ms"), {"QB102"}),
    "a label twice": (lambda: edited("Traps: ", "Traps: before\nTraps: "), {"QB103"}),
    "an unknown label": (lambda: edited("Traps: ", "Uptime: 3 s\nTraps: "), {"QB104"}),
    "an unknown section": (lambda: edited("HEX DUMP", f"WEIGHTS:\n{'-' * 80}\n1\n{'-' * 80}\n\nHEX DUMP"), {"QB104"}),
    "a time in words": (lambda: edited("2026-03-01T06:00:49.949Z", "this morning"), {"QB105"}),
    "the thirtieth of February": (lambda: edited("2026-03-01T06", "2026-02-30T06"), {"QB105"}),
    "a time of writing without a value": (lambda: edited("2026-03-01T06:00:49.949Z", ""), {"QB105"}),
    "a time of writing without an offset": (lambda: edited("06:00:49.949Z", "06:00:49.949"), set()),
    "no kernel": (lambda: CLEAN.replace(section("CURRENT KERNEL (BASE64)"), ""), {"QB106"}),
    "no dump": (lambda: CLEAN.replace(section("HEX DUMP"), ""), {"QB106"}),
    "no table": (lambda: CLEAN.replace(section("DISASSEMBLY"), ""), {"QB106"}),
    "no history": (lambda: CLEAN.replace(section("HISTORY LOG"), ""), {"QB106"}),
    "no sequence, as before 188f90c": (lambda: CLEAN.replace(section("OPCODE SEQUENCE"), ""), set()),
    "a stray line": (lambda: edited("Gen Duration", "and more\nGen Duration"), {"QB107"}),
    "the banner twice": (lambda: CLEAN.partition("\n")[0] + "\n" + CLEAN, {"QB107"}),
    "text after the end": (lambda: CLEAN + "\nEND OF REPORT\n", {"QB110"}),
    "a wrong era": (lambda: edited("Mutations Att", "System Era: PRIMORDIAL\nMutations Att"), {"QB111"}),
    "an era without a value": (lambda: edited("Mutations Att", "System Era: \nMutations Att"), {"QB111"}),
    "a right era": (lambda: edited("Mutations Att", "System Era: EXPANSION\nMutations Att"), set()),
    "no time of writing": (lambda: without("Generated"), {"QB112"}),
    "no kernel size": (lambda: without("Kernel Size"), {"QB112"}),
    "foreign characters in base64": (lambda: edited("AGFzbQ", "AGF*zbQ"), {"QB201"}),
    "base64 without padding": (lambda: edited("aGgs=", "aGgs"), {"QB201"}),
    "another kernel size": (lambda: edited("Kernel Size: 92", "Kernel Size: 93"), {"QB202"}),
    "no magic": (lambda: with_payload(b"\0bsm" + PAYLOAD[4:]), {"QB203"}),
    "version 2": (lambda: with_payload(PAYLOAD[:4] + b"\2" + PAYLOAD[5:]), {"QB204"}),
    "sections out of order": (
        lambda: with_payload(PAYLOAD.replace(b"\x05\x03\x01\x00\x01", b"\x01\x03\x01\x00\x01")),
        {"QB205"},
    ),
    "a blank after the kernel size": (lambda: edited("92 bytes\n", "92 bytes \n"), set()),
    "a byte of the dump": (lambda: edited("0x0020  02 01", "0x0020  02 02"), {"QB206"}),
    "a dump offset": (lambda: edited("0x0020  ", "0x0021  "), {"QB207"}),
    "a dump character": (lambda: edited("|....host.emit...|", "|....gost.emit...|"), {"QB208"}),
    "a dump row that is none": (lambda: edited("0x0020  02", "row 2   02"), {"QB209"}),
    "a dump row without bytes": (lambda: edited("0x0020  02", "0x0020 |02"), {"QB209"}),
    "an opcode of the sequence": (lambda: edited("32 32 65 ", "32 33 65 "), {"QB210"}),
    "a short sequence": (lambda: edited("65 26 26 \n", "65 26 \n"), {"QB210"}),
    "an opcode beyond a byte": (lambda: edited("65 26 26 \n", "65 26 256 \n"), {"QB102", "QB210"}),
    "a table row that is none": (lambda: edited("500 | 0x9000 | drop", "500   0x9000   drop"), {"QB211"}),
    "a name of the table": (lambda: edited("0x9000 | drop", "0x9000 | nop "), {"QB212"}),
    "a name that only ends like the right one": (lambda: edited("| 0x6A ", "| xx6A "), {"QB212"}),
    "an argument of the table": (lambda: edited("i32.const    0x3D", "i32.const    0x3E"), {"QB212"}),
    "an address of the table": (lambda: edited("500 | 0x9000", "500 | 0x9001"), {"QB212"}),
    "a table row less": (lambda: without("500 | 0x9000"), {"QB212"}),
    "an index of the table": (lambda: edited("500 | 0x9000", "555 | 0x9000"), {"QB213"}),
    "a payload outside the range": (lambda: edited("68/92", "68/91"), {"QB214"}),
    "no mutant yet": (lambda: edited("68/92", "2147483647/0"), {"QB215"}),
    "a range upside down": (lambda: edited("68/92", "92/68"), {"QB216"}),
    "a breakdown that adds up to more": (lambda: edited("insert=2, delete=0", "insert=2, delete=1"), {"QB301"}),
    "more applied than attempted": (lambda: edited("Applied: 6", "Applied: 9"), {"QB301", "QB302"}),
    "more attempts than rows": (lambda: edited("Attempted: 8", "Attempted: 9"), {"QB303"}),
    "an EVOLVE row that failed is an attempt too": (
        lambda: edited("| EVOLVE     | OK  ", "| EVOLVE     | FAIL"),
        set(),
    ),
    "no breakdown": (lambda: without("Mutation Breakdown"), {"QB304"}),
    "a breakdown of other kinds": (
        lambda: edited("insert=2, delete=0, modify=2", "insert=3, delete=0, modify=1"),
        {"QB305"},
    ),
    "a history row that is none": (lambda: edited("| EXECUTE    | OK   |", "  EXECUTE      OK    "), {"QB401"}),
    "a time of 25 hours": (lambda: edited("] 06:00:10.896 | EXECUTE", "] 25:00:10.896 | EXECUTE"), {"QB401"}),
    "a generation that jumps": (
        lambda: edited("[GEN 3000] 06:00:20.393 | EXECUTE", "[GEN 6000] 06:00:20.393 | EXECUTE"),
        {"QB402", "QB403"},
    ),
    "a generation that falls": (
        lambda: edited("[GEN 6000] 06:00:42.713 | EXECUTE", "[GEN 0001] 06:00:42.713 | EXECUTE"),
        {"QB403"},
    ),
    "a history beyond the report": (lambda: edited("Generation: 8", "Generation: 6"), {"QB108", "QB404"}),
    "a time that falls": (lambda: edited("] 06:00:13.432 | EXECUTE", "] 06:00:09.432 | EXECUTE"), {"QB405"}),
    "another trap": (lambda: edited("Traps: wasm3", "Traps: not wasm3"), {"QB406"}),
    "an unknown action": (lambda: edited("| EXECUTE    |", "| SPAWN      |"), {"QB408"}),
    "a negative duration": (lambda: edited("7.235 ms", "-7.235 ms"), {"QB501"}),
    "fewer instances than declared": (lambda: edited("\nCURRENT", f"INSTANCES: 2\n  {ENTRY}\n\nCURRENT"), {"QB601"}),
    "an instance of any text": (lambda: edited("\nCURRENT", "INSTANCES: 1\n  ONE\n\nCURRENT"), {"QB602"}),
    "an instance that is no module": (lambda: edited("\nCURRENT", "INSTANCES: 1\n  b3RoZXI=\n\nCURRENT"), {"QB603"}),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_raises_its_rule_and_no_other(edit: str) -> None:
    make, expected = EDITS[edit]

    assert codes(load(make())) == expected


def test_the_number_in_the_name_must_be_the_generation() -> None:
    assert codes(load(CLEAN, "gen_9.txt")) == {"QB108"}
    assert codes(load(CLEAN, "quine_telemetry_gen8.txt")) == set()


def test_an_empty_payload_is_a_warning_of_its_own() -> None:
    text = CLEAN.replace(BASE64, "").replace("Kernel Size: 92", "Kernel Size: 0")

    assert codes(load(text)) == {"QB219", "QB206", "QB210", "QB212"}


def test_a_stored_report_above_64_kib_is_a_warning() -> None:
    reason = "x" * 66_000
    text = CLEAN.replace("wasm3 call 'run': [trap] integer overflow", reason)

    assert codes(load(text)) == {"QB005"}
    assert codes(formats.load(Blob("gen_8.txt.gz", text.encode(), 2_000, 0, "", "gzip"))) == set()


def test_a_size_outside_the_range_is_only_worth_knowing_after_a_repair() -> None:
    machine = Machine(3, (4,))
    repaired = [*machine.run(4)][-1]
    machine._pass_time()
    machine._log("REPAIR", "wasm3 call 'run': [trap] unreachable", ok=False)
    report = machine.report()
    text = written(replace(report, values={**report.values, "trap": machine.rows[-1].details, "max": 70}))

    found = [(issue.code, issue.severity) for issue in load(text, "gen_4.txt").issues]

    assert repaired.number == 4
    assert found == [("QB214", "info")]


def test_damaged_gzip_content_has_no_values() -> None:
    document = load(b"", "gen_8.txt.gz", packing="gzip", fault="gzip data is damaged: invalid block type")

    assert codes(document) == {"QB006"}
    assert document.header == {}
    assert not document.is_complete


def test_cut_gzip_content_is_incomplete_even_with_a_closing_line() -> None:
    document = load(CLEAN, "gen_8.txt.gz", packing="gzip", fault=GZIP_CUT)

    assert codes(document) == {"QB009"}
    assert document.header["generation"] == 8
    assert not document.is_complete


def test_content_that_expands_too_far_is_not_read() -> None:
    document = load(b"x" * (64 * 1024 * 1024 + 1), "gen_8.txt.gz", packing="gzip")

    assert codes(document) == {"QB005", "QB011"}


def test_compression_keeps_the_content_and_stores_neither_time_nor_name() -> None:
    packed = compressed(CLEAN.encode())

    assert gzip.decompress(packed) == CLEAN.encode()
    assert packed[:8] == b"\x1f\x8b\x08\0\0\0\0\0"


def test_repeated_faults_are_one_issue_with_a_count() -> None:
    text = CLEAN.replace("| EXECUTE    |", "| SPAWN      |")

    (issue,) = load(text).issues

    assert (issue.code, issue.count) == ("QB408", 8)
    assert issue.at == f"line {CLEAN[: CLEAN.index('EXECUTE')].count(chr(10)) + 1}"
