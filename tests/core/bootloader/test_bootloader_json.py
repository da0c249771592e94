"""JSON reports: the producer's own way of breaking them is read, other breaks are not repaired."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bootloader_machine import kernel, run_texts

from teleloupe import formats
from teleloupe.formats.bootloader.jsonwriter import json_of
from teleloupe.model import Blob, Document

TEXT = run_texts(8, seed=3, failing=(4,))[7]
CODE = [b"\x41\x07", b"\x1a"]
FLAT: dict[str, Any] = {
    "generation": 8,
    "kernel": kernel(CODE).text,
    "mutationsAttempted": 8,
    "mutationsApplied": 6,
    "trapCode": "wasm3 call 'run': [trap] unreachable",
    "genDurationMs": 6.944,
    "kernelSizeMin": 50,
    "kernelSizeMax": 127,
    "heuristicBlacklistCount": 1,
    "advisorEntryCount": 30,
}
VALID = json.dumps(FLAT, indent=2) + "\n"
BROKEN = VALID.replace('Count": 1,', 'Count": 1')


def load(text: str | bytes, name: str = "gen_8.txt") -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return formats.load(Blob(name, data, len(data), 0, ""))


def flat(**changes: Any) -> Document:
    return load(json.dumps({key: value for key, value in {**FLAT, **changes}.items() if value is not ...}))


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def test_the_missing_comma_is_repaired_and_named() -> None:
    document = load(BROKEN)

    assert [(issue.code, issue.message) for issue in document.issues] == [
        ("QB701", "comma missing after 'heuristicBlacklistCount'")
    ]
    assert document.header == load(VALID).header
    assert document.is_complete


def test_an_unescaped_trap_is_taken_as_it_stands() -> None:
    document = load(BROKEN.replace("[trap] unreachable", 'unknown import "env" at C:\\wasm'))

    assert codes(document) == {"QB701"}
    assert document.header["trap"] == "wasm3 call 'run': unknown import \"env\" at C:\\wasm"


def test_what_only_the_line_reader_can_read_is_repaired_even_where_no_comma_is_missing() -> None:
    assert codes(load(VALID.replace('"advisorEntryCount"', '"advisor\tEntryCount"'))) == {"QB701"}


@pytest.mark.parametrize("end", range(2, len(BROKEN) - 2, 7))
def test_a_cut_report_has_no_values(end: int) -> None:
    document = load(BROKEN[:end])

    assert codes(document) == {"QB009"}
    assert document.header == {}
    assert not document.is_complete


def test_a_prefix_that_ends_in_a_brace_is_cut_not_broken() -> None:
    canonical = json_of(load(TEXT).body).decode()

    for end in (i + 1 for i, letter in enumerate(canonical[:-3]) if letter == "}"):
        assert codes(load(canonical[:end])) == {"QB009"}, end


@pytest.mark.parametrize("text", [VALID.replace('Min":', 'Min"'), f"[{VALID}]", "[]", '{"a": 1} x}', "{1: 2}"])
def test_other_breaks_are_not_repaired(text: str) -> None:
    assert codes(load(text)) == {"QB702"}


def test_keys_are_matched_by_their_letters_and_digits() -> None:
    spelled = {
        "Final Generation": 8, "current_kernel_base64": {"base64": FLAT["kernel"], "size": 46},
        "Mutations Attempted": 8, "mutations-applied": 6, "Traps": FLAT["trapCode"], "Gen Duration": "6.944 ms",
        "Kernel Size Min/Max": "50/127", "Heuristic Blacklist Entries": 1, "Advisor Entries": 30,
    }  # fmt: skip

    document = load(json.dumps(spelled))

    assert codes(document) == {"QB202"}
    header = {name: value for name, value in document.header.items() if name != "kernel_size"}
    assert header == load(VALID).header


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"generation": "8"}, {"QB703"}),
        ({"generation": True}, {"QB703"}),
        ({"generation": -8}, {"QB102"}),
        ({"generation": ...}, {"QB101"}),
        ({"mutationsApplied": 9}, {"QB302"}),
        ({"mutationBreakdown": {"insert": 2, "delete": 0, "modify": 2, "append": 2}}, set()),
        ({"mutationBreakdown": "insert=2, delete=0, modify=2, append=2"}, set()),
        ({"mutationBreakdown": {"insert": 2}}, {"QB102"}),
        ({"mutationBreakdown": {"insert": "2"}}, {"QB703"}),
        ({"mutationBreakdown": [1, 2]}, {"QB703"}),
        ({"genDurationMs": "6.9 ms"}, set()),
        ({"genDurationMs": "soon"}, {"QB102"}),
        ({"genDurationMs": -1}, {"QB501"}),
        ({"genDurationMs": 10**400}, {"QB102"}),
        ({"genDurationMs": 1e308}, set()),
        ({"kernelSizeMin": ..., "kernelSizeMax": ..., "kernelSizeMinMax": [50, 127]}, set()),
        ({"kernelSizeMin": ..., "kernelSizeMax": ..., "kernelSizeMinMax": {"min": 50, "max": 127}}, set()),
        ({"kernelSizeMin": ..., "kernelSizeMax": ..., "kernelSizeMinMax": 60}, {"QB703"}),
        ({"kernelSizeMin": 128}, {"QB216"}),
        ({"kernelSizeMin": 2147483647, "kernelSizeMax": 0}, {"QB215"}),
        ({"kernel": "not base64!"}, {"QB201", "QB203"}),
        ({"kernel": ""}, {"QB219"}),
        ({"kernel": 5}, {"QB703"}),
        ({"kernel": {"base64": FLAT["kernel"], "size": 67}}, {"QB202"}),
        ({"kernel": {"base64": FLAT["kernel"], "size": "67"}}, {"QB703"}),
        ({"kernel": {"base64": FLAT["kernel"], "size": -67}}, {"QB102"}),
        ({"opcodeSequence": [65, 26]}, set()),
        ({"opcodeSequence": "0x41, 26"}, set()),
        ({"opcodeSequence": [65, 260]}, {"QB102", "QB210"}),
        ({"opcodeSequence": [65, 26, ""]}, {"QB102"}),
        ({"opcodeSequence": 65}, {"QB703"}),
        ({"instances": ["AGFzbQEAAAA="]}, set()),
        ({"instances": 3}, set()),
        ({"instances": ["ONE"]}, {"QB602"}),
        ({"instances": [1]}, {"QB703"}),
        ({"hexDump": [{"offset": 0, "bytes": "00", "ascii": "."}]}, {"QB206"}),
        ({"hexDump": [{"offset": 0}]}, {"QB209"}),
        ({"hexDump": 7}, {"QB703"}),
        ({"disassembly": [{"index": 0, "offset": 0, "opcode": 65, "name": "i32.const", "args": [7]}]}, {"QB212"}),
        ({"disassembly": ["000 | 0x0000 | i32.const 0x07", "001 | 0x0002 | drop"]}, set()),
        ({"disassembly": [None]}, {"QB211"}),
        ({"historyLog": "[GEN 0009] 06:00:00.000 | EXECUTE | OK | x", "trapCode": ""}, {"QB303", "QB404"}),
        ({"history": [{"generation": 0}]}, {"QB401"}),
        ({"uptime": {"ms": 3}}, {"QB704"}),
        ({"finalGeneration": 8}, {"QB103"}),
    ],
)  # fmt: skip
def test_values_are_judged_by_type_and_content(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(flat(**changes)) == expected


def test_a_repeated_key_takes_the_last_value() -> None:
    document = load(VALID.replace('"generation": 8', '"generation": 7,\n  "generation": 8'))

    assert codes(document) == {"QB103"}
    assert document.header["generation"] == 8


def test_empty_texts_and_no_duration_are_absent() -> None:
    header = flat(trapCode="", genDurationMs=0).header

    assert "trap" not in header
    assert "duration" not in header


def test_unknown_keys_are_kept() -> None:
    assert flat(uptime={"ms": 3}).header["unknown"] == {"uptime": {"ms": 3}}


def test_canonical_json_reads_as_the_text_it_was_made_of() -> None:
    text = load(TEXT)
    document = load(json_of(text.body))

    assert document.issues == ()
    assert document.header == {**text.header}
    assert list(document.records) == list(text.records)
    assert document.record_at(3) == "/history/3"
    assert text.record_at(0) == f"line {TEXT[: TEXT.index(b'[GEN')].count(10) + 1}"


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ('"offset": 16', '"offset": 17', "QB207", "/hexDump/1"),
        ('"ascii": "....host.emit..."', '"ascii": "....gost.emit..."', "QB208", "/hexDump/1"),
        ('"index": 3', '"index": 4', "QB213", "/disassembly/3"),
        ('"success": false', '"success": "no"', "QB401", "/history/8"),
        ('"action": "REPAIR"', '"action": "SPAWN"', "QB408", "/history/8"),
        ('"timestamp": "06:00:24.517"', '"timestamp": "late"', "QB401", "/history/8"),
    ],
)
def test_nested_rows_are_judged_one_by_one(old: str, new: str, code: str, at: str) -> None:
    canonical = json_of(load(TEXT).body).decode()
    assert old in canonical

    document = load(canonical.replace(old, new, 1))

    assert [(issue.code, issue.at) for issue in document.issues if issue.code == code] == [(code, at)]
