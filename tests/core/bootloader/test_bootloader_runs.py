"""Reports of one directory: gaps, twins, lineage and kernel files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from bootloader_machine import Machine, kernel, run_texts, written
from msgspec.structs import replace

from teleloupe import formats
from teleloupe.formats.bootloader.compression import compressed
from teleloupe.formats.bootloader.jsonwriter import json_of
from teleloupe.formats.bootloader.runs import relate
from teleloupe.model import Blob, Document
from teleloupe.workspace import Workspace

FILES = {f"gen_{number}.txt": data for number, data in enumerate(run_texts(9, seed=7, failing=(5,)), 1)}
REPORTS = list(Machine(7, (5,)).run(9))


def related(
    files: Mapping[str, bytes], folder: str = "run/", clock: Mapping[str, int] | None = None
) -> set[tuple[str, str]]:
    """Path and code of every issue found across files, without the one of every healthy run."""
    documents: dict[str, Document] = {}
    for name, data in files.items():
        stored = hashlib.sha256(data).hexdigest()
        blob = Blob(f"{folder}{name}", data, len(data), (clock or {}).get(name, 0), stored)
        documents[blob.path] = formats.load(blob)
    found = relate(documents)
    return {(path, issue.code) for path, issues in found.items() for issue in issues if issue.code != "QB502"}


def kernel_text(number: int) -> bytes:
    """What the kernel file of a generation holds."""
    kernel_of = REPORTS[number - 1].kernel
    assert kernel_of is not None
    return kernel_of.text.encode()


def with_report(number: int, **changes: object) -> dict[str, bytes]:
    """The run with one report written anew from changed values."""
    report = REPORTS[number - 1]
    return {**FILES, f"gen_{number}.txt": written(replace(report, values={**report.values, **changes}))}


def test_a_healthy_run_shows_that_durations_are_seconds_and_no_more() -> None:
    documents = {name: formats.load(Blob(name, data, len(data), 0, "")) for name, data in FILES.items()}

    found = relate(documents)

    assert [(path, [issue.code for issue in issues]) for path, issues in found.items()] == [(".", ["QB502"])]


def test_missing_generations_are_a_gap() -> None:
    files = {name: data for name, data in FILES.items() if name not in ("gen_3.txt", "gen_4.txt", "gen_7.txt")}
    documents = {name: formats.load(Blob(name, data, len(data), 0, "")) for name, data in files.items()}

    (issue,) = [issue for issue in relate(documents)["."] if issue.code == "QB801"]

    assert (issue.message, issue.count, issue.at) == ("missing: 3 to 4, 7", 3, "generation 3")


def test_of_plain_and_compressed_the_newer_is_used() -> None:
    files = {**FILES, "gen_4.txt.gz": FILES["gen_4.txt"]}

    assert related(files, clock={"gen_4.txt": 5}) == {("run/gen_4.txt.gz", "QB010")}
    assert related(files, clock={"gen_4.txt.gz": 5}) == {("run/gen_4.txt", "QB010")}


def test_two_names_of_one_generation_are_twice() -> None:
    assert related({**FILES, "gen_04.txt": FILES["gen_4.txt"]}) == {("run", "QB802")}


def test_both_forms_under_a_second_name_are_told_beside_it() -> None:
    files = {**FILES, "gen_04.txt": FILES["gen_4.txt"], "gen_04.txt.gz": FILES["gen_4.txt"]}

    assert related(files) == {("run", "QB802"), ("run/gen_04.txt.gz", "QB010")}


def test_text_and_json_are_mixed_forms() -> None:
    document = formats.load(Blob("gen_4.txt", FILES["gen_4.txt"], 0, 0, ""))

    assert related({**FILES, "gen_4.txt": json_of(document.body)}) == {("run", "QB803")}


def test_a_history_must_begin_with_the_preceding_one() -> None:
    data = FILES["gen_4.txt"].replace(b"Verification Success", b"Verification succeeded", 1)

    assert related({**FILES, "gen_4.txt": data}) == {("run", "QB804")}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"attempted": 2, "applied": 2, "breakdown": None}, "QB805"),
        ({"generated": "2026-02-28T06:00:00.000Z"}, "QB806"),
        ({"min": 70, "max": 200}, "QB807"),
    ],
)
def test_what_only_grows_must_not_shrink(changes: dict[str, object], code: str) -> None:
    assert ("run", code) in related(with_report(4, **changes))


def test_a_name_without_a_number_has_no_generation_to_be_judged_by() -> None:
    assert related({**FILES, "gen_final.txt": FILES["gen_4.txt"], "notes.md": b"x"}) == {("run", "QB808")}


def test_a_kernel_that_no_row_explains_breaks_the_lineage() -> None:
    other = kernel([*REPORTS[2].instructions, b"\x01"])
    report = replace(REPORTS[2], kernel=other, instructions=(*REPORTS[2].instructions, b"\x01"))

    assert related({**FILES, "gen_3.txt": written(report)}) == {("run", "QB809")}


def test_a_repair_in_between_leaves_the_lineage_unjudged() -> None:
    other = kernel([*REPORTS[4].instructions, b"\x01"])
    report = replace(REPORTS[4], kernel=other, instructions=(*REPORTS[4].instructions, b"\x01"))

    assert {code for _, code in related({**FILES, "gen_5.txt": written(report)})} == {"QB809"}
    assert related({"gen_5.txt": written(report), "gen_6.txt": FILES["gen_6.txt"]}) == set()


def test_a_report_under_the_name_of_an_earlier_one_is_judged_as_that_generation() -> None:
    repaired = FILES["gen_6.txt"]

    assert related({"gen_2.txt": FILES["gen_2.txt"], "gen_3.txt": repaired}) == {("run", "QB809")}


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_kernel_file_must_hold_the_payload(end: bytes) -> None:
    own, other = (kernel_text(number) for number in (4, 3))

    assert related({**FILES, "kernel_4.b64": own + end}) == set()
    assert related({**FILES, "kernel_4.b64": other + end}) == {("run/gen_4.txt", "QB217")}
    assert related({**FILES, "kernel_4.b64": b""}) == set()


def test_a_kernel_file_agrees_with_a_payload_whose_base64_is_not_canonical() -> None:
    own = kernel_text(4)
    spoilt = FILES["gen_4.txt"].replace(own, own[:6] + b"*" + own[6:])

    assert spoilt != FILES["gen_4.txt"]
    assert related({**FILES, "gen_4.txt": spoilt, "kernel_4.b64": own}) == set()


def test_three_lines_beside_a_kernel_file_are_not_level_basic() -> None:
    basic = b"".join(FILES["gen_4.txt"].splitlines(keepends=True)[:3])
    own = kernel_text(4)

    assert related({"gen_4.txt": basic}) == set()
    assert related({"gen_4.txt": basic, "kernel_4.b64": own}) == {("run/gen_4.txt", "QB009")}


def test_exports_at_the_press_of_a_button_are_no_run() -> None:
    files = {f"quine_telemetry_gen{number}.txt": FILES[f"gen_{number}.txt"] for number in (1, 5, 9)}

    assert related(files) == set()


def test_two_runs_are_judged_apart() -> None:
    documents = {}
    for folder, numbers in (("a", (1, 2)), ("b/c", (4, 6))):
        for number in numbers:
            data = FILES[f"gen_{number}.txt"]
            path = f"{folder}/gen_{number}.txt"
            documents[path] = formats.load(Blob(path, data, len(data), 0, ""))

    found = relate(documents)

    assert {path: {issue.code for issue in issues} for path, issues in found.items()} == {
        "a": {"QB502"},
        "b/c": {"QB801", "QB502"},
    }


def test_a_workspace_follows_a_run_that_is_repaired_and_compressed(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    workspace = Workspace(str(tmp_path))
    before = workspace.refresh()

    (tmp_path / "gen_9.txt.gz").write_bytes(compressed(FILES["gen_9.txt"]))
    (tmp_path / "gen_9.txt").unlink()
    after = workspace.refresh()

    assert before.documents["gen_3.txt"].issues == ()
    assert after.documents["gen_9.txt.gz"].header == before.documents["gen_9.txt"].header
    assert {issue.code for _, issue in after.issues()} == {"QB502"}


def test_claims_hold_for_a_clean_report_and_name_what_departs(tmp_path: Path) -> None:
    data = FILES["gen_4.txt"].replace(b"Kernel Size: ", b"Kernel Size: 9").replace(b"0x0020  02", b"0x0020  03")
    (tmp_path / "gen_4.txt").write_bytes(data)
    (tmp_path / "gen_5.txt").write_bytes(FILES["gen_5.txt"])
    (tmp_path / "kernel_5.b64").write_bytes(kernel_text(5))

    verdicts = Workspace(str(tmp_path)).refresh().verdicts

    found = sorted((verdict.claim.claimant, verdict.claim.kind, verdict.word) for verdict in verdicts)
    assert found == [
        ("gen_4.txt", "embedded", "mismatch"), ("gen_4.txt", "embedded", "ok"), ("gen_4.txt", "size", "mismatch"),
        ("gen_5.txt", "embedded", "ok"), ("gen_5.txt", "embedded", "ok"), ("gen_5.txt", "kernel-file", "ok"),
        ("gen_5.txt", "size", "ok"),
    ]  # fmt: skip


def test_a_dump_with_a_row_that_cannot_be_read_claims_nothing(tmp_path: Path) -> None:
    (tmp_path / "gen_4.txt").write_bytes(FILES["gen_4.txt"].replace(b"0x0020  02", b"row 2   02"))

    verdicts = Workspace(str(tmp_path)).refresh().verdicts

    assert sorted(verdict.word for verdict in verdicts) == ["ok", "ok", "unreadable-claim"]


def test_a_json_run_is_related_too() -> None:
    flat = {"generation": 1, "kernel": kernel([b"\x01"]).text, "mutationsAttempted": 4, "mutationsApplied": 4}
    later = {**flat, "generation": 2, "mutationsAttempted": 3, "mutationsApplied": 3}

    files = {f"gen_{each['generation']}.txt": json.dumps(each).encode() for each in (flat, later)}

    assert related(files) == {("run", "QB805")}
