"""Text reports in every dialect: what is read is what was meant, and a cut file never says anything wrong."""

from __future__ import annotations

import pytest
from bootloader_machine import Machine, run_texts, written
from msgspec.structs import replace

from teleloupe import formats
from teleloupe.formats.bootloader.outline import END, SEQUENCE
from teleloupe.formats.bootloader.shapes import BANNER, Dialect, Report
from teleloupe.model import Blob, Document, Severity

TEXTS = run_texts(12, seed=5, failing=(3,))
DIALECTS = [
    Dialect(history=history, table=table, arguments=arguments)
    for history in ("plain", "leaky")
    for table in ("plain", "leaky")
    for arguments in ("padded", "unpadded")
]


def load(data: bytes, name: str = "gen_12.txt") -> Document:
    return formats.load(Blob(name, data, len(data), 0, ""), "bootloader")


def body(data: bytes, name: str = "gen_12.txt") -> Report:
    report: Report = load(data, name).body
    return report


def codes(document: Document, severity: Severity | None = None) -> set[str]:
    return {issue.code for issue in document.issues if severity in (None, issue.severity)}


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
def test_every_dialect_reads_the_same_and_is_remembered(dialect: Dialect) -> None:
    report = list(Machine(5, (3,)).run(12))[-1]
    document = load(written(replace(report, dialect=dialect)))

    found: Report = document.body
    assert document.issues == ()
    assert list(document.records) == list(report.history.rows if report.history else ())
    assert (found.dialect.history, found.dialect.table) == (dialect.history, dialect.table)
    assert found.dialect.arguments == dialect.arguments
    assert found.instructions == report.instructions
    assert written(found) == written(replace(report, dialect=dialect))


def test_the_header_has_its_canonical_names_in_order() -> None:
    header = load(TEXTS[11]).header

    assert list(header) == [
        "generated", "generation", "kernel_size", "attempted", "applied", "breakdown", "trap", "duration",
        "min", "max", "opcodes", "kernel",
    ]  # fmt: skip
    assert header["breakdown"] == {"insert": 3, "delete": 0, "modify": 3, "append": 3}
    assert header["kernel"]["bytes"] == header["kernel_size"]


def test_the_unset_range_is_null() -> None:
    report = next(Machine(5).run(1))
    unset = replace(report, values={**report.values, "min": 2147483647, "max": 0})

    header = load(written(unset), "gen_1.txt").header

    assert header["min"] is header["max"] is None


def test_the_last_value_of_a_label_counts() -> None:
    data = TEXTS[11].replace(b"Generated: ", b"Generated: 2026-01-01T00:00:00.000Z\nGenerated: ")

    assert load(data).header["generated"] == load(TEXTS[11]).header["generated"]


def test_header_lines_and_sections_come_in_any_order() -> None:
    text = TEXTS[11].decode()
    head, _, rest = text.partition("\n\n")
    sections = rest.removesuffix(f"{END}\n").rstrip("\n").split("\n\n")
    banner, *labels = head.split("\n")
    shuffled = "\n".join([banner, "", *(f"{part}\n" for part in reversed(sections)), *reversed(labels), END, ""])

    document = load(shuffled.encode())

    assert document.issues == ()
    assert document.header == load(TEXTS[11]).header


def test_labels_in_an_unknown_section_are_its_content() -> None:
    dashes = "-" * 80
    section = f"WEIGHTS:\n{dashes}\n0.5 0.5\nKernel Size: 9999 bytes\n{dashes}\n\nHEX DUMP:".encode()

    document = load(TEXTS[11].replace(b"HEX DUMP:", section))

    assert document.header["kernel_size"] == load(TEXTS[11]).header["kernel_size"]
    assert document.header["unknown"] == {"WEIGHTS": ["0.5 0.5", "Kernel Size: 9999 bytes"]}
    assert codes(document) == {"QB104"}


def test_an_unclosed_section_ends_at_the_next_label_and_has_no_values() -> None:
    text = TEXTS[11].decode()
    at = text.index("HEX DUMP:")
    closing = text.rindex("-" * 80, 0, at)

    document = load((text[:closing] + text[closing + 81 :]).encode())

    assert "opcodes" not in document.header
    assert codes(document) == set()


def test_level_basic_is_three_lines_and_complete() -> None:
    data = f"{BANNER}\nGenerated: 2026-03-01T06:00:00.000Z\nFinal Generation: 7\n".encode()
    document = load(data, "gen_7.txt")

    assert (document.is_complete, document.issues, document.body.form) == (True, (), "text-basic")
    assert not load(data[:-1], "gen_7.txt").is_complete


def test_the_prototype_splits_an_if_from_its_block_type() -> None:
    machine = Machine(5)
    machine.code = [b"\x41\x01", b"\x04\x40", b"\x0b"]
    report = machine.report()
    report = replace(
        report,
        values={**report.values, "era": "PRIMORDIAL"},
        sections=report.sections - {SEQUENCE},
        dialect=Dialect(history="plain", table="plain", arguments="unpadded"),
    )
    as_head = b"001 | 0x0002 | 0x04         0x40\n002 | 0x0004 | end"
    as_prototype = b"001 | 0x0002 | 0x4          \n002 | 0x0003 | 0x40         \n003 | 0x0004 | end"
    assert as_head in written(report)

    document = load(written(report).replace(as_head, as_prototype), "quine_sys_telemetry_1_gen0.txt")

    assert codes(document) == {"QB215"}
    assert document.body.dialect.is_prototype
    assert document.body.instructions == tuple(machine.code)


PREFIXED = {
    "with repairs": TEXTS[11],
    "with CRLF": TEXTS[5].replace(b"\n", b"\r\n"),
    "with instances": TEXTS[6].replace(b"\nCURRENT", "INSTANCES: 2\n  AGFzbQEAAAA=\n  größe\n\nCURRENT".encode(), 1),
    "with an unknown section": TEXTS[7].replace(b"HEX DUMP", b"WEIGHTS:\n---\n1\n---\n\nHEX DUMP"),
    "before any mutant": written(next(Machine(9).run(1))),
}  # fmt: skip


@pytest.mark.parametrize("kind", PREFIXED)
def test_no_prefix_says_anything_wrong(kind: str) -> None:
    data = PREFIXED[kind]
    whole = load(data, "gen.txt")
    own = codes(whole, "warning") | codes(whole, "info") | {"QB004", "QB009"}

    for end in range(len(data)):
        document = load(data[:end], "gen.txt")
        assert codes(document) <= own, end
        header = {name: value for name, value in document.header.items() if name != "unknown"}
        assert header.items() <= whole.header.items(), end
        assert not document.records or document.records == whole.records, end
