"""A run as rows and series, two generations side by side, and five tellings of one payload."""

from __future__ import annotations

import hashlib

import pytest
from bootloader_machine import Machine, kernel, run_texts
from msgspec.structs import replace

from teleloupe import formats
from teleloupe.formats.bootloader.comparison import Hunk, described, generation_diff, hunks, tellings
from teleloupe.formats.bootloader.evolution import (
    Point,
    crossing_of,
    evolution,
    generation_rows,
    opcode_counts,
    opcode_heat,
    rejected_shares,
)
from teleloupe.formats.bootloader.failures import class_of, failures, trap_origin
from teleloupe.model import Blob, Document

TEXTS = run_texts(9, seed=7, failing=(5,))
REPORTS = list(Machine(7, (5,)).run(9))


def document(number: int, data: bytes | None = None) -> Document:
    content = TEXTS[number - 1] if data is None else data
    return formats.load(Blob(f"run/gen_{number}.txt", content, len(content), 0, ""))


RUN = [document(number) for number in range(1, 10)]


def test_a_row_tells_what_led_to_its_generation() -> None:
    rows = generation_rows(RUN)

    assert [row.number for row in rows] == list(range(1, 10))
    assert rows[0].mutation.startswith("Inserted: [")
    assert rows[1].mutation.startswith("Appended [")
    assert rows[1].change == (rows[1].size or 0) - (rows[0].size or 0)
    assert (rows[8].attempted, rows[8].applied, rows[8].insert, rows[8].modify, rows[8].append) == (9, 7, 3, 2, 2)
    assert rows[8].sha256 == RUN[8].header["kernel"]["sha256"]
    assert rows[8].instructions == len(RUN[8].header["opcodes"])


def test_durations_are_seconds_where_the_history_shows_it() -> None:
    rows = generation_rows(RUN)

    assert rows[0].duration_ms is None
    assert rows[3].duration_ms == pytest.approx(RUN[3].header["duration"] * 1000)
    assert (
        generation_rows([document(1), document(4, TEXTS[3].replace(b"EXECUTE ", b"EXECUTED"))])[1].duration_ms
        == (RUN[3].header["duration"])
    )


def test_repairs_that_only_later_reports_tell_of_are_counted_too() -> None:
    rows = generation_rows(RUN)

    assert [(row.number, row.repairs, row.trap_class) for row in rows if row.repairs] == [(5, 1, "trap")]
    assert not any(row.repairs for row in generation_rows(RUN[:5]))


def test_repairs_are_counted_for_the_generation_that_failed() -> None:
    failing = Machine(7)
    [*failing.run(5)]
    failing._pass_time()
    failing._log("REPAIR", "Kernel Panic: out of ideas", ok=False)
    repaired = replace(REPORTS[4], history=failing.report().history)
    member = replace(document(5), body=repaired)

    (row,) = generation_rows([member])

    assert (row.repairs, row.trap_class) == (1, "panic")


def test_series_leave_out_what_is_not_told() -> None:
    found = evolution(RUN)

    assert [point.generation for point in found.kernel_bytes] == list(range(1, 10))
    assert [point.generation for point in found.duration_ms] == list(range(2, 10))
    assert found.largest[-1].value == max(point.value for point in found.kernel_bytes)
    assert found.crossing is not None
    assert found.crossing > 100


def test_the_limit_is_crossed_where_reports_outgrow_it() -> None:
    assert crossing_of([Point(1, 1000), Point(2, 66_000)]) == 2
    assert crossing_of([Point(1, 1000), Point(2, 2000)]) == 66
    assert crossing_of([Point(1, 2000), Point(2, 2000)]) is None
    assert crossing_of([Point(1, 2000)]) is None


def test_a_generation_without_an_evolve_row_was_rejected() -> None:
    report = RUN[3].body
    rows = [row for row in report.history.rows if not (row.generation == 1 and row.action == "EVOLVE")]
    thinned = replace(report, history=replace(report.history, rows=rows))

    assert rejected_shares(thinned) == (Point(1, 0), Point(2, 1 / 2), Point(3, 1 / 3), Point(4, 1 / 4))


