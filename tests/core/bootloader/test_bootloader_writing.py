"""What is written: the producer's bytes, canonical JSON, compressed reports."""

from __future__ import annotations

import json

import pytest
from bootloader_machine import START, Machine, kernel, report_of, run_texts, stamp, written
from msgspec.structs import replace

from teleloupe import formats
from teleloupe.formats.bootloader.compression import compressed
from teleloupe.formats.bootloader.jsonwriter import json_of, json_value
from teleloupe.formats.bootloader.shapes import HistoryRow, Report, Tally
from teleloupe.formats.bootloader.textwriter import text_of
from teleloupe.model import Blob
from teleloupe.packing import expand

DASHES = "-" * 80
ROW = HistoryRow(0, "06:00:00.000", "EXECUTE", ok=True, details="Verification Success")
GOLDEN = f"""\
WASM QUINE BOOTLOADER - SYSTEM HISTORY EXPORT
Generated: 2026-03-01T06:00:00.000Z
Final Generation: 1
Kernel Size: 61 bytes
Mutations Attempted: 1
Mutations Applied: 1
Mutation Breakdown: insert=1, delete=0, modify=0, append=0
Traps: unreachable
Gen Duration: 1.23457e+06 ms
Kernel Size Min/Max: 61/61
Heuristic Blacklist Entries: 2
Advisor Entries: 24
INSTANCES: 1
  ONE

CURRENT KERNEL (BASE64):
{DASHES}
AGFzbQEAAAABBgFgAn9/AAINAQRob3N0BGVtaXQAAAMCAQAFAwEAAQcIAQRib290AAEKCQEHACAAQQcaCw==
{DASHES}

OPCODE SEQUENCE:
{DASHES}
32 65 26 \n\
{DASHES}

HEX DUMP:
{DASHES}
0x0000  00 61 73 6D 01 00 00 00 01 06 01 60 02 7F 7F 00  |.asm.......`....|
0x0010  02 0D 01 04 68 6F 73 74 04 65 6D 69 74 00 00 03  |....host.emit...|
0x0020  02 01 00 05 03 01 00 01 07 08 01 04 62 6F 6F 74  |............boot|
0x0030  00 01 0A 09 01 07 00 20 00 41 07 1A 0B           |....... .A...   |
{DASHES}

DISASSEMBLY:
{DASHES}
IDX | ADDR   | OPCODE       ARGS
{DASHES}
000 | 0x0000 | local.get    0x00
100 | 0x2000 | i32.const    0x07
200 | 0x4000 | drop         \n\
{DASHES}

HISTORY LOG:
{DASHES}
[GEN 0000] 06:00:00.000 | EXECUTE    | OK   | Verification Success
{DASHES}
END OF REPORT
"""


def golden_report() -> Report:
    report = report_of([b"\x20\x00", b"\x41\x07", b"\x1a"], 1, START, [ROW], Tally().plus(ROW))
    values = {
        **report.values, "attempted": 1, "applied": 1,
        "breakdown": {"insert": 1, "delete": 0, "modify": 0, "append": 0},
        "trap": "unreachable", "duration": 1234567, "min": 61, "max": 61, "blacklist": 2, "advisor": 24,
        "instances_declared": 1,
    }  # fmt: skip
    return replace(report, values=values, instances=["ONE"])


def read(data: bytes, name: str = "gen_1.txt") -> Report:
    report: Report = formats.load(Blob(name, data, len(data), 0, "")).body
    return report


def test_text_is_laid_out_as_the_producer_prints_it() -> None:
    assert written(golden_report()).decode() == GOLDEN


def test_columns_are_written_as_they_were_meant_unless_parity_is_asked_for() -> None:
    report = read(GOLDEN.encode())

    assert text_of(report, has_parity=True).decode() == GOLDEN
    assert text_of(report).decode() == GOLDEN.replace("100 | 0x2000", "001 | 0x0002").replace(
        "200 | 0x4000", "002 | 0x0004"
    )


@pytest.mark.parametrize("seed", range(5))
def test_reading_and_writing_gives_the_same_bytes(seed: int) -> None:
    for number, data in enumerate(run_texts(40, seed, failing=(7,)), 1):
        assert text_of(read(data, f"gen_{number}.txt"), has_parity=True) == data
        assert text_of(read(data.replace(b"\n", b"\r\n")), has_parity=True) == data.replace(b"\n", b"\r\n")


def test_text_to_json_and_back_loses_nothing() -> None:
    report = read(GOLDEN.encode())

    assert text_of(read(json_of(report))) == text_of(report)


def test_canonical_json_has_its_keys_in_order_and_one_element_a_line() -> None:
    report = read(GOLDEN.encode())
    value = json_value(report)

    assert list(value) == [
        "tool", "generated", "generation", "kernelSize", "mutationsAttempted", "mutationsApplied", "mutationBreakdown",
        "trapCode", "genDurationMs", "kernelSizeMin", "kernelSizeMax", "heuristicBlacklistCount", "advisorEntryCount",
        "opcodeSequence", "instances", "kernel", "hexDump", "disassembly", "history",
    ]  # fmt: skip
    assert value["hexDump"][3] == {
        "offset": 48,
        "bytes": "00 01 0A 09 01 07 00 20 00 41 07 1A 0B",
        "ascii": "....... .A...",
    }
    assert value["disassembly"][1] == {"index": 1, "offset": 2, "opcode": 65, "name": "i32.const", "args": [7]}
    assert value["genDurationMs"] == 1234570.0
    assert json_of(report) == json.dumps(value, indent=2).encode() + b"\n"
    assert json_of(read(json_of(report))) == json_of(report)


def test_what_a_report_lacks_stays_absent_in_json() -> None:
    basic = b"".join(GOLDEN.encode().splitlines(keepends=True)[:3])

    assert list(json_value(read(basic))) == ["tool", "generated", "generation"]
    assert text_of(read(basic), has_parity=True) == basic


def test_listed_rows_that_differ_are_kept_as_listed() -> None:
    data = GOLDEN.replace("0x0020  02", "0x0020  03").encode()

    assert text_of(read(data), has_parity=True) == data
    assert json_value(read(data))["hexDump"][2]["bytes"].startswith("03 01")


def test_flat_json_of_the_producer_gets_the_sections_that_follow_from_its_kernel() -> None:
    flat = json.dumps(
        {"generation": 1, "kernel": kernel([b"\x20\x00", b"\x41\x07", b"\x1a"]).text, "mutationsAttempted": 0}
    )
    text = text_of(read(flat.encode())).decode()

    assert "Generated" not in text
    assert "HISTORY LOG" not in text
    assert GOLDEN[GOLDEN.index("HEX DUMP") : GOLDEN.index("DISASSEMBLY")] in text


def test_an_empty_code_section_is_said_in_the_table_without_a_line_break() -> None:
    report = report_of([], 0, START, [], Tally())

    data = written(report)

    assert b"No instructions available.--------" in data
    assert text_of(read(data, "gen_0.txt"), has_parity=True) == data


def test_compressed_reports_are_reproducible_and_whole() -> None:
    content = GOLDEN.encode() * 50

    assert expand(compressed(content)) == (content, "")
    assert compressed(content) == compressed(content)
    assert compressed(content)[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"


def test_the_machine_stamps_milliseconds() -> None:
    assert stamp(START) == "2026-03-01T06:00:00.000Z"
    assert next(Machine(1).run(1)).number == 1
