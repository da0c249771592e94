"""`teleloupe conduit`: arguments, outputs, and what an interrupted run leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from weftend_builders import laid_out, loaded, pulses, record, release

from teleloupe import cli

STORE, SNAPSHOT = "release/receipts/telemetry_conduit.json", "out/telemetry_conduit_snapshot.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    laid_out(tmp_path / "release", release(pulses(0, 100), [record(number) for number in range(30)]))
    return tmp_path


def command(root: Path, *options: str, k: int = 20) -> list[str]:
    return ["conduit", str(root / "release"), "--out", str(root / "out"), "--k", str(k), *options]


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_preview_prints_what_apply_writes_and_touches_nothing(
    root: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = contents(root)

    assert cli.main(command(root)) == 0
    previewed = capfdbinary.readouterr().out
    after_preview = contents(root)
    assert cli.main(command(root, "--apply")) == 0

    assert after_preview == before
    assert contents(root)[SNAPSHOT] == previewed
    assert set(contents(root)) - set(before) == {STORE, SNAPSHOT}
    assert {one.severity for one in loaded(previewed).issues} == {"info"}


def test_a_second_apply_leaves_the_store_and_counts_a_duplicate(root: Path) -> None:
    cli.main(command(root, "--apply"))
    first = contents(root)

    assert cli.main(command(root, "--apply")) == 0

    assert contents(root)[STORE] == first[STORE]
    assert json.loads(contents(root)[SNAPSHOT])["dropped"]["duplicateSkipped"] == 1


def test_a_refusal_names_each_problem_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = root / "release/release_manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"releaseId":"sha256:', b'"releaseId":"sha512:'))
    (root / "release/tartarus.jsonl").write_text("{}\n[1]\n")
    before = contents(root)

    assert cli.main(command(root, "--apply")) == 40

    said = capsys.readouterr().err.splitlines()
    assert said[:3] == [
        "[FIELD_INVALID]",
        "FIELD_INVALID: tartarus.jsonl /1/blockHash",
        "FIELD_INVALID: tartarus.jsonl /1/kind",
    ]
    assert said[-1] == "RELEASE_ID_MISMATCH: release_manifest.json /releaseId"
    assert "FIELD_INVALID: tartarus.jsonl /2" in said
    assert contents(root) == before


def test_at_most_32_lines_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "release/tartarus.jsonl").write_text("[]\n" * 50)

    assert cli.main(command(root)) == 40

    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 + 32
    assert said[-1] == "TELEMETRY_ISSUES_TRUNCATED: kept=31,dropped=19"


ARGUMENTS = [
    (["{release}", "--k", "5"], 1, "[INPUT_INVALID] --out <dir> is required."),
    (["{release}", "--out", "{out}"], 1, "[INPUT_INVALID] --k <minCount> is required."),
    (["--out", "{out}", "--k", "5"], 1, "usage:"),
    (["--help"], 1, "usage:"),
    ([], 1, "usage:"),
    (["", "--out", "{out}", "--k", "5"], 1, "usage:"),
    (["{release}", "--out", "--k", "5"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "", "--k", "5"], 40, "[INPUT_INVALID] --out needs a value."),
    (["{release}", "--out=", "--k", "5"], 40, "[INPUT_INVALID] --out needs a value."),
    (["{release}", "--out", "{out}", "--k", "5", "--k", "5"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "--apply", "--apply"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "0"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "-5"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "2147483648"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "٣"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "--nope"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "-x\x1b[2J"], 40, "[INPUT_INVALID] -x\\x1b[2J is not an option."),
    (["{release}", "{release}", "--out", "{out}", "--k", "5"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "--preview", "--apply"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "--ttl", "604801"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "--stream", "Other"], 40, "[INPUT_INVALID]"),
    (["{release}", "--out", "{out}", "--k", "5", "--output", "xml"], 40, "[INPUT_INVALID]"),
    (["{release}/none", "--out", "{out}", "--k", "5"], 40, "[INPUT_MISSING]"),
    (["{release}", "--out", "{release}", "--k", "5"], 40, "[TELEMETRY_CONDUIT_OUT_CONFLICTS_RELEASE_DIR]"),
    (["{release}", "--out", "{release}/o", "--k", "5"], 40, "[TELEMETRY_CONDUIT_OUT_CONFLICTS_RELEASE_DIR]"),
    (["{release}", "--out", "{root}", "--k", "5"], 40, "[TELEMETRY_CONDUIT_OUT_CONFLICTS_RELEASE_DIR]"),
    (["{release}", "--out", "{root}/link", "--k", "5"], 40, "[TELEMETRY_CONDUIT_OUT_CONFLICTS_RELEASE_DIR]"),
    (["{release}", "--out", "{root}/file", "--k", "5"], 40, "[TELEMETRY_CONDUIT_OUT_PATH_NOT_DIRECTORY]"),
    (["{release}", "--out", "{root}/file/o", "--k", "5"], 40, "[TELEMETRY_CONDUIT_OUT_PATH_NOT_DIRECTORY]"),
]


@pytest.mark.parametrize(
    ("words", "status", "said"), ARGUMENTS, ids=[" ".join(words) or "none" for words, _, _ in ARGUMENTS]
)
def test_wrong_arguments_end_as_the_specification_has_it(
    root: Path, words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "file").write_bytes(b"")
    (root / "link").symlink_to(root / "release")
    before = contents(root)
    places = {"release": root / "release", "out": root / "out", "root": root}

    found = cli.main(["conduit", *(word.format(**places) for word in words)])

    captured = capsys.readouterr()
    assert (found, captured.out) == (status, "")
    assert captured.err.startswith(said)
    assert str(root) not in captured.err
    assert contents(root) == before


def test_values_may_be_joined_to_their_option(root: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["conduit", f"--out={root / 'out'}", "--k=20", str(root / "release")]) == 0
    joined = capfdbinary.readouterr().out
    cli.main(command(root))

    assert capfdbinary.readouterr().out == joined


def test_the_summary_is_json_on_request(root: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(command(root, "--apply", "--output", "json")) == 0

    summary = json.loads(capfdbinary.readouterr().out)
    snapshot = contents(root)[SNAPSHOT]
    assert summary == {
        "schema": "teleloupe.conduit/1",
        "status": 0,
        "applied": True,
        "streamId": "telemetry.release.v0",
        "headChunkId": json.loads(snapshot)["headChunkId"],
        "chunks": 1,
        "dropped": {"ttlPruned": 0, "capPruned": 0, "kFloorSkipped": 0, "duplicateSkipped": 0},
        "reasonCodes": [],
        "snapshotDigest": loaded(snapshot).header["canonical_digest"],
    }


def test_a_refusal_is_json_on_request(root: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (root / "release/receipts/pulses.json").unlink()

    assert cli.main(command(root, "--output", "json")) == 40

    assert json.loads(capfdbinary.readouterr().out) == {
        "schema": "teleloupe.conduit/1",
        "status": 40,
        "problems": [{"code": "PULSES_MISSING", "file": "receipts/pulses.json", "path": ""}],
    }


# A run in a process of its own that ends, or whose file operation fails, at the n-th change it makes below `root`.
INTERRUPTED = """
import os, sys
from teleloupe import cli
from teleloupe.formats import weftend  # nothing is imported, and thus opened, later