def test_opcodes_are_counted_and_ordered_by_frequency() -> None:
    counts = opcode_counts(RUN[8].body)
    heat = opcode_heat([(number, each.body) for number, each in enumerate(RUN, 1)])

    assert sum(counts.values()) == len(RUN[8].header["opcodes"])
    assert heat[0][0] == max(heat, key=lambda row: sum(row[1]))[0]
    assert all(row[1][8] == counts[row[0]] for row in heat)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Module load failed: wasm3 parse: out of order Wasm section", "load"),
        ("Instance lost during boot", "load"),
        ("wasm3 call 'run': [trap] unreachable", "trap"),
        ("unreachable executed", "trap"),
        ("Kernel Panic: anything", "panic"),
        ("WASM log out of bounds", "bounds"),
        ("Output checksum mismatch (Self-Replication Failed)", "verify"),
        ("coffee spilled", "other"),
    ],
)
def test_failures_fall_into_classes(reason: str, expected: str) -> None:
    assert class_of(reason) == expected


def test_a_sticky_trap_goes_back_to_its_failure() -> None:
    assert trap_origin(RUN[3].body) is None
    origin = trap_origin(RUN[8].body)
    assert origin is not None
    assert origin == failures(RUN[8].body)[-1]
    assert (origin.generation, origin.kind) == (5, "trap")


def test_a_generation_diff_shows_the_inserted_run_and_its_explanation() -> None:
    found = generation_diff(RUN[0].body, RUN[1].body)

    assert found.is_explained is True
    assert found.mutation.startswith("Appended [")
    assert [hunk.change for hunk in found.hunks] == ["same", "inserted"]
    assert found.first_byte is not None


def test_a_diff_across_a_repair_is_not_judged() -> None:
    assert generation_diff(RUN[4].body, RUN[5].body).is_explained is None


def test_an_unexplained_change_says_so() -> None:
    other = kernel([*REPORTS[1].instructions, b"\x01"])
    changed = replace(RUN[1].body, kernel=other, instructions=(*REPORTS[1].instructions, b"\x01"))

    assert generation_diff(RUN[0].body, changed).is_explained is False


def test_hunks_cover_both_codes() -> None:
    before, after = [b"\x01", b"\x1a", b"\x0b"], [b"\x01", b"\x6a", b"\x0b"]

    assert list(hunks(before, after)) == [
        Hunk("same", 0, 0, (b"\x01",)),
        Hunk("removed", 1, 1, (b"\x1a",)),
        Hunk("inserted", 2, 1, (b"\x6a",)),
        Hunk("same", 2, 2, (b"\x0b",)),
    ]
    assert list(hunks([], [])) == []
    assert described(b"\x41\x07") == "i32.const 0x07"


def kernel_file(data: bytes) -> Document:
    return formats.load(Blob("run/kernel_4.b64", data, len(data), 0, hashlib.sha256(data).hexdigest()))


def test_five_tellings_agree_or_name_the_first_byte() -> None:
    stored = RUN[3].body.kernel.text.encode()
    clean = tellings(RUN[3].body, kernel_file(stored + b"\n"))
    data = TEXTS[3].replace(b"0x0020  02", b"0x0020  03").replace(b"400 | 0x", b"400 | 0x9")
    opcodes = data.index(b"OPCODE SEQUENCE:") + 98
    departing = tellings(document(4, data[:opcodes] + b"65 " + data[opcodes + 3 :]).body, kernel_file(b"AGFz"))

    assert [telling.agrees for telling in clean] == [True] * 5
    assert [telling.agrees for telling in departing] == [True, False, False, False, False]
    assert departing[1].first_byte == 0x20
    assert (departing[4].first_byte, departing[4].note) == (None, "4 bytes with another digest")
    assert departing[2].note == "instruction 0"
    assert departing[3].note == "instruction 4"
    assert [telling.agrees for telling in tellings(RUN[3].body)][4] is None
