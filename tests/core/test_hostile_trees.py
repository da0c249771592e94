"""A directory full of what nobody should put there: every command answers, in time, and nothing of it is obeyed."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import socket
from pathlib import Path

import pytest

from teleloupe import formats
from teleloupe.cli import main
from teleloupe.workspace import Workspace

CONTROLS = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]")  # line feeds are ours
NAMES = (
    b"a\nb.json", b"esc\x1b[31mred.json", b"[bold red]x.json", b"bad\xff\xfe.json", b"tab\t.json", b"\xc2\x9b31m.json",
    b"\xe2\x80\xae rtl.json", b"<script>.json", b"%0A::error.json", b"a|b.json", b"-rf.json", b"=cmd().json",
    b"clamp_run_\x1b[2J20250101T000001Z.json", b"gen_5\x07.txt", b"telemetry_\x1bsummary.json",
)  # fmt: skip
EVIL = "\x1b[31m\x1b]0;title\x07[bold]\x7f\x9b5m<b>|\u202e\n\t"
RECORD = {
    "context": EVIL, "seed": 0, "thread_id": EVIL, "acquired_at": EVIL, "released_at": EVIL, "duration_ms": EVIL,
    "stability_score": 1.0, EVIL: EVIL, "status": EVIL,
}  # fmt: skip
CONTENTS = {
    "clamp_run_20250101T000001Z.json": {"stability_score": 1.0, "records": [RECORD], EVIL: EVIL},
    "composite_export.json": [RECORD],
    "export_manifest.json": {"artifacts": [{"path": EVIL, "sha256": EVIL}], EVIL: EVIL},
    "session.json": {"bundle_version": EVIL, "events": [RECORD | {"type": EVIL}], "score": {EVIL: EVIL}},
    "aggregate.json": {"schema": "weftend.telemetry.aggregate/0", EVIL: RECORD},
    "gen_1.json": {"generation": EVIL, "kernel_size": EVIL, "history": [RECORD], EVIL: EVIL},
}
TEXTS = {
    "gen_2.txt": f"Telemetry Report\nGeneration: {EVIL}\nStatus: {EVIL}\n",
    "feed.jsonl": json.dumps(RECORD, ensure_ascii=False) + "\n{" + EVIL,
    "composite_export.csv": f"a,{EVIL}\n{EVIL},{EVIL}\n",
    "composite_export.json.sha256": f"{'0' * 64}  {EVIL}\n",
    "timeline.csv": f'"{EVIL}",t\n"{EVIL}",1\n',
}
COMMANDS = [
    *(["check", "--output", form] for form in ("text", "json", "jsonl", "sarif", "junit", "github", "markdown")),
    ["check", "--color", "always", "--fail-on", "never"],
    ["list"],
    ["verify"],
    ["verify", "--output", "json"],
    ["stats"],
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names and contents that a terminal, a spreadsheet or a renderer would obey."""
    root = tmp_path_factory.mktemp("hostile")
    for raw_name in NAMES:
        place = os.path.join(os.fsencode(root), raw_name)
        with open(place, "wb") as file:
            file.write(json.dumps(CONTENTS["composite_export.json"], ensure_ascii=False).encode())
        with open(place + b".sha256", "wb") as file:
            file.write(b"0" * 64 + b"  " + raw_name + b"\n")
    for name, value in CONTENTS.items():
        (root / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    for name, text in TEXTS.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "utf16.json").write_bytes('{"records": []}'.encode("utf-16"))
    (root / "link\x1b[0m.json").symlink_to("/nowhere\x1b[31m")
    return root


def run(capfdbinary: pytest.CaptureFixture[bytes], *words: str | Path) -> tuple[int, bytes]:
    status = main([str(word) for word in words])
    told = capfdbinary.readouterr()
    return status, told.out + told.err


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_nothing_in_a_file_or_its_name_reaches_the_output_as_a_command(
    capfdbinary: pytest.CaptureFixture[bytes], tree: Path, words: list[str]
) -> None:
    status, told = run(capfdbinary, *words, tree)

    ours = re.sub(rb"\x1b\[(?:31|33|36|0)m(?=[a-z :-])", b"", told) if "--color" in words else told
    assert status in (0, 1)
    assert [ours[max(0, at.start() - 40) : at.end() + 20] for at in CONTROLS.finditer(ours)][:3] == []


