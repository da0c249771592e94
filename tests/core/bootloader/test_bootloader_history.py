"""History columns that pad on the wrong side, and the producer's own reading of WebAssembly."""

from __future__ import annotations

import pytest
from bootloader_machine import leb, module
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.history import candidates, read_history
from teleloupe.formats.bootloader.lineage import explains, spelled
from teleloupe.formats.bootloader.payload import encoded, lenient, strict
from teleloupe.formats.bootloader.rendering import history_lines, table_text
from teleloupe.formats.bootloader.shapes import Columns, HistoryRow
from teleloupe.formats.bootloader.wasm import instructions, structure_faults

CONST, DROP, NOP = b"\x41\x07", b"\x1a", b"\x01"


def rows_of(generations: list[int]) -> list[HistoryRow]:
    return [
        HistoryRow(each, "06:00:00.000", "EXECUTE", ok=True, details="Verification Success") for each in generations
    ]


def read(lines: list[str], final: int | None = None) -> tuple[list[int], set[str]]:
    findings = Findings()
    history = read_history(lines, 1, final, findings)
    return [row.generation for row in history.rows], {issue.code for issue in findings.issues()}


@pytest.mark.parametrize("columns", ["plain", "leaky"])
def test_a_whole_log_is_recovered_from_either_column(columns: Columns) -> None:
    generations = sorted([*range(1106), *range(0, 1106, 7)])

    assert read(history_lines(rows_of(generations), columns), 1106) == (generations, set())


def test_a_padded_generation_can_stand_for_up_to_four() -> None:
    assert candidates("1000") == [1, 10, 100, 1000]
    assert candidates("1200") == [12, 120, 1200]
    assert candidates("0012") == [12]
    assert candidates("12000") == [12000]


@pytest.mark.parametrize(
    ("printed", "final", "expected", "codes"),
    [("5000", 60, 5, {"QB402"}), ("5000", 4, 5, set()), ("0000", 9, 0, {"QB403"})],
)
def test_a_row_that_does_not_follow_on_is_taken_for_the_nearest(
    printed: str, final: int, expected: int, codes: set[str]
) -> None:
    lines = history_lines(rows_of([0, 1, 2]), "leaky")
    lines.append(lines[-1].replace("[GEN 2000]", f"[GEN {printed}]"))

    generations, found = read(lines, final)

    assert generations[-1] == expected
    assert found == codes


def test_midnight_is_no_fall() -> None:
    lines = history_lines(rows_of([0, 1, 2]), "plain")
    lines[0] = lines[0].replace("06:00", "23:59")
    lines[1] = lines[1].replace("06:00", "00:01")

    assert read(lines)[1] == set()
    assert read([lines[1], lines[2], lines[1]])[1] == {"QB405", "QB403"}


def test_details_may_hold_bars() -> None:
    findings = Findings()

    history = read_history(["[GEN 0000] 06:00:00.000 | REPAIR     | FAIL | a | b | c"], 1, None, findings)

    assert history.rows[0].details == "a | b | c"


def test_instructions_are_the_first_functions_without_its_end() -> None:
    code = [b"\x20\x00", b"\x41\xe5\x8e\x26", b"\x04\x40", NOP, b"\x0b", b"\x10\x81\x01"]

    assert instructions(module(code)) == tuple(code)


def test_immediates_are_read_the_producers_way_even_where_that_is_wrong() -> None:
    floating = [b"\x43", b"\xcd", b"\xcc", b"\xcc", b"\x3d"]  # f32.const 0.1, its bytes taken for opcodes

    assert instructions(module([b"".join(floating)])) == tuple(floating)


@pytest.mark.parametrize(
    "payload", [b"", b"\0asm", b"\0asm\1\0\0\0", module([])[:-4], b"\0asm\1\0\0\0\x0a\xff\xff\xff"]
)
def test_lying_sizes_never_lead_beyond_the_payload(payload: bytes) -> None:
    assert b"".join(instructions(payload)) in (b"", payload[-4:])


def test_sections_are_told_apart_from_their_faults() -> None:
    good = module([NOP])

    assert list(structure_faults(good)) == []
    assert list(structure_faults(good[:8])) == ["there is no code section"]
    assert list(structure_faults(good + b"\x0e\x00")) == [f"section id 14 at byte {len(good) + 2} is unknown"]
    assert list(structure_faults(good + b"\x01\x00")) == [f"section 1 at byte {len(good) + 2} is out of order"]
    assert list(structure_faults(good + b"\x00\x05a")) == [f"section 0 at byte {len(good) + 2} claims 5 bytes of 1"]


@given(st.binary(max_size=200))
def test_any_bytes_have_instructions_that_are_theirs(payload: bytes) -> None:
    for data in (payload, b"\0asm\1\0\0\0" + payload, b"\0asm\1\0\0\0\x0a" + leb(len(payload)) + payload):
        assert b"".join(instructions(data)) in data
        list(structure_faults(data))
        table_text(instructions(data), "leaky", "padded")


@given(st.text(max_size=60))
def test_base64_is_canonical_or_decoded_the_producers_way(text: str) -> None:
    payload = strict(text)

    assert payload is None or encoded(payload) == text
    assert lenient(encoded(lenient(text))) == lenient(text)


def test_lenient_base64_skips_foreign_characters_and_stops_at_the_padding() -> None:
    assert lenient("A*G F\nzbQ") == b"\0asm"
    assert lenient("AGFz=bQ==") == b"\0as"
    assert lenient("AGFzb") == b"\0as"


@pytest.mark.parametrize(
    ("details", "before", "after", "expected"),
    [
        (None, [NOP], [NOP], True),
        (None, [NOP], [], False),
        ("No safe deletion targets found (Skipped)", [NOP], [NOP], True),
        ("Instruction set empty", [], [], True),
        ("Inserted: [i32.const 7, drop] at 1", [NOP, NOP], [NOP, CONST, DROP, NOP], True),
        ("Inserted: [i32.const 7, drop] at 0", [NOP, NOP], [NOP, CONST, DROP, NOP], False),
        ("Inserted: [i32.const 8, drop] at 1", [NOP, NOP], [NOP, CONST, DROP, NOP], False),
        ("Modified: [0x6A] at 0", [NOP], [b"\x6a", NOP], True),
        ("Appended [drop]", [NOP], [NOP, DROP], True),
        ("Appended [drop]", [NOP], [DROP, NOP], False),
        ("Deleted NOP at index 1", [CONST, NOP, DROP], [CONST, DROP], True),
        ("Deleted NOP at index 5", [CONST, NOP, DROP], [CONST, DROP], False),
        ("Pruned math sequence [0x6A]", [NOP, CONST, CONST, b"\x6a", DROP], [NOP], True),
        ("Pruned control flow block", [NOP] * 6, [NOP], True),
        ("Deleted balanced pair [i32.const, drop]", [NOP, CONST, DROP, NOP], [NOP, NOP], True),
        ("Deleted balanced pair [i32.const, drop]", [NOP, CONST, DROP, NOP], [CONST, NOP], False),
        ("Something else", [NOP], [NOP], False),
    ],
)  # fmt: skip
def test_an_evolve_row_explains_just_its_change(
    details: str | None, before: list[bytes], after: list[bytes], expected: bool
) -> None:
    assert explains(details, before, after) is expected


def test_instructions_are_spelled_with_their_first_immediate_byte() -> None:
    assert spelled([b"\x41\xe5\x01", b"\x04\x40", b"\x6a"]) == "i32.const 229, 0x04 64, 0x6A"