root, how, last, *words = sys.argv[1:]
seen = 0

def changes(event, args):
    if event == "open":
        flags = args[2] if isinstance(args[2], int) else 0
        return str(args[0]).startswith(root) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir") and str(args[0]).startswith(root)

def hook(event, args):
    global seen
    if not changes(event, args):
        return
    seen += 1
    if seen == int(last):
        if how == "kill":
            os._exit(137)
        raise OSError(28, "no space left on device")

sys.addaudithook(hook)
status = cli.main(words)
print(seen)
sys.stdout.flush()
os._exit(status)
"""


def interrupted(root: Path, how: str, last: int) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-c", INTERRUPTED, str(root), how, str(last), *command(root, "--apply", "--quiet")]
    return subprocess.run(words, capture_output=True, check=False)


def state(root: Path) -> dict[str, bytes]:
    """What is there, stages apart: they are ignored and the next run replaces them."""
    return {name: data for name, data in contents(root).items() if not name.endswith(".stage")}


@pytest.mark.parametrize("is_first", [True, False])
def test_killed_at_any_file_operation_the_state_is_old_or_new(tmp_path: Path, is_first: bool) -> None:
    def fresh(name: str) -> Path:
        place = tmp_path / name
        laid_out(place / "release", release(pulses(0, 100)))
        if not is_first:
            cli.main(command(place, "--apply"))
            laid_out(place / "release", release(pulses(60, 100)))
        return place

    old, done = state(fresh("old")), fresh("done")
    operations = int(interrupted(done, "kill", 0).stdout)
    new = state(done)

    for last in range(1, operations + 1):
        place = fresh(str(last))
        assert interrupted(place, "kill", last).returncode == 137
        found = state(place)
        assert found.get(STORE) in (old.get(STORE), new[STORE])
        assert found.get(SNAPSHOT) in (old.get(SNAPSHOT), new[SNAPSHOT])
        if found.get(SNAPSHOT) == new[SNAPSHOT]:
            assert found[STORE] == new[STORE]
        assert cli.main(command(place, "--apply", "--quiet")) == 0
        assert state(place)[STORE] == new[STORE]
        assert contents(place).keys() == new.keys()
    assert operations >= 4


def test_a_failure_at_any_file_operation_leaves_no_stage_and_ends_with_1(tmp_path: Path) -> None:
    def fresh(name: str) -> Path:
        laid_out(tmp_path / name / "release", release(pulses(0, 100)))
        return tmp_path / name

    before, done = contents(fresh("old")), fresh("done")
    operations = int(interrupted(done, "fail", 0).stdout)
    new = contents(done)

    for last in range(1, operations + 1):
        place = fresh(str(last))
        ended = interrupted(place, "fail", last)
        is_stored = STORE in contents(place)
        assert ended.returncode == 1
        assert ended.stderr == b"[TELEMETRY_CONDUIT_FINALIZE_FAILED] no space left on device\n"
        assert contents(place) == (before | {STORE: new[STORE]} if is_stored else before)
    assert is_stored