@pytest.mark.parametrize("words", [["show"], ["show", "--output", "json"], ["show", "--record", "1"], ["check"]])
def test_nothing_in_a_file_that_is_named_reaches_the_output_as_a_command(
    capfdbinary: pytest.CaptureFixture[bytes], tree: Path, words: list[str]
) -> None:
    for file in sorted(tree.iterdir()):
        status, told = run(capfdbinary, *words[:1], "--", file) if len(words) == 1 else run(capfdbinary, *words, file)
        assert status in (0, 1, 2, 3)
        assert (file, CONTROLS.search(told)) == (file, None)


def test_views_and_differences_of_hostile_files_are_harmless(
    capfdbinary: pytest.CaptureFixture[bytes], tree: Path
) -> None:
    views = sorted({view.id for form in formats.all_formats() for view in form.views})
    told = b"".join(run(capfdbinary, "show", tree, "--view", view)[1] for view in views)
    files = sorted(path for path in tree.iterdir() if path.is_file())
    for one, other in itertools.pairwise(files):
        told += run(capfdbinary, "diff", "--", one, other)[1]
        told += run(capfdbinary, "diff", "--lines", "--", one, other)[1]

    assert CONTROLS.search(told) is None


def test_workflow_commands_cannot_be_forged(capfdbinary: pytest.CaptureFixture[bytes], tree: Path) -> None:
    told = run(capfdbinary, "check", "--output", "github", tree)[1]

    assert told
    assert all(re.match(rb"::(error|warning|notice) file=", line) for line in told.splitlines())


def test_what_is_no_file_is_listed_with_a_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.json")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket.json"))
    (tmp_path / "device.json").symlink_to("/dev/zero")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "round").symlink_to(".")
    (tmp_path / "out").symlink_to("/")

    snapshot = Workspace(str(tmp_path)).refresh()

    listed = {path: [issue.rule for issue in snapshot.issues_of(path)] for path in snapshot.documents}
    assert list(listed) == ["device.json", "fifo.json", "one", "out", "socket.json", "two"]
    assert all(rules == [formats.UNREADABLE] for rules in listed.values())


@pytest.mark.parametrize("form", [None, *formats.NAMES])
@pytest.mark.parametrize(
    "content",
    [
        b"[" * 2000 + b"]" * 2000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'[{"a":' * 1000 + b"1" + b"}]" * 1000,
        b"[" * 100_000,
        b'{"records":[' + b'{"a":' * 2000,
        b'{"events":' + b"[" * 2000 + b"]" * 2000 + b"}",
        b'"' + b"a" * 300_000 + b'"',
        b"a" * 300_000,
        b'{"a":1' + b',"a":1' * 20_000 + b"}",
        b"[" + b"NaN," * 20_000 + b"NaN]",
        b"{}\n" * 20_000,
        b"\n" * 100_000,
        b"\r" * 100_000,
        b"9" * 100_000,
        b"1e" + b"9" * 100_000,
        b'"' + b"\\" * 100_000,
        b"\xff\xfe" + '{"records":[]}'.encode("utf-16-le"),
        b"\x00" * 100_000,
        gzip.compress(b'{"records":[' * 10_000),
        b"",
    ],
    ids=lambda content: f"{content[:12]!r}x{len(content)}" if isinstance(content, bytes) else "",
)
def test_any_format_answers_to_content_made_to_hurt(content: bytes, form: str | None, tmp_path: Path) -> None:
    for name in ("x.json", "x.jsonl", "x.csv", "x.txt", "x.sha256"):
        (tmp_path / name).write_bytes(content)

    snapshot = Workspace(str(tmp_path), form).refresh()

    assert len(snapshot.documents) >= 5
    assert formats.CRASHED not in {issue.rule for _, issue in snapshot.issues()}
    assert max(len(document.issues) for document in snapshot.documents.values()) <= 10_100
